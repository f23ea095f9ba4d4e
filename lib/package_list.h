/* The packages that a filter is to go through, by their paths. */
#ifndef PACKAGE_LIST_H
#define PACKAGE_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "buffer.h"
#include "report.h"

struct listed_package {
	const char *path;
	char *url;	  /* recorded for it; null when there is none */
	bool is_repeated; /* one before it in the list has the same file name */
};

/* Start with {0}. */
struct package_list {
	struct buffer paths; /* a NUL behind each */
	struct listed_package *packages;
	size_t count;
	struct listed_package **by_name; /* in bytewise order of their file names */
};

/* Adds a path, which is copied. */
void package_list_add(struct package_list *list, const char *path);

/* Adds the paths that standard input holds, each ended by that byte. The reason starts
 * with the name of the input: a path over 4096 bytes, empty, with a NUL in it, or cut
 * short. */
bool package_list_read(struct package_list *list, char end, struct reason *why);

/* Fills in packages and by_name, once all paths were added. */
void package_list_finish(struct package_list *list);

/* The first package of that file name, or null. */
struct listed_package *package_list_find(const struct package_list *list,
					 const char *file_name);

/* Opens a package for reading, which has to be a regular file. Returns a descriptor,
 * which is the caller's to close, or -1. */
int package_list_open(const struct listed_package *package, struct reason *why);

/* Records the urls that the index of that path has for packages of the list, as their
 * file names have it, where a template would make others. The reason starts with the name
 * of the index. */
bool package_list_record_urls(struct package_list *list, const char *path,
			      const char *template, struct reason *why);

void package_list_free(struct package_list *list);

#endif
