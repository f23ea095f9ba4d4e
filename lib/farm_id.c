#include "farm_id.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

#define DIGITS "0123456789"

/* How many digits in a row are too many for a generation: beside letters, as in i686, and
 * between what is neither letter nor digit. */
static const size_t many_digits = 4, many_digits_alone = 3;

/* Whether three groups of one or two digits start there, joined by twice the same mark: a
 * date whose year has two digits. */
static bool starts_with_date(const char *text)
{
	char mark = text[strspn(text, DIGITS)];

	if (mark == '\0' || strchr("-._/", mark) == NULL)
		return false;
	for (int group = 0; group < 3; group++) {
		size_t digits = strspn(text, DIGITS);

		if (digits < 1 || digits > 2)
			return false;
		text += digits;
		if (group < 2 && *text++ != mark)
			return false;
	}
	return true;
}

bool farm_id_names_a_build(const char *id)
{
	bool starts_word = true;

	for (const char *at = id; *at != '\0';) {
		size_t digits = strspn(at, DIGITS);
		bool is_alone = starts_word && !isalpha((unsigned char)at[digits]);

		if (digits >= (is_alone ? many_digits_alone : many_digits) ||
		    (starts_word && digits > 0 && starts_with_date(at)))
			return true;
		starts_word = digits == 0 && !isalpha((unsigned char)*at);
		at += digits > 0 ? digits : 1;
	}
	return false;
}
