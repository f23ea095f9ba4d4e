/* Base64 as every document of the format has it: standard alphabet (RFC 4648 §4), no
 * padding [§1.3]. */
#ifndef BASE64_H
#define BASE64_H

#include <stdbool.h>
#include <stddef.h>

#include "buffer.h"
#include "report.h"

/* Appends the base64 of bytes[0..count). */
void base64_put(struct buffer *out, const void *bytes, size_t count);

/* Appends to *out the bytes that text[0..length) stands for. There is one spelling for
 * each sequence of bytes, the one that base64_put writes: fails with a reason, and leaves
 * *out as it was, when text holds padding, white space or any other character outside the
 * alphabet, when it ends in the middle of a byte, and when bits that it does not use are
 * set. */
bool base64_decode(const char *text, size_t length, struct buffer *out,
		   struct reason *why);

#endif
