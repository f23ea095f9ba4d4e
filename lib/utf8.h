/* UTF-8, one code point at a time (RFC 3629: no overlong forms, no surrogates). */
#ifndef UTF8_H
#define UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Decodes the code point at text[0..length). Returns how many bytes it takes (1 to 4),
 * and puts it into *code_point; 0 when length is 0 or the bytes there are not UTF-8. */
size_t utf8_decode(const char *text, size_t length, uint32_t *code_point);

/* Encodes a code point (up to 0x10FFFF, no surrogate) into out; returns its bytes. */
size_t utf8_encode(uint32_t code_point, char out[4]);

/* Whether the whole of text[0..length) is UTF-8. */
bool utf8_valid(const char *text, size_t length);

/* Whether no byte of text[0..length) is over 0x7F. */
bool utf8_is_ascii(const char *text, size_t length);

#endif
