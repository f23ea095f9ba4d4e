/* Canonical JSON output (§1.3). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"

/* The escape of the character at text, if it has one, and how many bytes it stands for.
 */
static size_t find_escape(const char *text, size_t length, char escape[8])
{
	static const char controls[] = "\"\\\b\f\n\r\t", names[] = "\"\\bfnrt";
	unsigned char byte = (unsigned char)text[0];
	const char *control = byte == '\0' ? NULL : strchr(controls, byte);

	if (control != NULL) {
		snprintf(escape, 8, "\\%c", names[control - controls]);
		return 1;
	}
	if (byte < 0x20) {
		snprintf(escape, 8, "\\u%04x", byte);
		return 1;
	}
	/* U+2028 and U+2029 */
	if (length >= 3 && memcmp(text, "\xE2\x80", 2) == 0 && (text[2] & 0xFE) == 0xA8) {
		snprintf(escape, 8, "\\u202%c", text[2] & 1 ? '9' : '8');
		return 3;
	}
	return 0;
}

void json_put_string(struct buffer *out, const char *text, size_t length)
{
	size_t plain = 0; /* where the bytes that need no escape start */

	buffer_add_byte(out, '"');
	for (size_t at = 0; at < length;) {
		char escape[8];
		size_t bytes = find_escape(text + at, length - at, escape);

		if (bytes == 0) {
			at++;
			continue;
		}
		buffer_add(out, text + plain, at - plain);
		buffer_add_text(out, escape);
		at += bytes;
		plain = at;
	}
	buffer_add(out, text + plain, length - plain);
	buffer_add_byte(out, '"');
}

void json_put_text(struct buffer *out, const char *text)
{
	json_put_string(out, text, strlen(text));
}

static void put_container(struct buffer *out, const struct json *json,
			  json_value container)
{
	bool is_object = json_type(json, container) == JSON_OBJECT;

	buffer_add_byte(out, is_object ? '{' : '[');
	for (json_value at = json_first(json, container); at != JSON_NONE;
	     at = json_next(json, container, at)) {
		if (at != container + 1)
			buffer_add_byte(out, ',');
		json_put_value(out, json, at);
		if (is_object) {
			buffer_add_byte(out, ':');
			json_put_value(out, json, at + 1);
		}
	}
	buffer_add_byte(out, is_object ? '}' : ']');
}

void json_put_value(struct buffer *out, const struct json *json, json_value value)
{
	enum json_type type = json_type(json, value);
	size_t length;

	if (type == JSON_OBJECT || type == JSON_ARRAY) {
		put_container(out, json, value);
	} else if (type == JSON_STRING) {
		char *text = json_string(json, value, &length);
		json_put_string(out, text, length);
		free(text);
	} else {
		const char *raw = json_raw(json, value, &length);
		buffer_add(out, raw, length);
	}
}
