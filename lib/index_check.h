/* The entries of a repository's two indexes, held against the rules that each has to keep
 * and against each other (§6.2, §6.3). */
#ifndef INDEX_CHECK_H
#define INDEX_CHECK_H

#include "index_walk.h"
#include "report.h"

/* Walks through both to their ends, always on in the one that is behind by name, so that
 * memory holds hardly more than an entry of each and the versions of one name. Reports
 * every rule that an entry breaks, by itself, by its place, or by what the other index
 * says. */
void index_check_entries(struct index_walk *active, struct index_walk *archive,
			 struct findings *found);

#endif
