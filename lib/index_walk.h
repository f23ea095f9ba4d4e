/* An index read entry by entry, to be checked: what is no good entry is reported, and the
 * walk goes on. */
#ifndef INDEX_WALK_H
#define INDEX_WALK_H

#include <stdbool.h>
#include <stddef.h>

#include "index.h"
#include "index_entry.h"
#include "index_feed.h"
#include "report.h"

struct index_walk {
	const char *path;
	struct index *index; /* this and `feed` are null when it could not be opened */
	struct index_feed *feed;
	size_t number;	 /* of entries met so far */
	bool is_legible; /* all of them have a name that can be told */
	bool is_whole;	 /* the document was read to its end */
	bool at_end;	 /* or there is nothing more to be read from it */
	char greatest_name[NAME_MOST + 1]; /* of the good ones so far */

	/* The entry where the walk is, unless at_end. */
	const struct index_entry *entry; /* null if it is not good */
	char name[NAME_MOST + 1]; /* of a bad one too, or empty if it cannot be told */
	bool is_misplaced;	  /* it does not sort behind all names before */
};

/* Opens the index of that path, which has to outlive the walk, and goes to its first
 * entry. What happens to the index is all reported. Give back with index_walk_end. */
void index_walk_start(struct index_walk *walk, const char *path, struct findings *found);

/* Goes to the next entry, or to the end. */
void index_walk_next(struct index_walk *walk, struct findings *found);
void index_walk_end(struct index_walk *walk);

#endif
