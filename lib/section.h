/* Sections of a farm's configuration, checked and completed in one go: each function
 * looks at one key, reports what is wrong with its value, and writes the key with that
 * value, or with the one that it has when it is not given. What was written is for use
 * only when there was no error. */
#ifndef SECTION_H
#define SECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "buffer.h"
#include "json.h"
#include "name_set.h"
#include "report.h"

struct section {
	const struct json *json;
	json_value table;  /* a table, or JSON_NONE: the section is not given */
	const char *where; /* what messages call it */
	struct findings *found;
	struct buffer *out;
};

/* What of a text is wrong. */
typedef bool section_check(const char *text, struct reason *why);

/* Reports every key that is none of known, a list that ends with a null pointer. */
void section_check_keys(const struct section *section, const char *const *known);

/* Appends `"key":`, behind a comma where one is due, for the caller to append a value. */
void section_put_key(struct buffer *out, const char *key);

/* Appends a comma where one is due, for the caller to append an array's element. */
void section_put_element(struct buffer *out);

/* The text of a key, to be freed; null when it is absent, and when it is no string or
 * holds a character that is not printable, which is reported. Nothing is written. */
char *section_take_text(const struct section *section, const char *key);

/* As section_take_text, but an absent one is reported too. */
char *section_take_required_text(const struct section *section, const char *key);

/* Whether a key is there, and neither null nor "". */
bool section_has(const struct section *section, const char *key);

/* Writes a text that was taken; null is "". */
void section_put_text(const struct section *section, const char *key, const char *text);

/* A text that is "" when not given. What check, which may be null, says of it is
 * reported.
 */
void section_text(const struct section *section, const char *key, section_check *check);

/* A text that has to be given. */
void section_required_text(const struct section *section, const char *key);

/* One of the choices, a list that ends with a null pointer. The first is what holds when
 * none is given. Returns the one that was written. */
const char *section_choice(const struct section *section, const char *key,
			   const char *const *choices);

/* An integer from least to most. */
void section_number(const struct section *section, const char *key, int64_t absent,
		    int64_t least, int64_t most);

/* A duration that is least at least, in the notation of lib/duration as absent is, which
 * is null for one that has to be given. Returns what was written: whole seconds, rounded
 * up. */
int64_t section_duration(const struct section *section, const char *key,
			 const char *absent, const char *least);

/* A flag, false when not given. */
void section_flag(const struct section *section, const char *key);

/* Handles one element of an array of tables. */
typedef void element_function(const struct section *element, struct name_set *names);

/* Has each element of an array of tables handled in turn, as a section that messages call
 * what and its text in key, or its number where it has none. Reports what is no array of
 * tables; one that is not given has no elements. handle gets the same set for all of
 * them; out and found are those of *element. */
void section_each(const struct section *element, const char *array, const char *what,
		  const char *key, element_function *handle);

/* As section_take_required_text, of the text that tells an element from the others: one
 * that is in names already is reported, any other is added to it. */
char *section_take_name(const struct section *element, const char *key,
			struct name_set *names);

#endif
