/* Signs standard input with the key file that its operand names: -> the raw signature. */
#include <stdio.h>

#include "cli.h"
#include "io.h"
#include "key.h"

int main(int argc, char *argv[])
{
	unsigned char signature[SIGNATURE_SIZE];
	struct private_key key;
	char message[4096];
	struct reason why;
	size_t count;

	cli_start("sign", "");
	if (argc != 2)
		die("one operand is wanted");
	count = fread(message, 1, sizeof message, stdin);
	if (!key_protect_process(&why) || !key_read_private(argv[1], &key, &why))
		die("%s", why.text);
	key_sign(&key, message, count, signature);
	key_wipe(&key);
	output(signature, sizeof signature);
	return 0;
}
