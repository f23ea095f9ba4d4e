/* Keys of either kind: all zeros when refused; and whatever is accepted is spelt as it
 * would be written, white space aside. An input that starts with 'd' is the DER behind
 * that, put into PEM under the label on the first line. */
#include "key.h"

#include <bearssl.h>

#include "fuzz.h"
#include "key_parse.h"

enum { LABEL_MOST = 63 };

static const unsigned char private_start[] = {0x30, 0x2E, 0x02, 0x01, 0x00, 0x30,
					      0x05, 0x06, 0x03, 0x2B, 0x65, 0x70,
					      0x04, 0x22, 0x04, 0x20};
static const unsigned char pair_start[] = {0x30, 0x51, 0x02, 0x01, 0x01, 0x30,
					   0x05, 0x06, 0x03, 0x2B, 0x65, 0x70,
					   0x04, 0x22, 0x04, 0x20};
static const unsigned char pair_middle[] = {0x81, 0x21, 0x00};

static void put_pem(struct buffer *out, const char *label, const void *der, size_t length)
{
	size_t most = br_pem_encode(NULL, NULL, length, label, 0) + 1;

	buffer_reserve(out, most);
	out->length += br_pem_encode(out->data + out->length, der, length, label, 0);
}

static void put_text(struct buffer *out, const uint8_t *data, size_t size)
{
	const char *der;
	char *label;

	if (size == 0 || data[0] != 'd') {
		buffer_add(out, data, size);
		return;
	}
	two_texts(data + 1, size - 1, &label, &der);
	if (strlen(label) <= LABEL_MOST && *der != '\0')
		put_pem(out, label, der, size - 1 - (size_t)(der - label));
	free(label);
}

static void put_private_pem(struct buffer *out, const struct parsed_key *key)
{
	struct buffer der = {0};

	if (key->has_public_half) {
		buffer_add(&der, pair_start, sizeof pair_start);
		buffer_add(&der, key->bytes, KEY_SIZE);
		buffer_add(&der, pair_middle, sizeof pair_middle);
		buffer_add(&der, key->public_half, KEY_SIZE);
	} else {
		buffer_add(&der, private_start, sizeof private_start);
		buffer_add(&der, key->bytes, KEY_SIZE);
	}
	put_pem(out, "PRIVATE KEY", der.data, der.length);
	buffer_free(&der);
}

static void put_public_pem(struct buffer *out, const struct parsed_key *key)
{
	unsigned char der[KEY_PUBLIC_DER_SIZE];

	key_put_der(der, key->bytes);
	put_pem(out, "PUBLIC KEY", der, sizeof der);
}

static void remove_white_space(struct buffer *text)
{
	size_t kept = 0;

	for (size_t i = 0; i < text->length; i++)
		if (memchr(" \t\n\v\f\r", text->data[i], 6) == NULL)
			text->data[kept++] = text->data[i];
	text->length = kept;
}

static void must_be_spelt_so(struct buffer *text, const struct parsed_key *key)
{
	struct buffer pem = {0};

	if (text->length == KEY_SIZE) {
		must(memcmp(text->data, key->bytes, KEY_SIZE) == 0 &&
		     !key->has_public_half);
		return;
	}
	if (key->kind == KEY_PRIVATE)
		put_private_pem(&pem, key);
	else
		put_public_pem(&pem, key);
	remove_white_space(&pem);
	remove_white_space(text);
	must(pem.length == text->length && memcmp(pem.data, text->data, pem.length) == 0);
	buffer_free(&pem);
}

static void check_public(const struct buffer *text)
{
	struct public_key key, again;
	struct buffer pem = {0};
	struct reason why;

	if (!key_parse_public(text->data, text->length, &key, &why))
		return;
	key_put_pem(&pem, &key);
	must(key_parse_public(pem.data, pem.length, &again, &why));
	must(memcmp(key.bytes, again.bytes, KEY_SIZE) == 0);
	must(strcmp(key.fingerprint, again.fingerprint) == 0);
	buffer_free(&pem);
}

static void check_kinds(const struct buffer *text)
{
	static const struct parsed_key zeros;
	static const enum key_kind kinds[] = {KEY_PRIVATE, KEY_PUBLIC, KEY_EITHER};
	struct parsed_key key;
	struct reason why;

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		struct buffer copy = {0};

		if (key_parse(text->data, text->length, kinds[i], &key, &why)) {
			must((key.kind & kinds[i]) != 0);
			buffer_add(&copy, text->data, text->length);
			must_be_spelt_so(&copy, &key);
			buffer_free(&copy);
		} else {
			must(memcmp(key.bytes, zeros.bytes, KEY_SIZE) == 0);
			must(memcmp(key.public_half, zeros.public_half, KEY_SIZE) == 0);
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buffer text = {0};

	put_text(&text, data, size);
	buffer_add_text(&text, ""); /* so that there are bytes to point to */
	check_kinds(&text);
	check_public(&text);
	buffer_free(&text);
	return 0;
}
