/* pk-key: private or public key -> public key, or its fingerprint. */
#include <getopt.h>

#include "cli.h"
#include "io.h"
#include "key.h"

static const char usage[] = "usage: pk-key [-p] [-f | -g | -s]\n";

enum { GROUP_SIZE = 4 };

static void put_groups(struct buffer *out, const char *fingerprint)
{
	for (int i = 0; i < HASH_HEX_SIZE; i += GROUP_SIZE) {
		if (i > 0)
			buffer_add_byte(out, ' ');
		buffer_add(out, fingerprint + i, GROUP_SIZE);
	}
	buffer_add_byte(out, '\n');
}

static void put_key(struct buffer *out, const struct public_key *key, int form)
{
	switch (form) {
	case 'f':
		buffer_printf(out, "%s\n", key->fingerprint);
		break;
	case 'g':
		put_groups(out, key->fingerprint);
		break;
	case 's':
		buffer_add(out, key->bytes, KEY_SIZE);
		break;
	default:
		key_put_pem(out, key);
	}
}

int main(int argc, char *argv[])
{
	bool (*read_key)(const char *, struct public_key *, struct reason *) =
		key_read_public_half;
	struct public_key key;
	struct buffer out = {0};
	struct reason why;
	int option, form = 0;

	cli_start("pk-key", usage);
	if (!key_protect_process(&why))
		die("%s", why.text);
	while ((option = cli_option(argc, argv, "fgps")) != -1) {
		if (option == 'p')
			read_key = key_read_public;
		else if (form != 0 && form != option)
			usage_error("-%c and -%c exclude each other", form, option);
		else
			form = option;
	}
	if (optind < argc)
		usage_error("a key is read from standard input");
	if (!read_key(NULL, &key, &why))
		die("%s", why.text);
	put_key(&out, &key, form);
	output(out.data, out.length);
	buffer_free(&out);
	output_finish();
	return 0;
}
