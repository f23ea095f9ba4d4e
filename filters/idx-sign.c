/* idx-sign: document -> its detached signature; or the digest that is to be signed. */
#include <stdio.h>
#include <unistd.h>

#include "cli.h"
#include "envelope.h"
#include "hash.h"
#include "io.h"
#include "json.h"
#include "json_scan.h"
#include "signer.h"

static const char usage[] = "usage: idx-sign -k KEYFILE\n"
			    "       idx-sign -n\n"
			    "       idx-sign -a SIGNATURE -p PUBKEY\n";

/* How far a document was read. */
struct reader {
	struct json_scan scan;
	bool has_started;
	bool has_newline; /* the last byte of it */
};

/* Dies on what cannot be the next part of one object with a newline behind it. */
static void take_bytes(struct reader *reader, const char *bytes, size_t count)
{
	if (!reader->has_started && bytes[0] != '{')
		die("standard input: does not start with the '{' of an object");
	reader->has_started = true;
	if (!reader->scan.ended) {
		size_t inside = json_scan(&reader->scan, bytes, count);
		bytes += inside;
		count -= inside;
	}
	if (count == 0)
		return;
	if (reader->has_newline || count > 1 || bytes[0] != '\n')
		die("standard input: something else than one newline behind the object");
	reader->has_newline = true;
}

/* Whether the brackets are those of one object is all that a memory that does not grow
 * can tell. */
static void check_brackets(const struct json_scan *scan)
{
	if (scan->deepest > JSON_DEPTH)
		die("standard input: nested deeper than %d levels [§1.3]", JSON_DEPTH);
	if (scan->mismatched)
		die("standard input: brackets that do not match");
}

/* Reads the document to its end and gives the digest of its bytes. Dies on one that is
 * not whole: it must not be signed. */
static void read_document(unsigned char digest[HASH_SIZE])
{
	static char bytes[256 * 1024];
	struct reader reader = {0};
	struct hash hash;
	ssize_t count;

	hash_start(&hash);
	while ((count = read_full(STDIN_FILENO, bytes, sizeof bytes)) > 0) {
		take_bytes(&reader, bytes, (size_t)count);
		hash_update(&hash, bytes, (size_t)count);
	}
	if (count < 0)
		die_errno("standard input");
	if (!reader.has_started)
		die("standard input: empty");
	if (!reader.has_newline)
		die("standard input: cut short, no %s",
		    reader.scan.ended ? "newline behind the object"
				      : "end of the object");
	check_brackets(&reader.scan);
	hash_digest(&hash, digest);
}

int main(int argc, char *argv[])
{
	unsigned char digest[HASH_SIZE];
	struct signer signer = {0};
	struct envelope envelope;
	struct buffer out = {0};
	struct reason why;
	int option;

	cli_start("idx-sign", usage);
	while ((option = cli_option(argc, argv, SIGNER_OPTIONS)) != -1)
		signer_option(&signer, option, optarg);
	if (optind < argc)
		usage_error("the document comes on standard input");
	if (!signer_open(&signer, &why))
		die("%s", why.text);
	read_document(digest);
	if (signer.digest_only) {
		output(digest, HASH_SIZE);
	} else {
		if (!signer_sign(&signer, digest, "document", &envelope, &why))
			die("%s", why.text);
		envelope_put(&out, &envelope);
		output(out.data, out.length);
		buffer_free(&out);
	}
	output_finish();
	return 0;
}
