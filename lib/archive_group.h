/* The entries of one name in an archive index, as they pass: which is the highest
 * version, for how many architectures it is there (§6.2.9), and whether each has a url of
 * its own. */
#ifndef ARCHIVE_GROUP_H
#define ARCHIVE_GROUP_H

#include <stdbool.h>

#include "buffer.h"
#include "index_entry.h"
#include "listing.h"
#include "name_set.h"
#include "report.h"

/* Start with {0}; give back with archive_group_free. */
struct archive_group {
	struct listing highest; /* the first of the highest version's */
	struct buffer version;	/* its */
	char architecture[ARCHITECTURE_MOST + 1];
	struct buffer rivals; /* that version for other architectures: ", FILE" each */
	struct name_set urls;
};

/* Begins a group, empty, in the place of the one that was there. */
void archive_group_start(struct archive_group *group, const char *name);

bool archive_group_is_empty(const struct archive_group *group);

/* Takes the next entry of the name. in_order says whether it belongs behind those that
 * were taken; if so it is never the highest, unless it is the first: the order of
 * versions is not transitive. */
void archive_group_add(struct archive_group *group, const struct index_entry *entry,
		       bool in_order);

/* Whether the url of an entry leads to where none of those taken leads. Remembers it. */
bool archive_group_add_url(struct archive_group *group, const char *url);

/* Reports what only shows when the group is whole. */
void archive_group_end(const struct archive_group *group, struct findings *found);
void archive_group_free(struct archive_group *group);

#endif
