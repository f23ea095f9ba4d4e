#include "trust.h"

#include <stdlib.h>
#include <string.h>

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

const struct trusted_key *trust_find(const struct trust *trust, const char *fingerprint,
				     int64_t now, struct reason *why)
{
	const struct trusted_key *key = find(trust, fingerprint);

	if (key == NULL || key->fault != NULL)
		refuse(why, "signed by %s, which is not trusted [§5.3.4]", fingerprint);
	else if (check_standing(key, now, why))
		return key;
	return NULL;
}

/* The first of which nothing is known. */
static const struct trusted_key *find_unknown(const struct trust *trust)
{
	for (size_t i = 0; i < trust->count; i++)
		if (trust->keys[i].fault != NULL)
			return &trust->keys[i];
	return NULL;
}

const char *trust_fault(const struct trust *trust, const char *fingerprint)
{
	const struct trusted_key *key = find(trust, fingerprint);

	if (fingerprint[0] == '\0')
		key = find_unknown(trust);
	else if (key == NULL)
		key = find(trust, "");
	return key != NULL ? key->fault : NULL;
}

bool trust_check(const struct trust *trust, const struct envelope *envelope,
		 const unsigned char digest[HASH_SIZE], int64_t now, struct reason *why)
{
	const struct trusted_key *key =
		trust_find(trust, envelope->fingerprint, now, why);

	if (key == NULL)
		return false;
	return key_verify(&key->key, digest, HASH_SIZE, envelope->signature) ||
	       refuse(why, "bad signature by %s [§5.3.4]", envelope->fingerprint);
}

bool trust_check_bare(const struct trust *trust, struct envelope *envelope,
		      const void *message, size_t count, int64_t now, struct reason *why)
{
	for (size_t i = 0; i < trust->count; i++) {
		const struct trusted_key *key = &trust->keys[i];

		if (key->fault != NULL ||
		    !key_verify(&key->key, message, count, envelope->signature))
			continue;
		memcpy(envelope->fingerprint, key->key.fingerprint,
		       sizeof envelope->fingerprint);
		return check_standing(key, now, why);
	}
	return refuse(why, "no signature by any of the keys [§5.3.4]");
}

void trust_free(struct trust *trust)
{
	for (size_t i = 0; i < trust->count; i++)
		free(trust->keys[i].fault);
	free(trust->keys);
	*trust = (struct trust){0};
}
