/* A public key that parses is the same one as PEM; private keys are told apart only. */
#include "fuzz.h"
#include "key_parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct public_key key, again;
	struct parsed_key parsed;
	struct buffer pem = {0};
	struct reason why;

	(void)key_parse(text, size, KEY_EITHER, &parsed, &why);
	if (!key_parse_public(text, size, &key, &why))
		return 0;
	key_put_pem(&pem, &key);
	must(key_parse_public(pem.data, pem.length, &again, &why));
	must(memcmp(key.bytes, again.bytes, KEY_SIZE) == 0);
	buffer_free(&pem);
	return 0;
}
