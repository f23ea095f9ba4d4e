/* What the Unicode tables know of text: normalization and categories. */
#ifndef UNICODE_H
#define UNICODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether text[0..length), which must be UTF-8, is in Unicode normalization form C. */
bool unicode_is_nfc(const char *text, size_t length);

/* Whether a code point is of the categories L, M, N, P or S, or the blank (§3.3). */
bool unicode_is_printable(uint32_t code_point);

/* Whether all of a text is UTF-8, and of such code points. */
bool unicode_is_printable_text(const char *text);

#endif
