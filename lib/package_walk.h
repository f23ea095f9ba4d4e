/* The files of many packages gone through by several threads: what filters do that look
 * into the packages that index entries are of. */
#ifndef PACKAGE_WALK_H
#define PACKAGE_WALK_H

#include <stdbool.h>

#include "in_turn.h"
#include "index_entry.h"
#include "package_directory.h"
#include "report.h"

/* How filters are told where packages are: -C PACKAGES, a directory of them, or else -r
 * REPOSITORY (see package_directory_open); and -j JOBS, the number of threads. */
#define PACKAGE_WALK_OPTIONS "C:j:r:"

struct package_walk {
	const char *packages, *repository; /* -C, -r */
	unsigned jobs;			   /* -j; 0: one for each core */
	bool needs_all;			   /* a missing file is an error, not a warning */
	/* Whether to look at an entry's package; null: at all of them. */
	bool (*wants)(void *context, const struct index_entry *entry);
	/* Looks at a package, open as fd. */
	void (*look)(void *context, const struct index_entry *entry, int fd,
		     struct outcome *outcome);
	void *context;
};

/* Takes one of PACKAGE_WALK_OPTIONS as cli_option returned it. value has to stay valid.
 */
void package_walk_option(struct package_walk *walk, int option, const char *value);

/* Behind the last option: checks that they go together, and that `operands` are none: a
 * usage error otherwise. */
void package_walk_check(const struct package_walk *walk, int operands);

/* Looks at the packages of the entries on standard input, to its end, and writes what
 * comes out to standard output, in the order of the entries as are the messages. Packages
 * whose url leads elsewhere are counted in one warning. Returns false with a reason when
 * the directory or the input cannot be read; lines that are no entries are findings,
 * told with their number. */
bool package_walk(const struct package_walk *walk, struct findings *found,
		  struct reason *why);

#endif
