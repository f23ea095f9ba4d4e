/* What an index lists under a name, in short: enough to tell whether another index lists
 * the same there. */
#ifndef LISTING_H
#define LISTING_H

#include <stdbool.h>

#include "hash.h"
#include "identity.h"
#include "index_entry.h"

/* Start with {0}; give back with listing_free. */
struct listing {
	char name[NAME_MOST + 1];
	char *file_name;		 /* name_version_architecture.peipkg */
	char hash[HASH_HEX_SIZE + 1];	 /* of that file */
	unsigned char digest[HASH_SIZE]; /* of what the entry says besides */
	bool is_unclear; /* an entry of that name cannot be read: only the name counts */
	bool is_misplaced; /* found to be out of order */
};

/* Takes down an entry in the place of what was there; the two flags stay. */
void listing_set(struct listing *listing, const struct index_entry *entry);
void listing_free(struct listing *listing);

#endif
