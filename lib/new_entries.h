/* The entries of new packages on their way into an archive (§6.3.5): all of them in
 * memory, to be sorted and looked up. */
#ifndef NEW_ENTRIES_H
#define NEW_ENTRIES_H

#include <stdbool.h>
#include <stddef.h>

#include "buffer.h"
#include "index_entry.h"
#include "report.h"

struct new_entry {
	struct index_entry entry; /* without its JSON */
	char *line;		  /* without its newline */
	size_t length;
	char *file_name;
};

/* Start with {0}; give back with new_entries_free. */
struct new_entries {
	struct new_entry *by_file_name;
	void **in_order; /* struct new_entry, as in an archive; equal versions by file
			    name */
	size_t count;
};

/* Adds an entry, which is taken over, and the line that it was read from, which is
 * copied. */
void new_entries_add(struct new_entries *entries, struct index_entry *entry,
		     const struct buffer *line);

/* Fills in_order, and sorts by_file_name; to be called once, behind the last
 * new_entries_add. */
void new_entries_sort(struct new_entries *entries);

/* These two once they are sorted: reports those with one name, version and architecture;
 * whether one has that file name. */
void new_entries_check(const struct new_entries *entries, struct findings *found);
bool new_entries_hold(const struct new_entries *entries, const char *file_name);

void new_entries_free(struct new_entries *entries);

#endif
