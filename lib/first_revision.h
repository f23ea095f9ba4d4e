/* Finds new packages whose upstream version comes with a revision other than 1 before it
 * ever had that (§2.2.4): the recipe's author may have meant another upstream version. */
#ifndef FIRST_REVISION_H
#define FIRST_REVISION_H

#include <stdbool.h>

#include "buffer.h"
#include "index_entry.h"

/* How far an archive was read. Start with {0}; give back with first_revision_free. */
struct first_revision {
	char name[NAME_MOST + 1];
	struct buffer upstream; /* the last entry's version without its revision */
	struct buffer suspect;	/* file name of a new package; empty for none */
};

/* Takes the next entry of an archive in its order, in which all revisions of an upstream
 * version are neighbours. Warns of the entry before when this one clears it no more. */
void first_revision_next(struct first_revision *state, const struct index_entry *entry,
			 bool is_new);

/* To be called behind the last entry. */
void first_revision_finish(struct first_revision *state);
void first_revision_free(struct first_revision *state);

#endif
