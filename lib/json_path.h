/* Paths to values of a document, as pk-get takes them.
 *
 * A path is a list of steps joined by dots. A step is a key of an object or, in decimal,
 * the index of an array's element, counted from 0; `*` goes to every element of an array
 * or value of an object in turn; `#`, as the last step only, is how many of them there
 * are. A backslash takes from the character behind it any meaning. "." alone is the whole
 * document. A `?` at the end of the path lets what it leads to be absent.
 */
#ifndef JSON_PATH_H
#define JSON_PATH_H

#include <stdbool.h>
#include <stddef.h>

#include "buffer.h"
#include "json.h"
#include "report.h"

struct json_step {
	enum { STEP_KEY, STEP_EACH, STEP_COUNT } kind;
	char *key; /* of a STEP_KEY */
};

struct json_path {
	struct json_step *steps;
	size_t count;
	bool optional;
};

/* Parses a path, to be freed. Returns false with a reason when it is none; *path needs no
 * json_path_free then. */
bool json_path_parse(struct json_path *path, const char *text, struct reason *why);
void json_path_free(struct json_path *path);

/* Appends the values that the path leads to, each with the byte `end` behind it: strings
 * decoded, other scalars as they stand, containers as canonical JSON. Of an optional
 * path, what is absent or null is an empty value, has no elements for `*` to go to, and 0
 * for `#` to count.
 *
 * Returns false with a reason that names the value when there is none, when `*` or `#`
 * are asked of a scalar, and when a string holds what would not come through: a NUL, or
 * where the end is no NUL, any control character. */
bool json_path_put(struct buffer *out, const struct json *json,
		   const struct json_path *path, char end, struct reason *why);

#endif
