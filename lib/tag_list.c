#include "tag_list.h"

#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "stable_sort.h"

static char *copy(const char *text)
{
	return copy_text(text, strlen(text));
}

struct tag *tag_list_add(struct tag_list *list, const char *name, const char *version)
{
	struct tag *tag = allocate(1, sizeof *tag);
	struct reason why;

	tag->name = copy(name);
	tag->version = copy(version);
	version_parse(&tag->parsed, tag->version, &why);
	list->tags = grow_array(list->tags, list->count, sizeof *list->tags);
	list->tags[list->count++] = tag;
	return tag;
}

static void free_tag(struct tag *tag)
{
	free(tag->name);
	free(tag->version);
	free(tag);
}

static int compare_versions(const void *a, const void *b)
{
	return version_compare(&((const struct tag *)a)->parsed,
			       &((const struct tag *)b)->parsed);
}

static int compare_bytes(const void *a, const void *b)
{
	const struct tag *left = *(struct tag *const *)a,
			 *right = *(struct tag *const *)b;
	int order = strcmp(left->version, right->version);

	return order != 0 ? order : strcmp(left->name, right->name);
}

static void find_twins(struct tag_list *list)
{
	const struct tag *first = NULL;

	for (size_t i = 0; i < list->count; i++) {
		struct tag *tag = list->tags[i];

		if (first != NULL && strcmp(first->version, tag->version) == 0)
			tag->twin = first;
		else
			first = tag;
	}
}

void tag_list_sort(struct tag_list *list)
{
	if (list->count > 1)
		qsort(list->tags, list->count, sizeof *list->tags, compare_bytes);
	find_twins(list);
	stable_sort((void **)list->tags, list->count, compare_versions);
}

void tag_list_free(struct tag_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free_tag(list->tags[i]);
	free(list->tags);
}

void tag_put(struct buffer *out, const struct tag *tag)
{
	buffer_add_text(out, "{\"tag\":");
	json_put_text(out, tag->name);
	buffer_add_text(out, ",\"commit\":");
	json_put_text(out, tag->commit);
	buffer_add_text(out, ",\"version\":");
	json_put_text(out, tag->version);
	buffer_add_text(out, "}\n");
}
