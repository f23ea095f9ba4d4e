/* What two indexes of a repository say about themselves, and how large they are (§6.2,
 * §6.3). */
#ifndef INDEX_HEADER_CHECK_H
#define INDEX_HEADER_CHECK_H

#include <stdint.h>

#include "index_walk.h"
#include "report.h"

/* Holds the header of an index, as far as it could be read, against its kind and the name
 * of its repository, which is null if that is not known. */
void index_header_check(const struct index_walk *walk, enum index_kind kind,
			const char *repo, struct findings *found);

/* Holds the headers of both indexes against each other, and the time of their generation
 * against now, in seconds since 1970. */
void index_header_check_pair(const struct index_walk *active,
			     const struct index_walk *archive, int64_t now,
			     struct findings *found);

#endif
