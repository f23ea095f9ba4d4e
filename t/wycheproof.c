/* Verifies signatures: lines "ID <tab> PUBLIC KEY <tab> MESSAGE <tab> SIGNATURE", all but
 * the ID in hexadecimal, -> lines "ID <tab> valid" or "ID <tab> invalid". The key is the
 * content of a key file: raw or PEM. */
#include <nettle/base16.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "io.h"
#include "key.h"

static struct buffer from_hex(const char *hex)
{
	struct base16_decode_ctx context;
	struct buffer bytes = {0};
	size_t length = strlen(hex);
	uint8_t *end = (uint8_t *)buffer_reserve(&bytes, BASE16_DECODE_LENGTH(length));

	base16_decode_init(&context);
	if (!base16_decode_update(&context, &bytes.length, end, length, hex) ||
	    !base16_decode_final(&context))
		die("'%s': not hexadecimal", hex);
	return bytes;
}

static bool verify(const struct buffer *key_file, const struct buffer *message,
		   const struct buffer *signature)
{
	struct public_key key;
	struct reason why;

	return key_parse_public(key_file->data, key_file->length, &key, &why) &&
	       signature->length == SIGNATURE_SIZE &&
	       key_verify(&key, message->data, message->length,
			  (const unsigned char *)signature->data);
}

static const char *next_field(char **line)
{
	const char *field = strsep(line, "\t\n");

	if (field == NULL)
		die("a line of fewer than four fields");
	return field;
}

int main(void)
{
	char *line = NULL;
	size_t size = 0;

	cli_start("wycheproof", "");
	while (getline(&line, &size, stdin) >= 0) {
		char *rest = line;
		const char *id = next_field(&rest);
		struct buffer key_file = from_hex(next_field(&rest));
		struct buffer message = from_hex(next_field(&rest));
		struct buffer signature = from_hex(next_field(&rest));

		printf("%s\t%s\n", id,
		       verify(&key_file, &message, &signature) ? "valid" : "invalid");
		buffer_free(&key_file);
		buffer_free(&message);
		buffer_free(&signature);
	}
	free(line);
	output_finish();
	return 0;
}
