#include "json_check.h"

#include <stdint.h>
#include <string.h>

#include "json.h"
#include "utf8.h"

struct scanner {
	const char *text;
	size_t length;
	size_t at;
	char closers[JSON_DEPTH]; /* of the containers that are open */
	size_t depth;
	struct reason *why;
};

static bool bad(struct scanner *scanner, const char *what)
{
	return refuse(scanner->why, "byte %zu: %s [§1.3]", scanner->at + 1, what);
}

/* The byte at hand; 0 at the end, which is no byte of any token. */
static char peek(const struct scanner *scanner)
{
	return scanner->at < scanner->length ? scanner->text[scanner->at] : '\0';
}

static void skip_space(struct scanner *scanner)
{
	char byte = peek(scanner);

	while (byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r') {
		scanner->at++;
		byte = peek(scanner);
	}
}

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static bool scan_digits(struct scanner *scanner)
{
	if (!is_digit(peek(scanner)))
		return bad(scanner, "a digit is wanted");
	while (is_digit(peek(scanner)))
		scanner->at++;
	return true;
}

static bool scan_number(struct scanner *scanner)
{
	if (peek(scanner) == '-')
		scanner->at++;
	if (peek(scanner) == '0')
		scanner->at++;
	else if (!scan_digits(scanner))
		return false;
	if (is_digit(peek(scanner)))
		return bad(scanner, "a number with a leading zero");
	if (peek(scanner) == '.') {
		scanner->at++;
		if (!scan_digits(scanner))
			return false;
	}
	if (peek(scanner) == 'e' || peek(scanner) == 'E') {
		scanner->at++;
		if (peek(scanner) == '+' || peek(scanner) == '-')
			scanner->at++;
		if (!scan_digits(scanner))
			return false;
	}
	return true;
}

static bool scan_literal(struct scanner *scanner, const char *literal)
{
	size_t length = strlen(literal);

	if (scanner->length - scanner->at < length ||
	    memcmp(scanner->text + scanner->at, literal, length) != 0)
		return bad(scanner, "not a value");
	scanner->at += length;
	return true;
}

/* The four digits behind \u. */
static bool scan_code_unit(struct scanner *scanner, uint32_t *unit)
{
	*unit = 0;
	for (int i = 0; i < 4; i++, scanner->at++) {
		static const char digits[] = "0123456789abcdef";
		char byte = peek(scanner);
		const char *digit;

		if (byte >= 'A' && byte <= 'F')
			byte = (char)(byte - 'A' + 'a');
		digit = byte == '\0' ? NULL : strchr(digits, byte);
		if (digit == NULL)
			return bad(scanner,
				   "four hexadecimal digits are wanted behind \\u");
		*unit = *unit << 4 | (uint32_t)(digit - digits);
	}
	return true;
}

static bool scan_unicode_escape(struct scanner *scanner)
{
	uint32_t unit;

	if (!scan_code_unit(scanner, &unit))
		return false;
	if (unit < 0xD800 || unit > 0xDFFF)
		return true;
	if (unit > 0xDBFF || !scan_literal(scanner, "\\u") ||
	    !scan_code_unit(scanner, &unit) || unit < 0xDC00 || unit > 0xDFFF)
		return bad(scanner, "a lone surrogate");
	return true;
}

static bool scan_escape(struct scanner *scanner)
{
	char byte;

	scanner->at++;
	byte = peek(scanner);
	if (byte == '\0' || strchr("\"\\/bfnrtu", byte) == NULL)
		return bad(scanner, "no such escape");
	scanner->at++;
	return byte != 'u' || scan_unicode_escape(scanner);
}

/* Whether eight bytes at once are ASCII that stands for itself in a string: their top
 * bits clear, none below a blank, no quote, no backslash. A subtraction that borrows from
 * a neighbour is no harm: the neighbour then was none of these. */
static bool eight_are_plain(const char *text)
{
	const uint64_t ones = UINT64_MAX / 0xFF, tops = ones << 7;
	uint64_t bytes, quotes, backslashes, ends;

	memcpy(&bytes, text, sizeof bytes);
	quotes = bytes ^ ones * '"';
	backslashes = bytes ^ ones * '\\';
	ends = (bytes - ones * ' ') | (quotes - ones) | (backslashes - ones) | bytes;
	return (ends & tops) == 0;
}

