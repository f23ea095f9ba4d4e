#include "unicode.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "utf8.h"

bool unicode_is_nfc(const char *text, size_t length)
{
	utf8proc_uint8_t *composed;
	utf8proc_ssize_t composed_length;
	bool same;

	if (utf8_is_ascii(text, length))
		return true;
	composed_length =
		utf8proc_map((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)length,
			     &composed, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
	if (composed_length < 0)
		return false;
	same = (size_t)composed_length == length && memcmp(composed, text, length) == 0;
	free(composed);
	return same;
}

static bool is_printable(uint32_t code_point)
{
	if (code_point == ' ')
		return true;
	if (code_point == 0xFFFD)
		return false;
	switch (utf8proc_category((utf8proc_int32_t)code_point)) {
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LT:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_LO:
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_MC:
	case UTF8PROC_CATEGORY_ME:
	case UTF8PROC_CATEGORY_ND:
	case UTF8PROC_CATEGORY_NL:
	case UTF8PROC_CATEGORY_NO:
	case UTF8PROC_CATEGORY_PC:
	case UTF8PROC_CATEGORY_PD:
	case UTF8PROC_CATEGORY_PS:
	case UTF8PROC_CATEGORY_PE:
	case UTF8PROC_CATEGORY_PI:
	case UTF8PROC_CATEGORY_PF:
	case UTF8PROC_CATEGORY_PO:
	case UTF8PROC_CATEGORY_SM:
	case UTF8PROC_CATEGORY_SC:
	case UTF8PROC_CATEGORY_SK:
	case UTF8PROC_CATEGORY_SO:
		return true;
	default:
		return false;
	}
}

size_t unicode_printable_length(const char *text)
{
	size_t length = strlen(text), at = 0, bytes = 0;
	uint32_t code_point;

	do {
		at += bytes;
		bytes = utf8_decode(text + at, length - at, &code_point);
	} while (bytes > 0 && is_printable(code_point));
	return at;
}

bool unicode_is_printable_text(const char *text)
{
	return text[unicode_printable_length(text)] == '\0';
}
