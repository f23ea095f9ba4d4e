/* The entries of an index, read and parsed ahead by a thread of its own: of all that is
 * to be done with an entry, that is more than half. What was read ahead is some entries
 * of together little over INDEX_FEED_BYTES, or a single one. */
#ifndef INDEX_FEED_H
#define INDEX_FEED_H

#include <stdbool.h>

#include "buffer.h"
#include "index.h"
#include "index_entry.h"
#include "report.h"

enum { INDEX_FEED_BYTES = 64 * 1024 };

struct index_record {
	struct buffer text; /* the entry's, as index_next has it */
	bool is_good;
	struct index_entry entry; /* if it is good, as index_entry_parse has it */
};

struct index_feed;

/* Starts reading an index, which the thread has for itself until index_feed_end. Ends the
 * program if there can be no thread. */
struct index_feed *index_feed_start(struct index *index);

/* The next entry, valid until the call after this. Returns null behind the last one, with
 * *why as index_next leaves it. */
const struct index_record *index_feed_next(struct index_feed *feed, struct reason *why);

/* Only after index_feed_next has told the end. */
void index_feed_end(struct index_feed *feed);

#endif
