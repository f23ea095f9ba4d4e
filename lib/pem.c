#include "pem.h"

#include <bearssl.h>
#include <stdio.h>
#include <string.h>

static const char begin[] = "-----BEGIN ";
static const char dashes[] = "-----";
static const char white_space[] = " \t\n\v\f\r";

static bool is_white_space(char c)
{
	return c != '\0' && strchr(white_space, c) != NULL;
}

static const char *skip_white_space(const char *at, const char *end)
{
	while (at < end && is_white_space(*at))
		at++;
	return at;
}

static const char *find(const char *at, const char *end, const char *text)
{
	return memmem(at, (size_t)(end - at), text, strlen(text));
}

static bool starts_with(const char *at, const char *end, const char *text)
{
	size_t length = strlen(text);

	return (size_t)(end - at) >= length && memcmp(at, text, length) == 0;
}

static size_t label_length(const char *at, const char *end)
{
	const char *start = at;

	while (at < end &&
	       ((*at >= 'A' && *at <= 'Z') || (*at >= '0' && *at <= '9') || *at == ' '))
		at++;
	return (size_t)(at - start);
}

bool pem_label(const char *text, size_t length, char label[PEM_LABEL_SIZE],
	       struct reason *why)
{
	const char *end = text + length;
	const char *at = skip_white_space(text, end);
	size_t size;

	if (!starts_with(at, end, begin)) {
		if (find(at, end, begin) != NULL)
			return refuse(why, "text before the PEM object [§5.2.2]");
		return refuse(why, "no PEM object");
	}
	at += strlen(begin);
	size = label_length(at, end);
	if (size >= PEM_LABEL_SIZE || !starts_with(at + size, end, dashes) ||
	    at + size + strlen(dashes) == end ||
	    !is_white_space(at[size + strlen(dashes)]))
		return refuse(why, "the first line of the PEM object is cut short or "
				   "damaged");
	memcpy(label, at, size);
	label[size] = '\0';
	return true;
}

static void keep_bytes(void *context, const void *bytes, size_t count)
{
	struct pem *object = context;
	size_t kept = object->length < PEM_KEPT ? object->length : PEM_KEPT;
	size_t room = PEM_KEPT - kept;

	memcpy(object->bytes + kept, bytes, count < room ? count : room);
	object->length += count;
}

/* The next event, or 0 when the text ends before there is one. BearSSL wants lines to end
 * in a newline alone. */
static int next_event(br_pem_decoder_context *decoder, const char **at, const char *end)
{
	int event = 0;

	while (event == 0 && *at < end) {
		const char *cr = memchr(*at, '\r', (size_t)(end - *at));
		size_t count = (size_t)((cr != NULL ? cr : end) - *at);

		*at += br_pem_decoder_push(decoder, *at, count);
		if (*at == cr)
			(*at)++;
		event = br_pem_decoder_event(decoder);
	}
	if (event == 0) {
		br_pem_decoder_push(decoder, "\n", 1);
		event = br_pem_decoder_event(decoder);
	}
	return event;
}

static bool decode_bytes(const char *at, const char *end, struct pem *object)
{
	br_pem_decoder_context decoder;
	bool decoded = false;

	br_pem_decoder_init(&decoder);
	if (next_event(&decoder, &at, end) == BR_PEM_BEGIN_OBJ) {
		br_pem_decoder_setdest(&decoder, keep_bytes, object);
		decoded = next_event(&decoder, &at, end) == BR_PEM_END_OBJ;
	}
	explicit_bzero(&decoder, sizeof decoder);
	return decoded;
}

static bool same_but_for_white_space(const char *a, const char *a_end, const char *b,
				     const char *b_end)
{
	for (;;) {
		a = skip_white_space(a, a_end);
		b = skip_white_space(b, b_end);
		if (a == a_end || b == b_end)
			return a == a_end && b == b_end;
		if (*a++ != *b++)
			return false;
	}
}

/* BearSSL takes more than one spelling of the same bytes: other padding, control bytes
 * for white space, unused bits set. */
static bool is_spelt_right(const char *at, const char *end, const char *label,
			   const struct pem *object)
{
	char encoded[2 * (PEM_LABEL_SIZE + 16) + 2 * PEM_KEPT];
	size_t length;
	bool same;

	if (object->length > PEM_KEPT)
		return true;
	length = br_pem_encode(encoded, object->bytes, object->length, label, 0);
	same = same_but_for_white_space(at, end, encoded, encoded + length);
	explicit_bzero(encoded, sizeof encoded);
	return same;
}

static bool check_rest(const char *at, const char *end, struct reason *why)
{
	if (skip_white_space(at, end) == end)
		return true;
	if (find(at, end, begin) != NULL)
		return refuse(why, "a second PEM object behind the first [§5.2.2]");
	return refuse(why, "text behind the PEM object [§5.2.2]");
}

bool pem_decode(const char *text, size_t length, const char *label, struct pem *object,
		struct reason *why)
{
	char last_line[PEM_LABEL_SIZE + 16];
	const char *end = text + length;
	const char *object_end;

	*object = (struct pem){0};
	snprintf(last_line, sizeof last_line, "-----END %s-----", label);
	object_end = find(text, end, last_line);
	if (object_end == NULL)
		return refuse(why, "no line '%s': cut short?", last_line);
	object_end += strlen(last_line);
	if (!check_rest(object_end, end, why))
		return false;
	text = skip_white_space(text, object_end);
	if (decode_bytes(text, object_end, object) &&
	    is_spelt_right(text, object_end, label, object))
		return true;
	explicit_bzero(object, sizeof *object);
	return refuse(why, "the base64 of the PEM object is damaged");
}
