/* pk-sign: tar archive -> the same, signed; or the digest that is to be signed. */
#include <stdio.h>
#include <unistd.h>

#include "cli.h"
#include "container.h"
#include "envelope.h"
#include "io.h"
#include "signer.h"

/* Bytes: large writes for a large archive. */
enum { OUTPUT_BUFFER = 256 * 1024 };

static const char usage[] = "usage: pk-sign -k KEYFILE\n"
			    "       pk-sign -n\n"
			    "       pk-sign -a SIGNATURE -p PUBKEY\n";

static bool read_input(void *source, void *bytes, size_t count, size_t *got,
		       struct reason *why)
{
	ssize_t result = read_full(STDIN_FILENO, bytes, count);

	(void)source;
	*got = result < 0 ? 0 : (size_t)result;
	return result >= 0 || refuse_errno(why, "standard input");
}

static void pass_on(void *context, const void *bytes, size_t count)
{
	(void)context;
	output_gathered(bytes, count);
}

/* Reads the archive to its end, passing on all but a signature, and gives the digest of
 * what was passed on. Dies on an archive that is not whole: it must not be signed. */
static void read_archive(container_sink *sink, unsigned char digest[HASH_SIZE],
			 int64_t *time)
{
	struct container container;
	struct tar_entry entry;
	struct reason why;

	container_start(&container, read_input, NULL, sink, NULL);
	do {
		if (!container_next(&container, &entry, &why))
			die("%s", why.text);
		if (container.part != PART_END && entry.size > 0 &&
		    !container_skip(&container, &why))
			die("%s", why.text);
	} while (container.part != PART_END);
	hash_digest(&container.signed_bytes, digest);
	*time = container.time;
	container_free(&container);
}

static void put_signature(const struct envelope *envelope, int64_t time)
{
	struct buffer content = {0}, out = {0};

	envelope_put(&content, envelope);
	tar_put_file(&out, SIGNATURE_NAME, &content, time);
	tar_put_trailer(&out);
	output_gathered(out.data, out.length);
	buffer_free(&content);
	buffer_free(&out);
}

int main(int argc, char *argv[])
{
	unsigned char digest[HASH_SIZE];
	struct signer signer = {0};
	struct envelope envelope;
	struct reason why;
	int64_t time;
	int option;

	cli_start("pk-sign", usage);
	setvbuf(stdout, NULL, _IOFBF, OUTPUT_BUFFER);
	while ((option = cli_option(argc, argv, SIGNER_OPTIONS)) != -1)
		signer_option(&signer, option, optarg);
	if (optind < argc)
		usage_error("the archive comes on standard input");
	if (!signer_open(&signer, &why))
		die("%s", why.text);
	read_archive(signer.digest_only ? NULL : pass_on, digest, &time);
	if (signer.digest_only) {
		output_gathered(digest, HASH_SIZE);
	} else {
		if (!signer_sign(&signer, digest, "archive", &envelope, &why))
			die("%s", why.text);
		put_signature(&envelope, time);
	}
	output_finish();
	return 0;
}