static bool is_plain(unsigned char byte)
{
	return byte >= ' ' && byte < 0x80 && byte != '"' && byte != '\\';
}

/* Goes over what most strings are made of. */
static void skip_plain(struct scanner *scanner)
{
	const char *at = scanner->text + scanner->at;
	const char *end = scanner->text + scanner->length;

	while (end - at >= 8 && eight_are_plain(at))
		at += 8;
	while (at < end && is_plain((unsigned char)*at))
		at++;
	scanner->at = (size_t)(at - scanner->text);
}

static bool scan_string(struct scanner *scanner)
{
	if (peek(scanner) != '"')
		return bad(scanner, "a string is wanted");
	scanner->at++;
	for (skip_plain(scanner); scanner->at < scanner->length; skip_plain(scanner)) {
		unsigned char byte = (unsigned char)scanner->text[scanner->at];
		uint32_t code_point;
		size_t bytes;

		if (byte == '"') {
			scanner->at++;
			return true;
		}
		if (byte < 0x20)
			return bad(scanner, "a control character in a string");
		if (byte == '\\') {
			if (!scan_escape(scanner))
				return false;
			continue;
		}
		bytes = utf8_decode(scanner->text + scanner->at,
				    scanner->length - scanner->at, &code_point);
		if (bytes == 0)
			return bad(scanner, "not UTF-8");
		scanner->at += bytes;
	}
	return bad(scanner, "cut short");
}

static bool scan_scalar(struct scanner *scanner)
{
	switch (peek(scanner)) {
	case '"':
		return scan_string(scanner);
	case 't':
		return scan_literal(scanner, "true");
	case 'f':
		return scan_literal(scanner, "false");
	case 'n':
		return scan_literal(scanner, "null");
	case '\0':
		return bad(scanner,
			   scanner->at < scanner->length ? "a NUL" : "cut short");
	default:
		if (peek(scanner) == '-' || is_digit(peek(scanner)))
			return scan_number(scanner);
		return bad(scanner, "not a value");
	}
}

static bool scan_name(struct scanner *scanner)
{
	skip_space(scanner);
	if (!scan_string(scanner))
		return false;
	skip_space(scanner);
	if (peek(scanner) != ':')
		return bad(scanner, "':' is wanted");
	scanner->at++;
	return true;
}

static bool in_object(const struct scanner *scanner)
{
	return scanner->depth > 0 && scanner->closers[scanner->depth - 1] == '}';
}

/* Enters the container at hand. *more is whether a value follows: not in an empty one. */
static bool open_container(struct scanner *scanner, bool *more)
{
	char closer = peek(scanner) == '{' ? '}' : ']';

	if (scanner->depth == JSON_DEPTH)
		return bad(scanner, "nested deeper than 64 levels");
	scanner->closers[scanner->depth++] = closer;
	scanner->at++;
	skip_space(scanner);
	*more = peek(scanner) != closer;
	return !*more || !in_object(scanner) || scan_name(scanner);
}

/* Behind a value: leaves the containers that end here. *more is whether another value
 * follows in the one that is open then. */
static bool close_containers(struct scanner *scanner, bool *more)
{
	*more = false;
	while (scanner->depth > 0) {
		skip_space(scanner);
		if (peek(scanner) == ',') {
			scanner->at++;
			*more = true;
			return !in_object(scanner) || scan_name(scanner);
		}
		if (scanner->at == scanner->length)
			return bad(scanner, "cut short");
		if (peek(scanner) != scanner->closers[scanner->depth - 1])
			return bad(scanner, "',' or the end of the container is wanted");
		scanner->at++;
		scanner->depth--;
	}
	return true;
}

bool json_check(const char *text, size_t length, struct reason *why)
{
	struct scanner scanner = {.text = text, .length = length, .why = why};
	bool more = true;

	while (more) {
		skip_space(&scanner);
		if (peek(&scanner) == '{' || peek(&scanner) == '[') {
			if (!open_container(&scanner, &more))
				return false;
			if (more)
				continue;
		} else if (!scan_scalar(&scanner)) {
			return false;
		}
		if (!close_containers(&scanner, &more))
			return false;
	}
	skip_space(&scanner);
	if (scanner.at < scanner.length)
		return bad(&scanner, "something behind the value");
	return true;
}
