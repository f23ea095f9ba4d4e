#include "webhook.h"

#include <bearssl.h>
#include <nettle/memops.h>
#include <stdlib.h>
#include <string.h>

#include "git_url.h"
#include "hash.h"
#include "json.h"
#include "secret.h"

static const char *const members[] = {"clone_url", "ssh_url", "git_url", "html_url"};

static void sign(const void *secret, size_t secret_length, const void *body,
		 size_t length, char hex[HASH_HEX_SIZE + 1])
{
	unsigned char digest[HASH_SIZE];
	br_hmac_key_context key;
	br_hmac_context hmac;

	br_hmac_key_init(&key, &br_sha256_vtable, secret, secret_length);
	br_hmac_init(&hmac, &key, 0);
	br_hmac_update(&hmac, body, length);
	br_hmac_out(&hmac, digest);
	explicit_bzero(&key, sizeof key);
	explicit_bzero(&hmac, sizeof hmac);
	secret_wipe_stack();
	hex_encode(digest, HASH_SIZE, hex);
}

bool webhook_check_signature(const char *signature, const void *secret,
			     size_t secret_length, const void *body, size_t length,
			     struct reason *why)
{
	static const char method[] = "sha256=";
	const char *digits = signature + sizeof method - 1;
	char given[HASH_HEX_SIZE], expected[HASH_HEX_SIZE + 1];

	if (signature[0] == '\0')
		return refuse(why, "no signature");
	if (strncmp(signature, method, sizeof method - 1) != 0 ||
	    strspn(digits, "0123456789abcdefABCDEF") != HASH_HEX_SIZE ||
	    digits[HASH_HEX_SIZE] != '\0')
		return refuse(why, "the signature is not sha256= and 64 hexadecimal "
				   "digits");
	/* The bit that lower-case letters have, and digits too. */
	for (size_t i = 0; i < HASH_HEX_SIZE; i++)
		given[i] = (char)(digits[i] | 0x20);
	sign(secret, secret_length, body, length, expected);
	return memeql_sec(given, expected, HASH_HEX_SIZE) ||
	       refuse(why, "the signature does not hold");
}

/* Whether line, with its newline, is one of those from start on. */
static bool has_line(const struct buffer *lines, size_t start, const struct buffer *line)
{
	while (start < lines->length) {
		const char *at = lines->data + start;
		const char *newline = memchr(at, '\n', lines->length - start);
		size_t length = (size_t)(newline - at) + 1;

		if (length == line->length && memcmp(at, line->data, length) == 0)
			return true;
		start += length;
	}
	return false;
}

static bool is_plain_text(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)text[i] < 0x20 || text[i] == 0x7F)
			return false;
	return length > 0;
}

static void put_repository(struct buffer *out, size_t start, const struct json *json,
			   json_value url)
{
	struct buffer line = {0};
	size_t length;
	char *text;

	if (url == JSON_NONE || json_type(json, url) != JSON_STRING)
		return;
	text = json_string(json, url, &length);
	if (is_plain_text(text, length)) {
		git_url_normalize(text, &line);
		buffer_add_byte(&line, '\n');
	}
	free(text);
	if (line.length > 1 && !has_line(out, start, &line))
		buffer_add(out, line.data, line.length);
	buffer_free(&line);
}

bool webhook_put_repositories(struct buffer *out, const char *body, size_t length,
			      struct reason *why)
{
	size_t start = out->length;
	json_value repository;
	struct json json;

	if (!json_parse(&json, body, length, why))
		return false;
	if (json_type(&json, 0) != JSON_OBJECT) {
		json_free(&json);
		return refuse(why, "no object");
	}
	repository = json_member(&json, 0, "repository");
	for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
		if (repository != JSON_NONE)
			put_repository(out, start, &json,
				       json_member(&json, repository, members[i]));
	json_free(&json);
	return true;
}
