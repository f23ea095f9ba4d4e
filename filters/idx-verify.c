/* idx-verify: document and its detached signature -> who signed it, or a refusal. */
#include <stdio.h>
#include <unistd.h>

#include "cli.h"
#include "detached.h"
#include "input.h"
#include "io.h"
#include "trust_choice.h"

static const char usage[] = "usage: idx-verify -k PUBKEY [-k PUBKEY]... SIGNATURE\n"
			    "       idx-verify -d DESCRIPTOR [-r] [-t NOW] SIGNATURE\n";

int main(int argc, char *argv[])
{
	char fingerprint[HASH_HEX_SIZE + 1];
	struct trust_choice choice = {0};
	struct reason why;
	struct input *in;
	int option;

	cli_start("idx-verify", usage);
	while ((option = cli_option(argc, argv, TRUST_OPTIONS_OF_READABLE)) != -1)
		if (!trust_choice_option(&choice, option, optarg, &why))
			die("%s", why.text);
	if (argc - optind != 1)
		usage_error("one signature is wanted; the document comes on standard "
			    "input");
	if (!trust_choice_finish(&choice, &why))
		die("%s", why.text);
	in = input_open(NULL, &why);
	if (!detached_verify(in, argv[optind], &choice.trust, choice.now, fingerprint,
			     &why))
		die("%s", why.text);
	input_close(in);
	trust_free(&choice.trust);
	puts(fingerprint);
	output_finish();
	return 0;
}
