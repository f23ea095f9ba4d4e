/* Whether a stream of index entries is in the order of an archive, with none in it twice
 * (§6.3.1, §6.3.5). Memory holds the versions of one name, never the stream. */
#ifndef ARCHIVE_ORDER_H
#define ARCHIVE_ORDER_H

#include "buffer.h"
#include "index_entry.h"
#include "name_set.h"
#include "report.h"

/* How far a stream was read. Start with {0}; give back with archive_order_free. */
struct archive_order {
	char name[NAME_MOST + 1]; /* these three of the last entry */
	struct buffer version;
	struct buffer file_name;
	struct name_set file_names; /* of all entries of that name */
};

enum archive_place {
	ARCHIVE_PLACE_GOOD,
	ARCHIVE_PLACE_WRONG, /* its name or version belongs before the last entry's */
	ARCHIVE_PLACE_TWICE, /* name, version and architecture were there already */
};

/* Takes the next entry of the stream, which becomes the last one whatever it is found to
 * be. Fills *why with "FILE: reason" unless the place is good. Neighbours are compared,
 * as the order of versions is not transitive (see version.h); an entry that is twice in a
 * stream of which another name parts the two is found to be in the wrong place. */
enum archive_place archive_order_next(struct archive_order *order,
				      const struct index_entry *entry,
				      struct reason *why);
void archive_order_free(struct archive_order *order);

#endif
