#include "new_entries.h"

#include <stdlib.h>
#include <string.h>

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

/* Merges list[0..middle) and list[middle..count), both in order. */
static void merge_halves(struct new_entry **list, size_t middle, size_t count,
			 struct new_entry **scratch)
{
	size_t left = 0, right = middle, filled = 0;

	while (left < middle && right < count) {
		int order = index_entry_compare(&list[left]->entry, &list[right]->entry);

		scratch[filled++] = order <= 0 ? list[left++] : list[right++];
	}
	while (left < middle)
		scratch[filled++] = list[left++];
	memcpy(list, scratch, filled * sizeof *list);
}

/* The order of versions is not transitive (see version.h). However it goes in a circle, a
 * stable merge sort leaves neighbours in order, and the same list for the same input. */
static void merge_sort(struct new_entry **list, size_t count, struct new_entry **scratch)
{
	size_t middle = count / 2;

	if (count < 2)
		return;
	merge_sort(list, middle, scratch);
	merge_sort(list + middle, count - middle, scratch);
	merge_halves(list, middle, count, scratch);
}

void new_entries_sort(struct new_entries *entries)
{
	size_t count = entries->count;
	struct new_entry **scratch = allocate(count, sizeof(struct new_entry *));

	if (count > 1)
		qsort(entries->by_file_name, count, sizeof *entries->by_file_name,
		      compare_file_names);
	entries->in_order = allocate(count, sizeof(struct new_entry *));
	for (size_t i = 0; i < count; i++)
		entries->in_order[i] = &entries->by_file_name[i];
	merge_sort(entries->in_order, count, scratch);
	free(scratch);
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
