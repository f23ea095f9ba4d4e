/* A repository's descriptor, repo.json (§6.1). */
#ifndef DESCRIPTOR_H
#define DESCRIPTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "document.h"
#include "hash.h"
#include "report.h"

enum { DESCRIPTOR_LIMIT = 4 * 1024 * 1024 }; /* bytes that clients fetch at most */

enum key_status { KEY_ACTIVE, KEY_TRANSITIONING, KEY_REVOKED };

struct descriptor_key {
	char fingerprint[HASH_HEX_SIZE + 1];
	enum key_status status;
	int64_t valid_until; /* seconds since 1970, of a transitioning key */
	json_value element;  /* in the document; JSON_NONE once it was added to it */
	bool is_changed;     /* since it was read */

	/* What descriptor_survey met: */
	bool is_unclear;   /* the status cannot be told; nor can an empty fingerprint */
	bool is_twice;	   /* it was listed before */
	const char *fault; /* the first of them in it; null: it is good */
};

struct descriptor {
	struct document document;
	char *source; /* what to call it in messages */
	char *name;   /* of the repository */
	struct descriptor_key *keys;
	size_t key_count;
	bool has_keys; /* there is an array of them */
	char **faults; /* that descriptor_survey met; each starts with `source` */
	size_t fault_count;
};

/* "active", "transitioning" or "revoked". */
const char *key_status_name(enum key_status status);

/* Reads a descriptor and what decides on trust in it: schema_version, signing algorithm,
 * keys with their status, none twice; and repo.name. A null path is standard input;
 * reasons start with the name of the input. On failure *descriptor needs no
 * descriptor_free. */
bool descriptor_read(struct descriptor *descriptor, const char *path, struct reason *why);

/* As descriptor_read, from a document in memory, which the descriptor takes over, failing
 * or not; source is what messages call it. */
bool descriptor_take(struct descriptor *descriptor, struct document *document,
		     const char *source, struct reason *why);

/* As descriptor_read, but takes everything that can be told, and gathers all that
 * descriptor_read would refuse, one after the other. Returns whether there is a document
 * at all; without name and keys it may be. Needs descriptor_free always. */
bool descriptor_survey(struct descriptor *descriptor, const char *path);
void descriptor_free(struct descriptor *descriptor);

/* Reports every other rule of §6.1 that a descriptor breaks, a surveyed one too: order of
 * the keys, one of them active, their urls, the two index pointers, name and description.
 * A warning is what it may say and these tools do not look after: urls that lead away
 * from the places of §6.4.2. */
void descriptor_check(const struct descriptor *descriptor, struct findings *found);

/* The key of that fingerprint, or null. */
struct descriptor_key *descriptor_find(const struct descriptor *descriptor,
				       const char *fingerprint);

#endif
