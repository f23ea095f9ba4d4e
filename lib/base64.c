#include "base64.h"

#include <nettle/base64.h>
#include <string.h>

void base64_put(struct buffer *out, const void *bytes, size_t count)
{
	char *end = buffer_reserve(out, BASE64_ENCODE_RAW_LENGTH(count));
	size_t padding = (3 - count % 3) % 3;

	base64_encode_raw(end, count, bytes);
	out->length += BASE64_ENCODE_RAW_LENGTH(count) - padding;
	out->data[out->length] = '\0';
}

static bool is_in_alphabet(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (c >= '0' && c <= '9') || c == '+' || c == '/';
}

/* nettle passes over white space and takes padding, so what it may see is checked first.
 */
static bool check_alphabet(const char *text, size_t length, struct reason *why)
{
	for (size_t i = 0; i < length; i++) {
		if (text[i] == '=')
			return refuse(why, "base64 with padding [§1.3]");
		if (!is_in_alphabet(text[i]))
			return refuse(why, "not base64: byte 0x%02x at %zu [§1.3]",
				      (unsigned char)text[i], i);
	}
	if (length % 4 == 1)
		return refuse(why, "base64 cut short [§1.3]");
	return true;
}

/* The bits of the last character that belong to no byte: set in a second spelling of the
 * same bytes, which would let a signature be altered and still hold. */
static bool has_unused_bits(const char *text, size_t length, const struct buffer *out)
{
	struct buffer last = {0};
	size_t tail = length % 4;
	bool differs;

	if (tail == 0)
		return false;
	base64_put(&last, out->data + out->length - (tail - 1), tail - 1);
	differs = memcmp(last.data, text + length - tail, tail) != 0;
	buffer_free(&last);
	return differs;
}

bool base64_decode(const char *text, size_t length, struct buffer *out,
		   struct reason *why)
{
	struct base64_decode_ctx context;
	size_t count = 0;
	size_t before = out->length;
	uint8_t *end;

	if (!check_alphabet(text, length, why))
		return false;
	end = (uint8_t *)buffer_reserve(out, BASE64_DECODE_LENGTH(length));
	base64_decode_init(&context);
	base64_decode_update(&context, &count, end, length, text);
	out->length += count;
	if (has_unused_bits(text, length, out)) {
		out->length = before;
		out->data[before] = '\0';
		return refuse(why, "base64 with unused bits set [§1.3]");
	}
	out->data[out->length] = '\0';
	return true;
}
