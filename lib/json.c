#include "json.h"

#include <stdlib.h>
#include <string.h>

#include "json_text.h"

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

static bool is_member(const struct json *json, json_value at, const char *name,
		      size_t length)
{
	const jsmntok_t *token = &json->tokens[at];

	if (json->has_escapes)
		return json_equals(json, at, name);
	return (size_t)(token->end - token->start) == length &&
	       memcmp(json->text + token->start, name, length) == 0;
}

json_value json_member(const struct json *json, json_value object, const char *name)
{
	size_t length = strlen(name);

	if (object == JSON_NONE || json_type(json, object) != JSON_OBJECT)
		return JSON_NONE;
	for (json_value at = json_first(json, object); at != JSON_NONE;
	     at = json_next(json, object, at))
		if (is_member(json, at, name, length))
			return at + 1;
	return JSON_NONE;
}

bool json_equals(const struct json *json, json_value value, const char *text)
{
	size_t length = strlen(text), raw_length, decoded_length;
	const char *raw;
	char *decoded;
	bool same;

	if (value == JSON_NONE || json_type(json, value) != JSON_STRING)
		return false;
	raw = json_raw(json, value, &raw_length);
	if (raw_length < length) /* no escape grows when decoded */
		return false;
	if (memchr(raw, '\\', raw_length) == NULL)
		return length == raw_length && memcmp(raw, text, length) == 0;
	decoded = json_string(json, value, &decoded_length);
	same = length == decoded_length && memcmp(decoded, text, length) == 0;
	free(decoded);
	return same;
}

/* Decodes raw[0..length) into out, and returns how many bytes it became. */
static size_t decode(const char *raw, size_t length, char *out)
{
	const char *end = raw + length;
	size_t used = 0;

	while (raw < end) {
		char bytes[4];
		size_t count = json_text_decode(&raw, bytes);
		memcpy(out + used, bytes, count);
		used += count;
	}
	return used;
}

char *json_string(const struct json *json, json_value value, size_t *length)
{
	size_t raw_length, used;
	const char *raw = json_raw(json, value, &raw_length);
	char *out;

	if (memchr(raw, '\\', raw_length) == NULL) {
		out = copy_text(raw, raw_length);
		used = raw_length;
	} else {
		out = allocate(raw_length + 1, 1);
		used = decode(raw, raw_length, out);
	}
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
