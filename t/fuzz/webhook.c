/* The body of a webhook, behind a first line with its signature. What is read of it are
 * at most four lines, all different and plain, and the same of its canonical form. */
#include "webhook.h"

#include <bearssl.h>

#include "fuzz.h"
#include "hash.h"
#include "json.h"

enum { LINES_MOST = 4 };

static const char secret[] = "It's a Secret to Everybody";

static void check_lines(const struct buffer *lines)
{
	const char *starts[LINES_MOST];
	size_t lengths[LINES_MOST], count = 0;

	for (size_t start = 0, at = 0; at < lines->length; at++) {
		if (lines->data[at] != '\n') {
			must((unsigned char)lines->data[at] >= 0x20);
			continue;
		}
		must(at > start && count < LINES_MOST);
		starts[count] = lines->data + start;
		lengths[count] = at - start;
		for (size_t i = 0; i < count; i++)
			must(lengths[i] != lengths[count] ||
			     memcmp(starts[i], starts[count], lengths[i]) != 0);
		count++;
		start = at + 1;
	}
	must(lines->length == 0 || lines->data[lines->length - 1] == '\n');
}

static void check_canonical(const char *body, size_t length, const struct buffer *lines)
{
	struct buffer text = {0}, again = {0};
	struct json json;
	struct reason why;

	must(json_parse(&json, body, length, &why));
	json_put_value(&text, &json, 0);
	json_free(&json);
	must(webhook_put_repositories(&again, text.data, text.length, &why));
	must(again.length == lines->length &&
	     (again.length == 0 || memcmp(again.data, lines->data, again.length) == 0));
	buffer_free(&text);
	buffer_free(&again);
}

/* The signature that a body has, and no other body. */
static void check_signature(const char *body, size_t length)
{
	unsigned char code[HASH_SIZE];
	struct buffer signature = {0};
	br_hmac_key_context key;
	br_hmac_context hmac;
	struct reason why;

	br_hmac_key_init(&key, &br_sha256_vtable, secret, sizeof secret - 1);
	br_hmac_init(&hmac, &key, 0);
	br_hmac_update(&hmac, body, length);
	br_hmac_out(&hmac, code);
	buffer_add_text(&signature, "sha256=");
	hex_encode(code, HASH_SIZE, buffer_reserve(&signature, HASH_HEX_SIZE + 1));
	must(webhook_check_signature(signature.data, secret, sizeof secret - 1, body,
				     length, &why));
	must(length == 0 ||
	     !webhook_check_signature(signature.data, secret, sizeof secret - 1, body,
				      length - 1, &why));
	buffer_free(&signature);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buffer lines = {0};
	const char *signature, *body;
	struct reason why;
	size_t length;
	char *text;

	two_texts(data, size, &text, &body);
	signature = text;
	length = *body != '\0' ? size - (size_t)(body - text) : 0;
	must(!webhook_check_signature(signature, secret, sizeof secret - 1, body, length,
				      &why));
	check_signature(body, length);
	if (webhook_put_repositories(&lines, body, length, &why)) {
		check_lines(&lines);
		check_canonical(body, length, &lines);
	} else {
		must(lines.length == 0);
	}
	buffer_free(&lines);
	free(text);
	return 0;
}
