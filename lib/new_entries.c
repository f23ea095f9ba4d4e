#include "new_entries.h"

#include <stdlib.h>
#include <string.h>

#include "stable_sort.h"

void new_entries_add(struct new_entries *entries, struct index_entry *entry,
		     const struct buffer *line)
{
	struct buffer file_name = {0};
	struct new_entry *added;

	entries->by_file_name = grow_array(entries->by_file_name, entries->count,
					   sizeof *entries->by_file_name);
	added = &entries->by_file_name[entries->count++];
	json_free(&entry->json);
	index_entry_put_file_name(&file_name, entry);
	*added = (struct new_entry){
		.entry = *entry,
		.line = copy_text(line->data, line->length),
		.length = line->length,
		.file_name = copy_text(file_name.data, file_name.length),
	};
	buffer_free(&file_name);
}

static int compare_file_names(const void *a, const void *b)
{
	const struct new_entry *left = a, *right = b;

	return strcmp(left->file_name, right->file_name);
}

static int compare_entries(const void *a, const void *b)
{
	const struct new_entry *left = a, *right = b;

	return index_entry_compare(&left->entry, &right->entry);
}

void new_entries_sort(struct new_entries *entries)
{
	size_t count = entries->count;

	if (count > 1)
		qsort(entries->by_file_name, count, sizeof *entries->by_file_name,
		      compare_file_names);
	entries->in_order = allocate(count, sizeof *entries->in_order);
	for (size_t i = 0; i < count; i++)
		entries->in_order[i] = &entries->by_file_name[i];
	stable_sort(entries->in_order, count, compare_entries);
}

void new_entries_check(const struct new_entries *entries, struct findings *found)
{
	const struct new_entry *list = entries->by_file_name;
	bool is_double = false;

	for (size_t i = 1; i < entries->count; i++) {
		bool was_double = is_double;

		is_double = compare_file_names(&list[i - 1], &list[i]) == 0;
		if (is_double && !was_double)
			find_error(found, "%s: twice among the new packages [§6.3.1]",
				   list[i].file_name);
	}
}

static int compare_with_file_name(const void *file_name, const void *entry)
{
	return strcmp(file_name, ((const struct new_entry *)entry)->file_name);
}

bool new_entries_hold(const struct new_entries *entries, const char *file_name)
{
	return entries->count > 0 &&
	       bsearch(file_name, entries->by_file_name, entries->count,
		       sizeof *entries->by_file_name, compare_with_file_name) != NULL;
}

void new_entries_free(struct new_entries *entries)
{
	for (size_t i = 0; i < entries->count; i++) {
		index_entry_free(&entries->by_file_name[i].entry);
		free(entries->by_file_name[i].line);
		free(entries->by_file_name[i].file_name);
	}
	free(entries->by_file_name);
	free(entries->in_order);
}
