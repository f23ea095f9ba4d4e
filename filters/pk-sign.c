/* pk-sign: tar archive -> the same, signed; or the digest that is to be signed. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "container.h"
#include "envelope.h"
#include "io.h"
#include "key.h"

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
	if (fwrite(bytes, 1, count, stdout) < count)
		output_check();
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
	pass_on(NULL, out.data, out.length);
	buffer_free(&content);
	buffer_free(&out);
}

static void sign(const char *key_path)
{
	unsigned char digest[HASH_SIZE];
	struct envelope envelope;
	struct private_key key;
	struct reason why;
	int64_t time;

	key_protect_process();
	if (!key_read_private(key_path, &key, &why))
		die("%s", why.text);
	read_archive(pass_on, digest, &time);
	envelope_sign(&envelope, &key, digest);
	key_wipe(&key);
	put_signature(&envelope, time);
}

static void write_digest(void)
{
	unsigned char digest[HASH_SIZE];
	int64_t time;

	read_archive(NULL, digest, &time);
	fwrite(digest, 1, HASH_SIZE, stdout);
}

static void read_signature(const char *path, unsigned char signature[SIGNATURE_SIZE])
{
	unsigned char bytes[SIGNATURE_SIZE + 1];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t count = fd < 0 ? -1 : read_full(fd, bytes, sizeof bytes);

	if (count < 0)
		die_errno("%s", path);
	if (count != SIGNATURE_SIZE)
		die("%s: not a raw signature of %d bytes", path, SIGNATURE_SIZE);
	memcpy(signature, bytes, SIGNATURE_SIZE);
	close(fd);
}

static void attach(const char *signature_path, const char *key_path)
{
	unsigned char digest[HASH_SIZE];
	struct envelope envelope;
	struct public_key key;
	struct reason why;
	int64_t time;

	read_signature(signature_path, envelope.signature);
	if (!key_read_public(key_path, &key, &why))
		die("%s", why.text);
	read_archive(pass_on, digest, &time);
	if (!key_verify(&key, digest, HASH_SIZE, envelope.signature))
		die("%s: no signature of this archive by %s [§5.3.2]", signature_path,
		    key_path);
	memcpy(envelope.fingerprint, key.fingerprint, sizeof envelope.fingerprint);
	put_signature(&envelope, time);
}

int main(int argc, char *argv[])
{
	const char *key = NULL, *signature = NULL, *public_key = NULL;
	bool digest_only = false;
	int option;

	cli_start("pk-sign", usage);
	setvbuf(stdout, NULL, _IOFBF, OUTPUT_BUFFER);
	while ((option = cli_option(argc, argv, "k:na:p:")) != -1) {
		if (option == 'k')
			key = optarg;
		else if (option == 'n')
			digest_only = true;
		else if (option == 'a')
			signature = optarg;
		else
			public_key = optarg;
	}
	if (optind < argc)
		usage_error("the archive comes on standard input");
	if ((key != NULL) + digest_only + (signature != NULL) != 1)
		usage_error("one of -k, -n and -a is wanted");
	if ((signature != NULL) != (public_key != NULL))
		usage_error("-a and -p go together");
	if (key != NULL)
		sign(key);
	else if (digest_only)
		write_digest();
	else
		attach(signature, public_key);
	output_finish();
	return 0;
}
