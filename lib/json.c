/* Not jsmn's strict mode: json_check is stricter than that, and it would want something
 * behind a number that is all of the text. */
#define JSMN_STATIC
#define JSMN_PARENT_LINKS
#include <jsmn.h>

#include "json.h"

#include <stdlib.h>
#include <string.h>

#include "json_check.h"
#include "utf8.h"

static uint32_t code_unit(const char *digits)
{
	uint32_t unit = 0;

	for (int i = 0; i < 4; i++) {
		char digit = digits[i];
		unit = unit << 4 | (uint32_t)(digit <= '9'   ? digit - '0'
					      : digit <= 'F' ? digit - 'A' + 10
							     : digit - 'a' + 10);
	}
	return unit;
}

/* Decodes the character or escape at *at, of a string that json_check let through, to
 * UTF-8; moves *at behind it and returns its bytes. */
static size_t decode_character(const char **at, char out[4])
{
	static const char names[] = "bfnrt", controls[] = "\b\f\n\r\t";
	const char *p = *at;
	const char *name;
	uint32_t code_point;

	*at = p + 1;
	out[0] = *p;
	if (*p != '\\')
		return 1;
	*at = p + 2;
	out[0] = p[1];
	name = strchr(names, p[1]);
	if (name != NULL)
		out[0] = controls[name - names];
	if (p[1] != 'u')
		return 1;
	*at = p + 6;
	code_point = code_unit(p + 2);
	if (code_point >= 0xD800 && code_point <= 0xDFFF) {
		*at = p + 12;
		code_point = 0x10000 + ((code_point - 0xD800) << 10) + code_unit(p + 8) -
			     0xDC00;
	}
	return utf8_encode(code_point, out);
}

/* A name in an object, as it stands between its quotes. */
struct name {
	const char *text;
	size_t length;
};

static int compare_bytes(const char *a, size_t a_length, const char *b, size_t b_length)
{
	int order = memcmp(a, b, a_length < b_length ? a_length : b_length);

	return order != 0 ? order : (a_length > b_length) - (a_length < b_length);
}

static int compare_decoded(const struct name *a, const struct name *b)
{
	const char *a_at = a->text, *b_at = b->text;
	const char *a_end = a_at + a->length, *b_end = b_at + b->length;
	char a_out[4], b_out[4];

	while (a_at < a_end && b_at < b_end) {
		size_t a_bytes = decode_character(&a_at, a_out);
		size_t b_bytes = decode_character(&b_at, b_out);
		int order;

		/* An escape gives a whole character, plain text its first byte. */
		while (a_bytes < b_bytes && a_at < a_end)
			a_out[a_bytes++] = *a_at++;
		while (b_bytes < a_bytes && b_at < b_end)
			b_out[b_bytes++] = *b_at++;
		order = compare_bytes(a_out, a_bytes, b_out, b_bytes);
		if (order != 0)
			return order;
	}
	return (a_at < a_end) - (b_at < b_end);
}

static int compare_names(const void *a, const void *b)
{
	const struct name *left = a, *right = b;

	if (memchr(left->text, '\\', left->length) == NULL &&
	    memchr(right->text, '\\', right->length) == NULL)
		return compare_bytes(left->text, left->length, right->text,
				     right->length);
	return compare_decoded(left, right);
}

static bool check_names(const struct json *json, json_value object, struct reason *why)
{
	size_t count = json_size(json, object), filled = 0;
	struct name *names;
	bool unique = true;

	if (count < 2)
		return true;
	names = allocate(count, sizeof *names);
	for (json_value name = json_first(json, object); name != JSON_NONE;
	     name = json_next(json, object, name))
		names[filled].text = json_raw(json, name, &names[filled].length),
		filled++;
	qsort(names, filled, sizeof *names, compare_names);
	for (size_t i = 1; i < filled && unique; i++)
		if (compare_names(&names[i - 1], &names[i]) == 0)
			unique = refuse(
				why, "key '%.*s' twice in one object [§1.3]",
				(int)(names[i].length < 200 ? names[i].length : 200),
				names[i].text);
	free(names);
	return unique;
}

