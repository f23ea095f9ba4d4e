/* Which keys are trusted, and whether a signature is good (§5.3). All that decides on
 * trust is in this file and trust.c. */
#ifndef TRUST_H
#define TRUST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "envelope.h"
#include "hash.h"
#include "key.h"
#include "report.h"

enum key_status { KEY_ACTIVE, KEY_TRANSITIONING, KEY_REVOKED };

struct trusted_key {
	struct public_key key;
	enum key_status status;
	int64_t valid_until; /* seconds since 1970, of a transitioning key */
};

/* The trust set of one repository. Start with {0}; give back with trust_free. */
struct trust {
	struct trusted_key *keys;
	size_t count;
};

/* Adds a key that is trusted without end. */
void trust_add(struct trust *trust, const struct public_key *key);

/* Adds the keys that a repository's descriptor lists, with their status. The keys
 * themselves come from keys/<fingerprint>.pub beside the descriptor and must have these
 * fingerprints. The descriptor's own signature is not looked at. */
bool trust_add_descriptor(struct trust *trust, const char *path, struct reason *why);

/* Whether a signature over a digest is that of a trusted key, at a time in seconds since
 * 1970. Refused, each with its own reason: key not in the set, revoked, past its date,
 * bad signature. */
bool trust_check(const struct trust *trust, const struct envelope *envelope,
		 const unsigned char digest[HASH_SIZE], int64_t now, struct reason *why);

void trust_free(struct trust *trust);

#endif
