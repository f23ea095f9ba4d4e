#include <stdlib.h>
#include <string.h>

#include "entry.h"

static bool belongs_to(const struct entry *entry, const char *package)
{
	return package == NULL || entry->package == NULL ||
	       strcmp(entry->package, package) == 0;
}

/* A directory has its place behind names like a-b, a file of the same name before them.
 */
static bool has_file(const struct entry_list *list, const char *path)
{
	size_t low = 0, high = list->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct entry *entry = &list->entries[middle];
		int order = entry_compare(path, false, entry->path,
					  entry->type == ENTRY_DIRECTORY);

		if (order == 0)
			return true;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return false;
}

static bool append(struct entry_list *list, struct entry *entry, size_t most,
		   struct reason *why)
{
	struct entry *last = list->count > 0 ? &list->entries[list->count - 1] : NULL;

	if (list->count == most)
		return refuse(why, "more than %zu entries [§3.2.7]", most);
	if ((last != NULL && strcmp(last->path, entry->path) == 0) ||
	    (entry->type == ENTRY_DIRECTORY && has_file(list, entry->path)))
		return refuse(why, "%s: twice [§3.1.4]", entry->path);
	if (last != NULL &&
	    entry_compare(last->path, last->type == ENTRY_DIRECTORY, entry->path,
			  entry->type == ENTRY_DIRECTORY) > 0)
		return refuse(why, "%s: out of order behind %s [§3.1.4]", entry->path,
			      last->path);
	list->entries = grow_array(list->entries, list->count, sizeof *list->entries);
	list->entries[list->count++] = *entry;
	*entry = (struct entry){0};
	return true;
}

bool entry_list_read(struct input *in, const char *package, struct entry_list *list,
		     struct reason *why)
{
	size_t most = package == NULL ? TREE_ENTRIES_MOST : ENTRIES_MOST;
	struct entry entry;

	while (entry_read(in, &entry, why)) {
		bool good =
			!belongs_to(&entry, package) || append(list, &entry, most, why);
		entry_free(&entry);
		if (!good)
			return refuse_in(why, "%s", input_name(in));
	}
	return why->text[0] == '\0';
}

void entry_list_free(struct entry_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		entry_free(&list->entries[i]);
	free(list->entries);
	*list = (struct entry_list){0};
}
