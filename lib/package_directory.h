/* A directory that packages are in: which file there is that of an index entry. */
#ifndef PACKAGE_DIRECTORY_H
#define PACKAGE_DIRECTORY_H

#include <stdbool.h>

#include "index_entry.h"
#include "report.h"

struct package_directory {
	const char *path;
	int fd;
	bool is_repository;
};

/* Opens a repository, where a file is at the place that its entry's url names (§6.4); or
 * a directory that holds them flat or as NAME/VERSION/FILE. path is borrowed. The reason
 * starts with it. */
bool package_directory_open(struct package_directory *directory, const char *path,
			    bool is_repository, struct reason *why);
void package_directory_close(struct package_directory *directory);

enum package_presence {
	PACKAGE_PRESENT,
	PACKAGE_MISSING,
	PACKAGE_ELSEWHERE, /* the url does not lead into this repository */
	PACKAGE_BAD,	   /* it is there, but cannot be opened or is no regular file */
};

/* Opens the file of an entry for reading; *fd is the caller's to close. Below a
 * repository symbolic links are not followed. The reason, for a file that is missing or
 * bad, starts with the name of the package's file. */
enum package_presence package_directory_find(const struct package_directory *directory,
					     const struct index_entry *entry, int *fd,
					     struct reason *why);

#endif
