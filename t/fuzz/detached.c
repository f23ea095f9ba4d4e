/* Detached signatures: the document on the first line, the signature behind it, in which
 * "@E" is an envelope of the document's signature, "@B" the base64 of one over the
 * document itself, and "@F" the fingerprint of the key. One that is good is the key's,
 * and of no other document. */
#include "detached.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base64.h"
#include "io.h"
#include "test_key.h"

static void put_bare(struct buffer *out, const char *document)
{
	unsigned char signature[SIGNATURE_SIZE];

	key_sign(test_key(), document, strlen(document), signature);
	base64_put(out, signature, sizeof signature);
}

static void put_signature(struct buffer *out, const char *document, const char *text)
{
	for (; *text != '\0'; text++) {
		if (text[0] == '@' && text[1] == 'E')
			put_test_envelope(out, document, strlen(document));
		else if (text[0] == '@' && text[1] == 'B')
			put_bare(out, document);
		else if (text[0] == '@' && text[1] == 'F')
			buffer_add_text(out, test_key()->public_key.fingerprint);
		else
			buffer_add_byte(out, *text);
		if (text[0] == '@' && text[1] != '\0' && strchr("EBF", text[1]) != NULL)
			text++;
	}
	buffer_add_text(out, "");
}

/* Writes the path of a file with that text, good as long as the descriptor. */
static int open_text(const char *text, char path[64])
{
	int fd = memfd_create("text", MFD_CLOEXEC);

	must(fd >= 0 && write_full(fd, text, strlen(text)));
	snprintf(path, 64, "/proc/self/fd/%d", fd);
	return fd;
}

static bool verify(const char *document, const char *signature)
{
	char fingerprint[HASH_HEX_SIZE + 1], document_path[64], signature_path[64];
	int document_fd = open_text(document, document_path);
	int signature_fd = open_text(signature, signature_path);
	struct reason why;
	struct input *in = input_open(document_path, &why);
	bool good;

	must(in != NULL);
	good = detached_verify(in, signature_path, test_trust(), 0, fingerprint, &why);
	must(!good || strcmp(fingerprint, test_key()->public_key.fingerprint) == 0);
	input_close(in);
	close(signature_fd);
	close(document_fd);
	return good;
}

static bool is_gzip(const char *document)
{
	return document[0] == '\x1f' && document[1] == '\x8b';
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buffer signature = {0}, longer = {0};
	const char *text;
	char *document;

	two_texts(data, size, &document, &text);
	put_signature(&signature, document, text);
	if (verify(document, signature.data)) {
		buffer_printf(&longer, "%s ", document);
		must(!verify(longer.data, signature.data));
		buffer_free(&longer);
	} else {
		must(is_gzip(document) ||
		     (strcmp(text, "@E") != 0 && strcmp(text, "@B") != 0));
	}
	buffer_free(&signature);
	free(document);
	return 0;
}
