#include "detached.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base64.h"
#include "envelope.h"
#include "io.h"

/* How much of a document is read at once. */
enum { PIECE = 64 * 1024 };

struct signature {
	bool is_bare;
	struct envelope envelope; /* without a fingerprint if it is */
};

static bool read_file(const char *path, struct buffer *text, struct reason *why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	ssize_t count = -1;

	/* To open must not wait, in case this is a FIFO; to read may. */
	if (fd >= 0 && fcntl(fd, F_SETFL, 0) == 0)
		count = read_full(fd, buffer_reserve(text, DETACHED_LIMIT + 1),
				  DETACHED_LIMIT + 1);
	if (count < 0)
		refuse_errno(why, "%s", path);
	if (fd >= 0)
		close(fd);
	if (count < 0)
		return false;
	text->length = (size_t)count;
	return count <= DETACHED_LIMIT ||
	       refuse(why, "%s: over %d bytes, no signature", path, DETACHED_LIMIT);
}

static bool parse_bare(const struct buffer *text, struct envelope *envelope,
		       struct reason *why)
{
	size_t length = text->length;
	struct buffer bytes = {0};
	bool good;

	if (length > 0 && text->data[length - 1] == '\n')
		length--;
	good = base64_decode(text->data, length, &bytes, why);
	if (good && bytes.length != SIGNATURE_SIZE)
		good = refuse(why, "%zu bytes instead of %d [§6.1.6]", bytes.length,
			      SIGNATURE_SIZE);
	if (good)
		memcpy(envelope->signature, bytes.data, SIGNATURE_SIZE);
	buffer_free(&bytes);
	return good || refuse_in(why, "neither an envelope nor a bare signature");
}

/* An envelope may have white space before its brace, as any document. */
static bool parse(const struct buffer *text, struct signature *signature,
		  struct reason *why)
{
	size_t at = 0;

	while (at < text->length && strchr(" \t\r\n", text->data[at]) != NULL &&
	       text->data[at] != '\0')
		at++;
	*signature = (struct signature){0};
	signature->is_bare = at == text->length || text->data[at] != '{';
	if (signature->is_bare)
		return parse_bare(text, &signature->envelope, why);
	return envelope_parse(&signature->envelope, text->data, text->length, why);
}

static bool read_signature(const char *path, struct signature *signature,
			   struct reason *why)
{
	struct buffer text = {0};
	bool good = read_file(path, &text, why);

	if (good && !parse(&text, signature, why))
		good = refuse_in(why, "%s", path);
	buffer_free(&text);
	return good;
}

static bool hash_input(struct input *in, unsigned char digest[HASH_SIZE],
		       struct reason *why)
{
	char bytes[PIECE];
	struct hash hash;
	size_t got;

	hash_start(&hash);
	do {
		if (!input_read(in, bytes, sizeof bytes, &got, why))
			return false;
		hash_update(&hash, bytes, got);
	} while (got > 0);
	hash_digest(&hash, digest);
	return true;
}

static bool hold_input(struct input *in, struct buffer *document, struct reason *why)
{
	size_t got;

	do {
		char *end = buffer_reserve(document, PIECE);

		if (!input_read(in, end, PIECE, &got, why))
			return false;
		document->length += got;
		if (document->length > DETACHED_BARE_LIMIT)
			return refuse(why,
				      "%s: over %d bytes, too long for a bare "
				      "signature",
				      input_name(in), DETACHED_BARE_LIMIT);
	} while (got > 0);
	return true;
}

/* A signature that is refused, unless nobody can tell whether it is good. */
static bool refuse_signature(const char *path, const struct trust *trust,
			     const struct envelope *envelope, struct reason *why)
{
	const char *fault = trust_fault(trust, envelope->fingerprint);

	return fault != NULL ? refuse(why, "%s", fault) : refuse_in(why, "%s", path);
}

static bool verify_bare(struct input *in, const char *path, const struct trust *trust,
			int64_t now, struct envelope *envelope, struct reason *why)
{
	struct buffer document = {0};
	bool good = hold_input(in, &document, why);

	if (good &&
	    !trust_check_bare(trust, envelope, document.data, document.length, now, why))
		good = refuse_signature(path, trust, envelope, why);
	buffer_free(&document);
	return good;
}

bool detached_verify(struct input *in, const char *signature_path,
		     const struct trust *trust, int64_t now,
		     char fingerprint[HASH_HEX_SIZE + 1], struct reason *why)
{
	struct signature signature;
	struct envelope *envelope = &signature.envelope;
	unsigned char digest[HASH_SIZE];

	if (!read_signature(signature_path, &signature, why))
		return false;
	if (signature.is_bare) {
		if (!verify_bare(in, signature_path, trust, now, envelope, why))
			return false;
	} else {
		if (!hash_input(in, digest, why))
			return false;
		if (!trust_check(trust, envelope, digest, now, why))
			return refuse_signature(signature_path, trust, envelope, why);
	}
	memcpy(fingerprint, envelope->fingerprint, sizeof envelope->fingerprint);
	return true;
}
