/* Detached signatures: the document on the first line, the signature behind it. One that
 * is good is the key's, and of no other document. */
#include "detached.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "io.h"

/* RFC 8032, 7.1, TEST 1. */
static const unsigned char public_bytes[KEY_SIZE] = {
	0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe,
	0xd3, 0xc9, 0x64, 0x07, 0x3a, 0x0e, 0xe1, 0x72, 0xf3, 0xda, 0xa6,
	0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51, 0x1a,
};

/* Writes the path of a file with that text, good as long as the descriptor. */
static int open_text(const char *text, char path[64])
{
	int fd = memfd_create("text", MFD_CLOEXEC);

	must(fd >= 0 && write_full(fd, text, strlen(text)));
	snprintf(path, 64, "/proc/self/fd/%d", fd);
	return fd;
}

static bool verify(const char *document, const char *signature, const struct trust *trust)
{
	char fingerprint[HASH_HEX_SIZE + 1], document_path[64], signature_path[64];
	int document_fd = open_text(document, document_path);
	int signature_fd = open_text(signature, signature_path);
	struct reason why;
	struct input *in = input_open(document_path, &why);
	bool good;

	must(in != NULL);
	good = detached_verify(in, signature_path, trust, 0, fingerprint, &why);
	must(!good || strcmp(fingerprint, trust->keys[0].key.fingerprint) == 0);
	input_close(in);
	close(signature_fd);
	close(document_fd);
	return good;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct trust trust = {0};
	struct buffer longer = {0};
	struct public_key key;
	struct reason why;
	const char *signature;
	char *document;

	must(key_parse_public((const char *)public_bytes, KEY_SIZE, &key, &why));
	trust_add(&trust, &key);
	two_texts(data, size, &document, &signature);
	if (verify(document, signature, &trust)) {
		buffer_printf(&longer, "%s ", document);
		must(!verify(longer.data, signature, &trust));
		buffer_free(&longer);
	}
	trust_free(&trust);
	free(document);
	return 0;
}
