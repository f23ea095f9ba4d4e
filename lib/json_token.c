#include "json_token.h"

#include <stdint.h>
#include <string.h>

#include "json_plain.h"
#include "utf8.h"

bool json_refuse(const struct json_cursor *cursor, const char *what)
{
	return refuse(cursor->why, "byte %zu: %s [§1.3]", cursor->at + 1, what);
}

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static bool scan_digits(struct json_cursor *cursor)
{
	if (!is_digit(json_peek(cursor)))
		return json_refuse(cursor, "a digit is wanted");
	while (is_digit(json_peek(cursor)))
		cursor->at++;
	return true;
}

static bool scan_number(struct json_cursor *cursor)
{
	if (json_peek(cursor) == '-')
		cursor->at++;
	if (json_peek(cursor) == '0')
		cursor->at++;
	else if (!scan_digits(cursor))
		return false;
	if (is_digit(json_peek(cursor)))
		return json_refuse(cursor, "a number with a leading zero");
	if (json_peek(cursor) == '.') {
		cursor->at++;
		if (!scan_digits(cursor))
			return false;
	}
	if (json_peek(cursor) == 'e' || json_peek(cursor) == 'E') {
		cursor->at++;
		if (json_peek(cursor) == '+' || json_peek(cursor) == '-')
			cursor->at++;
		if (!scan_digits(cursor))
			return false;
	}
	return true;
}

static bool scan_literal(struct json_cursor *cursor, const char *literal)
{
	size_t length = strlen(literal);

	if (cursor->length - cursor->at < length ||
	    memcmp(cursor->text + cursor->at, literal, length) != 0)
		return json_refuse(cursor, "not a value");
	cursor->at += length;
	return true;
}

/* The four digits behind \u. */
static bool scan_code_unit(struct json_cursor *cursor, uint32_t *unit)
{
	*unit = 0;
	for (int i = 0; i < 4; i++, cursor->at++) {
		static const char digits[] = "0123456789abcdef";
		char byte = json_peek(cursor);
		const char *digit;

		if (byte >= 'A' && byte <= 'F')
			byte = (char)(byte - 'A' + 'a');
		digit = byte == '\0' ? NULL : strchr(digits, byte);
		if (digit == NULL)
			return json_refuse(
				cursor, "four hexadecimal digits are wanted behind \\u");
		*unit = *unit << 4 | (uint32_t)(digit - digits);
	}
	return true;
}

static bool scan_unicode_escape(struct json_cursor *cursor)
{
	uint32_t unit;

	if (!scan_code_unit(cursor, &unit))
		return false;
	if (unit < 0xD800 || unit > 0xDFFF)
		return true;
	if (unit > 0xDBFF || !scan_literal(cursor, "\\u") ||
	    !scan_code_unit(cursor, &unit) || unit < 0xDC00 || unit > 0xDFFF)
		return json_refuse(cursor, "a lone surrogate");
	return true;
}

static bool scan_escape(struct json_cursor *cursor)
{
	char byte;

	cursor->at++;
	byte = json_peek(cursor);
	if (byte == '\0' || strchr("\"\\/bfnrtu", byte) == NULL)
		return json_refuse(cursor, "no such escape");
	cursor->at++;
	return byte != 'u' || scan_unicode_escape(cursor);
}

static void skip_plain(struct json_cursor *cursor)
{
	const char *at = cursor->text + cursor->at;

	at = json_pass_plain(at, cursor->text + cursor->length);
	cursor->at = (size_t)(at - cursor->text);
}

bool json_token_string(struct json_cursor *cursor)
{
	if (json_peek(cursor) != '"')
		return json_refuse(cursor, "a string is wanted");
	cursor->at++;
	for (skip_plain(cursor); cursor->at < cursor->length; skip_plain(cursor)) {
		unsigned char byte = (unsigned char)cursor->text[cursor->at];
		uint32_t code_point;
		size_t bytes;

		if (byte == '"') {
			cursor->at++;
			return true;
		}
		if (byte < 0x20)
			return json_refuse(cursor, "a control character in a string");
		if (byte == '\\') {
			if (!scan_escape(cursor))
				return false;
			continue;
		}
		bytes = utf8_decode(cursor->text + cursor->at,
				    cursor->length - cursor->at, &code_point);
		if (bytes == 0)
			return json_refuse(cursor, "not UTF-8");
		cursor->at += bytes;
	}
	return json_refuse(cursor, "cut short");
}

bool json_token_scalar(struct json_cursor *cursor)
{
	switch (json_peek(cursor)) {
	case '"':
		return json_token_string(cursor);
	case 't':
		return scan_literal(cursor, "true");
	case 'f':
		return scan_literal(cursor, "false");
	case 'n':
		return scan_literal(cursor, "null");
	case '\0':
		return json_refuse(cursor,
				   cursor->at < cursor->length ? "a NUL" : "cut short");
	default:
		if (json_peek(cursor) == '-' || is_digit(json_peek(cursor)))
			return scan_number(cursor);
		return json_refuse(cursor, "not a value");
	}
}
