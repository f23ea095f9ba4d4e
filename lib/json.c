/* Not jsmn's strict mode: json_check is stricter than that, and it would want something
 * behind a number that is all of the text. */
#define JSMN_STATIC
#define JSMN_PARENT_LINKS
#include <jsmn.h>

#include "json.h"

#include <stdlib.h>
#include <string.h>

#include "json_check.h"
#include "json_text.h"

/* A name in an object, as it stands between its quotes. */
struct name {
	const char *text;
	size_t length;
};

static int compare_names(const void *a, const void *b)
{
	const struct name *left = a, *right = b;

	return json_text_compare(left->text, left->length, right->text, right->length);
}

static struct name take_name(const struct json *json, json_value value)
{
	struct name name;

	name.text = json_raw(json, value, &name.length);
	return name;
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
		names[filled++] = take_name(json, name);
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
	size_t length;
	char *decoded;
	bool same;

	if (value == JSON_NONE || json_type(json, value) != JSON_STRING)
		return false;
	decoded = json_string(json, value, &length);
	same = length == strlen(text) && memcmp(decoded, text, length) == 0;
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
		size_t count = json_text_decode(&at, bytes);
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
