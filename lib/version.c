#include "version.h"

#include <string.h>

/* How much of a bad version a message shows, so that the reason behind it has room. */
enum { SHOWN_MOST = 200 };

#define LETTERS_AND_DIGITS                                                               \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

static bool is_one_of(char byte, const char *set)
{
	return byte != '\0' && strchr(set, byte) != NULL;
}

/* Reads the canonical decimal form that §2.2.2 and §2.2.4 demand: digits, no leading zero
 * except in 0 itself, at most 2^63-1. */
static bool parse_decimal(const char *text, size_t length, int64_t *number)
{
	int64_t value = 0;

	if (length == 0 || (length > 1 && text[0] == '0'))
		return false;
	for (size_t i = 0; i < length; i++) {
		int digit = text[i] - '0';
		if (digit < 0 || digit > 9 || value > (INT64_MAX - digit) / 10)
			return false;
		value = 10 * value + digit;
	}
	*number = value;
	return true;
}

/* What is wrong with an upstream part (§2.2.3), or null. */
static const char *upstream_fault(const char *text, size_t length)
{
	if (length == 0)
		return "its upstream part is empty [§2.2.3]";
	for (size_t i = 0; i < length; i++)
		if (!is_one_of(text[i], LETTERS_AND_DIGITS ".+-~"))
			return "only A-Z, a-z, 0-9, '.', '+', '-' and '~' are allowed in "
			       "its upstream part [§2.2.3]";
	if (!is_one_of(text[0], LETTERS_AND_DIGITS))
		return "its upstream part has to start with a letter or digit [§2.2.3]";
	return NULL;
}

/* What is wrong with text[0..length) as a version, or null when *version is filled. */
static const char *version_fault(struct version *version, const char *text, size_t length,
				 bool is_operand)
{
	const char *end = text + length;
	const char *colon = memchr(text, ':', length);
	const char *dash;

	version->epoch = 0;
	version->revision = 0;
	if (colon != NULL) {
		if (!parse_decimal(text, (size_t)(colon - text), &version->epoch))
			return "the epoch before its ':' is no number from 0 to 2^63-1 "
			       "without leading zeros [§2.2.2]";
		text = colon + 1;
	}
	dash = memrchr(text, '-', (size_t)(end - text));
	if (dash != NULL &&
	    parse_decimal(dash + 1, (size_t)(end - dash - 1), &version->revision) &&
	    version->revision > 0)
		end = dash;
	else if (!is_operand)
		return "it does not end in '-' and a revision, a number from 1 to 2^63-1 "
		       "without leading zeros [§2.2.4]";
	version->upstream = text;
	version->upstream_length = (size_t)(end - text);
	return upstream_fault(version->upstream, version->upstream_length);
}

static bool parse(struct version *version, const char *text, size_t length,
		  bool is_operand, struct reason *why)
{
	const char *fault = version_fault(version, text, length, is_operand);

	if (fault != NULL)
		return refuse(why, "version '%.*s': %s",
			      (int)(length < SHOWN_MOST ? length : SHOWN_MOST), text,
			      fault);
	return true;
}

bool version_parse(struct version *version, const char *text, struct reason *why)
{
	return parse(version, text, strlen(text), false, why);
}

bool version_parse_operand(struct version *version, const char *text, size_t length,
			   struct reason *why)
{
	return parse(version, text, length, true, why);
}
