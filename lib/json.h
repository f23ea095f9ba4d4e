/* JSON as §1.3 has it: RFC 8259 in UTF-8 without a byte order mark; no key twice in an
 * object, at most 64 levels, no lone surrogates, nothing behind the value. jsmn finds the
 * tokens; everything that it lets through and RFC 8259 does not is refused here. */
#ifndef JSON_H
#define JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifndef JSMN_H /* json_parse.c includes it whole */
#define JSMN_HEADER
#define JSMN_PARENT_LINKS
#include <jsmn.h>
#endif

#include "buffer.h"
#include "report.h"

/* The deepest nesting allowed; the outermost container is level 1. And how many values a
 * text may hold, names counted: five times what the fullest files.json has (§3.2.7), in
 * 80 MiB of tokens. A package of 6 KB can hold eight times as many. */
enum { JSON_DEPTH = 64, JSON_VALUES_MOST = 4 * 1024 * 1024 };

enum json_type {
	JSON_OBJECT,
	JSON_ARRAY,
	JSON_STRING,
	JSON_NUMBER,
	JSON_TRUE,
	JSON_FALSE,
	JSON_NULL,
};

/* A value in a parsed text, by the number of its token. The root is 0. */
typedef int json_value;
enum { JSON_NONE = -1 };

/* A parsed text. It borrows the text, which has to outlive it. */
struct json {
	const char *text;
	size_t length;
	jsmntok_t *tokens;
	int count;
	bool has_escapes; /* a string of it may not be what its bytes are */
};

/* Parses text[0..length), one value with white space around it. On failure *json needs no
 * json_free; texts of 1 GiB and more, or more than JSON_VALUES_MOST values, are refused.
 */
bool json_parse(struct json *json, const char *text, size_t length, struct reason *why);
void json_free(struct json *json);

/* As json_parse, of a text below 1 GiB that json_check let through. */
bool json_parse_checked(struct json *json, const char *text, size_t length,
			struct reason *why);

enum json_type json_type(const struct json *json, json_value value);

/* The member of that name of an object, or JSON_NONE; JSON_NONE too if it is no object.
 */
json_value json_member(const struct json *json, json_value object, const char *name);

/* The elements of an array, or the names of an object's members (a member's value is its
 * name + 1): the first, and the one behind `value`; JSON_NONE when there is none. */
json_value json_first(const struct json *json, json_value container);
json_value json_next(const struct json *json, json_value container, json_value value);

/* How many elements or members. */
size_t json_size(const struct json *json, json_value container);

/* Whether value is a string, and exactly this text. */
bool json_equals(const struct json *json, json_value value, const char *text);

/* The decoded bytes of a string, with a NUL behind; to be freed. *length may be null when
 * the text is known to hold no U+0000. */
char *json_string(const struct json *json, json_value value, size_t *length);

/* Whether value is a plain integer from 0 to 2^63-1 (no sign, exponent, fraction). */
bool json_unsigned(const struct json *json, json_value value, int64_t *number);

/* The bytes of a value as they stand in the text. */
const char *json_raw(const struct json *json, json_value value, size_t *length);

/* Appends text as a JSON string in the canonical form of §1.3, quotes included. */
void json_put_string(struct buffer *out, const char *text, size_t length);
void json_put_text(struct buffer *out, const char *text);

/* Appends a value in canonical form: no white space, canonical escapes, members and
 * numbers as they stand. */
void json_put_value(struct buffer *out, const struct json *json, json_value value);

#endif
