/* What most JSON strings are made of, passed over eight bytes at a time. */
#ifndef JSON_PLAIN_H
#define JSON_PLAIN_H

#include <endian.h>
#include <stdint.h>
#include <string.h>

/* The first of the bytes at..end that is not ASCII that stands for itself in a string: a
 * quote, a backslash, a control character, a byte of 0x80 or more; or end. */
static inline const char *json_pass_plain(const char *at, const char *end)
{
	const uint64_t ones = UINT64_MAX / 0xFF, tops = ones << 7;

	for (; end - at >= 8; at += 8) {
		uint64_t bytes, quotes, backslashes, ends;

		memcpy(&bytes, at, sizeof bytes);
		bytes = le64toh(bytes);
		quotes = bytes ^ ones * '"';
		backslashes = bytes ^ ones * '\\';
		ends = ((bytes - ones * ' ') | (quotes - ones) | (backslashes - ones) |
			bytes) &
		       tops;
		/* A subtraction may borrow from a later byte, never from an earlier one.
		 */
		if (ends != 0)
			return at + __builtin_ctzll(ends) / 8;
	}
	while (at < end && (unsigned char)*at >= ' ' && (unsigned char)*at < 0x80 &&
	       *at != '"' && *at != '\\')
		at++;
	return at;
}

#endif
