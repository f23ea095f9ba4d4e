/* What the Unicode tables know of text: normalization and categories. */
#ifndef UNICODE_H
#define UNICODE_H

#include <stdbool.h>
#include <stddef.h>

/* Whether text[0..length), which must be UTF-8, is in Unicode normalization form C. */
bool unicode_is_nfc(const char *text, size_t length);

/* How many bytes at the start of a text are UTF-8, and of code points of the categories
 * L, M, N, P or S, or the blank (§3.3). */
size_t unicode_printable_length(const char *text);

/* Whether that is all of it. */
bool unicode_is_printable_text(const char *text);

#endif
