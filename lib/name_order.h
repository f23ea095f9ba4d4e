/* The names of an archive's entries as they pass: in strict order, and none of them a
 * file and a directory at once. Names are as on the wire, a directory's with its slash.
 */
#ifndef NAME_ORDER_H
#define NAME_ORDER_H

#include <stdbool.h>
#include <stddef.h>

#include "buffer.h"
#include "report.h"

/* Start with {0}; give back with name_order_free. */
struct name_order {
	struct buffer previous;
	struct buffer *leaves; /* files and links that a later name may run through */
	size_t leaf_count;
};

/* Takes a name, which becomes the previous one. Refuses one that does not come behind
 * that (§3.1.4 #1), unless it starts a sequence of its own. */
bool name_order_next(struct name_order *order, const struct buffer *name, bool starts,
		     struct reason *why);

/* Takes the name of a payload entry. Refuses one that makes a directory of a file or link
 * (§3.2.6), provided that the names come in order. */
bool name_order_next_payload(struct name_order *order, const struct buffer *name,
			     bool is_directory, struct reason *why);
void name_order_free(struct name_order *order);

#endif
