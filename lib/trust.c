#include "trust.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "path.h"

static void add(struct trust *trust, const struct trusted_key *key)
{
	trust->keys = grow_array(trust->keys, trust->count, sizeof *trust->keys);
	trust->keys[trust->count++] = *key;
}

void trust_add(struct trust *trust, const struct public_key *key)
{
	add(trust, &(struct trusted_key){.key = *key, .status = KEY_ACTIVE});
}

/* A published key is a file: nobody has to wait for the writer of a FIFO. */
static bool check_regular(const char *path, struct reason *why)
{
	struct stat status;

	if (stat(path, &status) < 0)
		return refuse_errno(why, "%s", path);
	return S_ISREG(status.st_mode) || refuse(why, "%s: no regular file", path);
}

static bool read_published(const char *path, const char *fingerprint,
			   struct public_key *key, struct reason *why)
{
	if (!check_regular(path, why) || !key_read_public(path, key, why))
		return false;
	return strcmp(key->fingerprint, fingerprint) == 0 ||
	       refuse(why, "%s: holds the key %s [§6.1.3]", path, key->fingerprint);
}

static bool add_listed(struct trust *trust, const struct descriptor_key *listed,
		       const char *descriptor, struct reason *why)
{
	struct trusted_key key = {.status = listed->status,
				  .valid_until = listed->valid_until};
	struct buffer path = {0};
	bool good;

	buffer_add(&path, descriptor, (size_t)(path_base(descriptor) - descriptor));
	buffer_printf(&path, "keys/%s.pub", listed->fingerprint);
	good = read_published(path.data, listed->fingerprint, &key.key, why);
	buffer_free(&path);
	if (good)
		add(trust, &key);
	return good;
}

bool trust_add_descriptor(struct trust *trust, const char *path, struct reason *why)
{
	struct descriptor descriptor;
	bool good = true;

	if (!descriptor_read(&descriptor, path, why))
		return false;
	for (size_t i = 0; good && i < descriptor.key_count; i++)
		good = add_listed(trust, &descriptor.keys[i], path, why);
	descriptor_free(&descriptor);
	return good || refuse_in(why, "%s: repo.signing.keys", path);
}

/* Whether a key may have signed what is trusted now. */
static bool check_standing(const struct trusted_key *key, int64_t now, struct reason *why)
{
	if (key->status == KEY_REVOKED)
		return refuse(why, "signed by %s, which is revoked [§5.2.6]",
			      key->key.fingerprint);
	if (key->status == KEY_TRANSITIONING && now > key->valid_until)
		return refuse(why, "signed by %s, which is past its valid_until [§5.2.6]",
			      key->key.fingerprint);
	return true;
}

static const struct trusted_key *find(const struct trust *trust, const char *fingerprint)
{
	for (size_t i = 0; i < trust->count; i++)
		if (strcmp(trust->keys[i].key.fingerprint, fingerprint) == 0)
			return &trust->keys[i];
	return NULL;
}

bool trust_check(const struct trust *trust, const struct envelope *envelope,
		 const unsigned char digest[HASH_SIZE], int64_t now, struct reason *why)
{
	const struct trusted_key *key = find(trust, envelope->fingerprint);

	if (key == NULL)
		return refuse(why, "signed by %s, which is not trusted [§5.3.4]",
			      envelope->fingerprint);
	if (!check_standing(key, now, why))
		return false;
	if (!key_verify(&key->key, digest, HASH_SIZE, envelope->signature))
		return refuse(why, "bad signature by %s [§5.3.4]", envelope->fingerprint);
	return true;
}

bool trust_check_bare(const struct trust *trust, struct envelope *envelope,
		      const void *message, size_t count, int64_t now, struct reason *why)
{
	for (size_t i = 0; i < trust->count; i++) {
		const struct trusted_key *key = &trust->keys[i];

		if (!key_verify(&key->key, message, count, envelope->signature))
			continue;
		memcpy(envelope->fingerprint, key->key.fingerprint,
		       sizeof envelope->fingerprint);
		return check_standing(key, now, why);
	}
	return refuse(why, "no signature by any of the keys [§5.3.4]");
}

void trust_free(struct trust *trust)
{
	free(trust->keys);
	*trust = (struct trust){0};
}
