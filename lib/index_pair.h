/* Whether the active index lists, for each name, what is the archive's highest version
 * (§6.2.9, §6.3.6).
 *
 * Each index hands in its names one after the other. What the other has not handed in yet
 * waits. With both in order, and the one that is behind asked next, hardly anything does;
 * without order all of it may, but the findings are the same. */
#ifndef INDEX_PAIR_H
#define INDEX_PAIR_H

#include <stdbool.h>

#include "index.h"
#include "listing.h"
#include "report.h"

/* Start with {0}; give back with index_pair_free. */
struct index_pair {
	void *waiting[2]; /* trees of listings, for each kind of index */
	bool ended[2];
	bool complete[2];
};

/* Takes the next name of an index, whose listing it takes over and empties. Reports how
 * it differs from that of the other index, and that the other has none, if it ended.
 * Returns whether the two are known to be the same in everything. */
bool index_pair_take(struct index_pair *pair, enum index_kind kind,
		     struct listing *listing, struct findings *found);

/* Takes it that an index has no more names, and reports those of the other that waited
 * for it in vain; `complete` says whether there is none that could not be handed in. If
 * there is, nothing is known to be missing in that index. */
void index_pair_end(struct index_pair *pair, enum index_kind kind, bool complete,
		    struct findings *found);
void index_pair_free(struct index_pair *pair);

#endif
