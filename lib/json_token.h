/* The tokens of JSON's grammar that hold no others: strings, numbers, literals (RFC 8259
 * §3, §6, §7, and what §1.3 adds). */
#ifndef JSON_TOKEN_H
#define JSON_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

#include "report.h"

/* A place in a text that is being checked, and where to say what is wrong there. */
struct json_cursor {
	const char *text;
	size_t length;
	size_t at;
	struct reason *why;
};

/* The byte at hand; 0 at the end, which is no byte of any token. */
static inline char json_peek(const struct json_cursor *cursor)
{
	return cursor->at < cursor->length ? cursor->text[cursor->at] : '\0';
}

/* Fills the reason with what is wrong and the byte at hand, counted from 1. Returns
 * false.
 */
bool json_refuse(const struct json_cursor *cursor, const char *what);

/* Go over the token at hand and leave the cursor behind it: a string; any scalar, a
 * string among them. Refused: whatever is none, a string that is not valid UTF-8 or that
 * has lone surrogates. Behind a number or a literal anything may follow. */
bool json_token_string(struct json_cursor *cursor);
bool json_token_scalar(struct json_cursor *cursor);

#endif
