#include <stdlib.h>
#include <string.h>

#include "entry.h"

static bool belongs_to(const struct entry *entry, const char *package)
{
	return package == NULL || entry->package == NULL ||
	       strcmp(entry->package, package) == 0;
}

static bool has_entry(const struct entry_list *list, const char *path, bool is_directory)
{
	size_t low = 0, high = list->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct entry *entry = &list->entries[middle];
		int order = entry_compare(path, is_directory, entry->path,
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

/* Names like a-b may stand between a file and a directory of the same name. */
static bool is_duplicate(const struct entry_list *list, const struct entry *entry)
{
	if (list->count == 0)
		return false;
	return strcmp(list->entries[list->count - 1].path, entry->path) == 0 ||
	       (entry->type == ENTRY_DIRECTORY && has_entry(list, entry->path, false));
}

static bool append(struct entry_list *list, struct entry *entry, size_t most,
		   struct reason *why)
{
	struct entry *last = list->count > 0 ? &list->entries[list->count - 1] : NULL;

	if (list->count == most)
		return refuse(why, "more than %zu entries [§3.2.7]", most);
	if (is_duplicate(list, entry))
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

bool entry_list_has_parent(const struct entry_list *list, size_t number)
{
	const char *path = list->entries[number].path;
	const char *slash = strrchr(path, '/');
	char *parent;
	bool found;

	if (slash == NULL)
		return true;
	parent = copy_text(path, (size_t)(slash - path));
	found = has_entry(list, parent, true);
	free(parent);
	return found;
}

void entry_list_free(struct entry_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		entry_free(&list->entries[i]);
	free(list->entries);
	*list = (struct entry_list){0};
}
