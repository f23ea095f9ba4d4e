#include "json_text.h"

#include <stdint.h>
#include <string.h>

#include "utf8.h"

static uint32_t code_unit(const char *digits)
{
	uint32_t unit = 0;

	for (int i = 0; i < 4; i++) {
		char digit = digits[i];
		unit = unit << 4 | (uint32_t)(digit <= '9'   ? digit - '0'
					      : digit <= 'F' ? digit - 'A' + 10
							     : digit - 'a' + 10);
	}
	return unit;
}

size_t json_text_decode(const char **at, char out[4])
{
	static const char names[] = "bfnrt", controls[] = "\b\f\n\r\t";
	const char *p = *at;
	const char *name;
	uint32_t code_point;

	*at = p + 1;
	out[0] = *p;
	if (*p != '\\')
		return 1;
	*at = p + 2;
	out[0] = p[1];
	name = strchr(names, p[1]);
	if (name != NULL)
		out[0] = controls[name - names];
	if (p[1] != 'u')
		return 1;
	*at = p + 6;
	code_point = code_unit(p + 2);
	if (code_point >= 0xD800 && code_point <= 0xDFFF) {
		*at = p + 12;
		code_point = 0x10000 + ((code_point - 0xD800) << 10) + code_unit(p + 8) -
			     0xDC00;
	}
	return utf8_encode(code_point, out);
}

static int compare_bytes(const char *a, size_t a_length, const char *b, size_t b_length)
{
	int order = memcmp(a, b, a_length < b_length ? a_length : b_length);

	return order != 0 ? order : (a_length > b_length) - (a_length < b_length);
}

static int compare_decoded(const char *a, size_t a_length, const char *b, size_t b_length)
{
	const char *a_end = a + a_length, *b_end = b + b_length;
	char a_out[4], b_out[4];

	while (a < a_end && b < b_end) {
		size_t a_bytes = json_text_decode(&a, a_out);
		size_t b_bytes = json_text_decode(&b, b_out);
		int order;

		/* An escape gives a whole character, plain text its first byte. */
		while (a_bytes < b_bytes && a < a_end)
			a_out[a_bytes++] = *a++;
		while (b_bytes < a_bytes && b < b_end)
			b_out[b_bytes++] = *b++;
		order = compare_bytes(a_out, a_bytes, b_out, b_bytes);
		if (order != 0)
			return order;
	}
	return (a < a_end) - (b < b_end);
}

int json_text_compare(const char *a, size_t a_length, const char *b, size_t b_length)
{
	if (memchr(a, '\\', a_length) == NULL && memchr(b, '\\', b_length) == NULL)
		return compare_bytes(a, a_length, b, b_length);
	return compare_decoded(a, a_length, b, b_length);
}
