#include "places.h"

#include <libgen.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"

/* The directory that stat told about; path becomes the set's own. */
static size_t add_directory(struct places *set, char *path, const struct stat *status)
{
	size_t at = 0;

	while (at < set->directory_count &&
	       (set->directories[at].device != status->st_dev ||
		set->directories[at].inode != status->st_ino))
		at++;
	if (at < set->directory_count) {
		free(path);
		return at;
	}
	set->directories = grow_array(set->directories, at, sizeof *set->directories);
	set->directories[at] =
		(struct places_directory){path, status->st_dev, status->st_ino};
	return set->directory_count++;
}

static bool has_entry(const struct places *set, size_t directory, const char *base)
{
	for (size_t i = 0; i < set->entry_count; i++)
		if (set->entries[i].directory == directory &&
		    strcmp(set->entries[i].base, base) == 0)
			return true;
	return false;
}

/* What dirname or basename, which write into their argument, say of path. */
static char *take_part(char *(*part)(char *), const char *path)
{
	char *scratch = copy_text(path, strlen(path));
	const char *found = part(scratch);
	char *copy = copy_text(found, strlen(found));

	free(scratch);
	return copy;
}

bool places_add(struct places *set, const char *path, struct stat *directory,
		struct reason *why)
{
	char *parent = take_part(dirname, path);
	struct places_entry entry = {0};

	if (stat(parent, directory) != 0) {
		refuse_errno(why, "%s", parent);
		free(parent);
		return false;
	}
	entry.directory = add_directory(set, parent, directory);
	entry.base = take_part(basename, path);
	if (has_entry(set, entry.directory, entry.base)) {
		free(entry.base);
		return refuse(why, "%s: named twice", path);
	}
	set->entries = grow_array(set->entries, set->entry_count, sizeof entry);
	set->entries[set->entry_count++] = entry;
	return true;
}
