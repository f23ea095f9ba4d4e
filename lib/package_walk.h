/* The files of many packages gone through by several threads: what filters do that look
 * into the packages that index entries are of. */
#ifndef PACKAGE_WALK_H
#define PACKAGE_WALK_H

#include <stdbool.h>

#include "in_turn.h"
#include "index_entry.h"
#include "package_directory.h"
#include "report.h"

/* The most threads that make sense to ask for. */
enum { JOBS_MOST = 1024 };

struct package_walk {
	const char *packages;	/* a directory of packages: see package_directory_open */
	const char *repository; /* or else a repository */
	unsigned jobs;		/* threads; 0: one for each core */
	bool needs_all;		/* a missing file is an error, not a warning */
	/* Whether to look at an entry's package; null: at all of them. */
	bool (*wants)(void *context, const struct index_entry *entry);
	/* Looks at a package, open as fd. */
	void (*look)(void *context, const struct index_entry *entry, int fd,
		     struct outcome *outcome);
	void *context;
};

/* Looks at the packages of the entries on standard input, to its end, and writes what
 * comes out to standard output, in the order of the entries as are the messages. Packages
 * whose url leads elsewhere are counted in one warning. Returns false with a reason when
 * the directory or the input cannot be read; lines that are no entries are findings. */
bool package_walk(const struct package_walk *walk, struct findings *found,
		  struct reason *why);

#endif