bool json_parse(struct json *json, const char *text, size_t length, struct reason *why)
{
	jsmn_parser parser;
	int count;

	*json = (struct json){.text = text, .length = length};
	if (length >= 1 << 30)
		return refuse(why, "a document of %zu bytes", length);
	if (!json_check(text, length, why))
		return false;
	jsmn_init(&parser);
	count = jsmn_parse(&parser, text, length, NULL, 0);
	if (count <= 0)
		return refuse(why, "not JSON [§1.3]");
	json->tokens = allocate((size_t)count, sizeof *json->tokens);
	jsmn_init(&parser);
	json->count = jsmn_parse(&parser, text, length, json->tokens, (unsigned)count);
	for (json_value value = 0; value < json->count; value++)
		if (json->tokens[value].type == JSMN_OBJECT &&
		    !check_names(json, value, why)) {
			json_free(json);
			return false;
		}
	return true;
}

void json_free(struct json *json)
{
	free(json->tokens);
	json->tokens = NULL;
	json->count = 0;
}

enum json_type json_type(const struct json *json, json_value value)
{
	const jsmntok_t *token = &json->tokens[value];

	if (token->type == JSMN_OBJECT)
		return JSON_OBJECT;
	if (token->type == JSMN_ARRAY)
		return JSON_ARRAY;
	if (token->type == JSMN_STRING)
		return JSON_STRING;
	switch (json->text[token->start]) {
	case 't':
		return JSON_TRUE;
	case 'f':
		return JSON_FALSE;
	case 'n':
		return JSON_NULL;
	default:
		return JSON_NUMBER;
	}
}

static json_value behind(const struct json *json, json_value value)
{
	int end = json->tokens[value].end;

	for (value++; value < json->count && json->tokens[value].start < end; value++)
		continue;
	return value;
}

static json_value if_inside(const struct json *json, json_value container,
			    json_value value)
{
	bool inside = value < json->count &&
		      json->tokens[value].start < json->tokens[container].end;

	return inside ? value : JSON_NONE;
}

json_value json_first(const struct json *json, json_value container)
{
	return if_inside(json, container, container + 1);
}

json_value json_next(const struct json *json, json_value container, json_value value)
{
	if (json->tokens[container].type == JSMN_OBJECT)
		value++;
	return if_inside(json, container, behind(json, value));
}

size_t json_size(const struct json *json, json_value container)
{
	return (size_t)json->tokens[container].size;
}

json_value json_member(const struct json *json, json_value object, const char *name)
{
	if (object == JSON_NONE || json_type(json, object) != JSON_OBJECT)
		return JSON_NONE;
	for (json_value at = json_first(json, object); at != JSON_NONE;
	     at = json_next(json, object, at))
		if (json_equals(json, at, name))
			return at + 1;
	return JSON_NONE;
}

bool json_equals(const struct json *json, json_value value, const char *text)
{
	struct name name, wanted = {text, strlen(text)};
	bool same;
	char *decoded;

	if (value == JSON_NONE || json_type(json, value) != JSON_STRING)
		return false;
	name.text = json_raw(json, value, &name.length);
	if (memchr(name.text, '\\', name.length) == NULL)
		return compare_bytes(name.text, name.length, wanted.text,
				     wanted.length) == 0;
	decoded = json_string(json, value, &name.length);
	same = compare_bytes(decoded, name.length, wanted.text, wanted.length) == 0;
	free(decoded);
	return same;
}

char *json_string(const struct json *json, json_value value, size_t *length)
{
	size_t raw_length, used = 0;
	const char *at = json_raw(json, value, &raw_length);
	const char *end = at + raw_length;
	char *out = allocate(raw_length + 1, 1); /* no escape grows when decoded */

	while (at < end) {
		char bytes[4];
		size_t count = decode_character(&at, bytes);
		memcpy(out + used, bytes, count);
		used += count;
	}
	out[used] = '\0';
	if (length != NULL)
		*length = used;
	return out;
}

bool json_unsigned(const struct json *json, json_value value, int64_t *number)
{
	size_t length;
	const char *digits = json_raw(json, value, &length);
	int64_t result = 0;

	if (json_type(json, value) != JSON_NUMBER)
		return false;
	for (size_t i = 0; i < length; i++) {
		int digit = digits[i] - '0';
		if (digit < 0 || digit > 9 || result > (INT64_MAX - digit) / 10)
			return false;
		result = 10 * result + digit;
	}
	*number = result;
	return true;
}

const char *json_raw(const struct json *json, json_value value, size_t *length)
{
	const jsmntok_t *token = &json->tokens[value];

	*length = (size_t)(token->end - token->start);
	return json->text + token->start;
}
