/* pk-unzstd: zstd frames -> bytes, bounded. */
#include <limits.h>
#include <unistd.h>

#include "cli.h"
#include "decoder.h"
#include "io.h"

static const char usage[] = "usage: pk-unzstd [-m MAXBYTES]\n";

/* What was good before the input is refused is written all the same: the status tells. */
static void decode(uint64_t limit)
{
	static char bytes[256 * 1024];
	struct decoder *decoder = decoder_open(STDIN_FILENO, "standard input");
	struct reason why;
	size_t got;
	bool good;

	decoder_limit(decoder, limit);
	do {
		good = decoder_read(decoder, bytes, sizeof bytes, &got, &why);
		output(bytes, got);
	} while (good && got == sizeof bytes);
	decoder_close(decoder);
	if (!good)
		die("%s", why.text);
}

int main(int argc, char *argv[])
{
	uint64_t limit = DECODER_LIMIT;

	cli_start("pk-unzstd", usage);
	while (cli_option(argc, argv, "m:") != -1)
		limit = (uint64_t)cli_number('m', optarg, 0, LLONG_MAX);
	if (optind < argc)
		usage_error("no operands are taken, not '%s'", argv[optind]);
	if (limit > DECODER_LIMIT)
		warn("up to %llu bytes may come out, more than the usual 4 GiB [§3.5.4]",
		     (unsigned long long)limit);
	decode(limit);
	output_finish();
	return 0;
}
