#include "signer.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "io.h"

void signer_option(struct signer *signer, int option, const char *value)
{
	if (option == 'k')
		signer->key_path = value;
	else if (option == 'n')
		signer->digest_only = true;
	else if (option == 'a')
		signer->signature_path = value;
	else
		signer->public_key_path = value;
}

static bool read_signature(const char *path, unsigned char signature[SIGNATURE_SIZE],
			   struct reason *why)
{
	unsigned char bytes[SIGNATURE_SIZE + 1]; /* one more, to see that there is more */
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t count = fd < 0 ? -1 : read_full(fd, bytes, sizeof bytes);

	if (count < 0)
		refuse_errno(why, "%s", path);
	else if (count != SIGNATURE_SIZE)
		refuse(why, "%s: not a raw signature of %d bytes", path, SIGNATURE_SIZE);
	else
		memcpy(signature, bytes, SIGNATURE_SIZE);
	if (fd >= 0)
		close(fd);
	return count == SIGNATURE_SIZE;
}

bool signer_open(struct signer *signer, struct reason *why)
{
	bool has_key = signer->key_path != NULL;
	bool has_signature = signer->signature_path != NULL;

	if (has_key + signer->digest_only + has_signature != 1)
		usage_error("one of -k, -n and -a is wanted");
	if (has_signature != (signer->public_key_path != NULL))
		usage_error("-a and -p go together");
	/* A message would put it into logs. */
	if (has_key && strstr(signer->key_path, "PRIVATE KEY") != NULL)
		usage_error("-k: the file of a key is wanted, not the key itself");
	if (has_signature)
		return read_signature(signer->signature_path, signer->signature, why) &&
		       key_read_public(signer->public_key_path, &signer->public_key, why);
	if (!has_key)
		return true;
	return key_protect_process(why) &&
	       key_read_private(signer->key_path, &signer->key, why);
}

static bool attach(const struct signer *signer, const unsigned char digest[HASH_SIZE],
		   const char *what, struct envelope *envelope, struct reason *why)
{
	const struct public_key *key = &signer->public_key;

	if (!key_verify(key, digest, HASH_SIZE, signer->signature))
		return refuse(why, "%s: no signature of this %s by %s [§5.3.2]",
			      signer->signature_path, what, signer->public_key_path);
	memcpy(envelope->signature, signer->signature, SIGNATURE_SIZE);
	memcpy(envelope->fingerprint, key->fingerprint, sizeof envelope->fingerprint);
	return true;
}

bool signer_sign(struct signer *signer, const unsigned char digest[HASH_SIZE],
		 const char *what, struct envelope *envelope, struct reason *why)
{
	if (signer->key_path == NULL)
		return attach(signer, digest, what, envelope, why);
	envelope_sign(envelope, &signer->key, digest);
	key_wipe(&signer->key);
	return true;
}
