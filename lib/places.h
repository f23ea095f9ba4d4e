/* A set of directory entries, each named by a path, and of the directories they are in.
 */
#ifndef PLACES_H
#define PLACES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "report.h"

struct places_directory {
	char *path;
	dev_t device;
	ino_t inode;
};

struct places_entry {
	size_t directory;
	char *base;
};

/* Start with {0}. */
struct places {
	struct places_entry *entries;
	size_t entry_count;
	struct places_directory *directories; /* each once, however it is named */
	size_t directory_count;
};

/* Adds what path names, which need not be there; its directory has to, and *directory
 * tells its status. Refuses a second name for the same entry. */
bool places_add(struct places *set, const char *path, struct stat *directory,
		struct reason *why);

#endif
