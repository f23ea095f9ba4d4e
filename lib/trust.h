/* Which keys are trusted, and whether a signature is good (§5.3). All that decides on
 * trust is in this file, trust_keys.c and trust.c, and in what descriptor.c reads of a
 * descriptor. */
#ifndef TRUST_H
#define TRUST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "descriptor.h"
#include "envelope.h"
#include "hash.h"
#include "key.h"
#include "report.h"

struct trusted_key {
	struct public_key key;
	enum key_status status;
	int64_t valid_until; /* seconds since 1970, of a transitioning key */
	char *fault; /* why nothing more than its fingerprint, which may be empty, is
		      * known of it, so that nothing is trusted for its sake; or null */
};

/* The trust set of one repository. Start with {0}; give back with trust_free. */
struct trust {
	struct trusted_key *keys;
	size_t count;
};

/* Adds a key that is trusted without end. */
void trust_add(struct trust *trust, const struct public_key *key);

/* Adds the keys that the descriptor at that path lists, with their status. The keys
 * themselves come from keys/<fingerprint>.pub beside the descriptor, which have to be
 * regular files and have these fingerprints. The descriptor's own signature is not looked
 * at. Reasons start with the path. */
bool trust_add_descriptor(struct trust *trust, const char *path, struct reason *why);

/* Adds each key that has a file in keys/ beside the descriptor at that path, as trusted
 * without end: all that it lists, whatever their status, and all that it listed once. A
 * file of such a name that is not its key is a warning. Fails when the directory cannot
 * be read; the reason starts with its path. */
bool trust_add_former(struct trust *trust, const char *descriptor, struct findings *found,
		      struct reason *why);

/* The key of that fingerprint, valid until the set is changed, if what it signed is
 * trusted at a time in seconds since 1970. Null with a reason if the set does not have
 * it, or it is revoked or past its date. */
const struct trusted_key *trust_find(const struct trust *trust, const char *fingerprint,
				     int64_t now, struct reason *why);

/* As trust_add_descriptor, of a descriptor that may have faults and miss files: what can
 * be read of it is added, and each other key with its fault; a key that may be any when
 * the descriptor cannot be read. For those who want to know which signatures hold beside
 * such a fault: the descriptor is none to trust. */
void trust_add_readable(struct trust *trust, const char *path);

/* The fault for which nobody can tell whether a signature that was refused is good: that
 * of the key of that fingerprint, if it is listed; otherwise of one whose fingerprint
 * cannot be told. With an empty fingerprint, of any key. Null if there is none. */
const char *trust_fault(const struct trust *trust, const char *fingerprint);

/* Whether a signature over a digest is that of a trusted key, at a time in seconds since
 * 1970. Refused, each with its own reason: key not in the set, revoked, past its date,
 * bad signature. */
bool trust_check(const struct trust *trust, const struct envelope *envelope,
		 const unsigned char digest[HASH_SIZE], int64_t now, struct reason *why);

/* As trust_check, of a signature over message[0..count) that does not say whose it is:
 * every key is tried. The fingerprint of the one that fits is put into the envelope. */
bool trust_check_bare(const struct trust *trust, struct envelope *envelope,
		      const void *message, size_t count, int64_t now, struct reason *why);

void trust_free(struct trust *trust);

#endif
