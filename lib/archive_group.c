#include "archive_group.h"

#include <string.h>

#include "url.h"

void archive_group_start(struct archive_group *group, const char *name)
{
	archive_group_free(group);
	*group = (struct archive_group){0};
	strcpy(group->highest.name, name);
}

bool archive_group_is_empty(const struct archive_group *group)
{
	return group->version.length == 0;
}

static void set_highest(struct archive_group *group, const struct index_entry *entry)
{
	listing_set(&group->highest, entry);
	memcpy(group->architecture, entry->architecture, sizeof group->architecture);
	buffer_clear(&group->version);
	buffer_add_text(&group->version, entry->version);
	buffer_clear(&group->rivals);
}

/* As version_compare: the highest version taken so far, and that of an entry. */
static int compare_highest(const struct archive_group *group,
			   const struct index_entry *entry)
{
	struct version highest;
	struct reason ignored;

	/* It was parsed before, as that of an entry. */
	if (!version_parse(&highest, group->version.data, &ignored))
		return 1;
	return version_compare(&highest, &entry->parsed_version);
}

static void add_rival(struct archive_group *group, const struct index_entry *entry)
{
	buffer_add_text(&group->rivals, ", ");
	index_entry_put_file_name(&group->rivals, entry);
}

void archive_group_add(struct archive_group *group, const struct index_entry *entry,
		       bool in_order)
{
	int order = archive_group_is_empty(group) ? -1 : compare_highest(group, entry);

	if (archive_group_is_empty(group) || (order < 0 && !in_order))
		set_highest(group, entry);
	else if (order == 0 && strcmp(group->architecture, entry->architecture) != 0)
		add_rival(group, entry);
}

bool archive_group_add_url(struct archive_group *group, const char *url)
{
	const char *path = url_local_path(url);

	return name_set_add(&group->urls, path != NULL ? path : url);
}

void archive_group_end(const struct archive_group *group, struct findings *found)
{
	if (group->rivals.length > 0)
		find_error(found,
			   "%s: the highest version is there for several architectures "
			   "(%s%s): keep a repository for each [§6.2.9]",
			   group->highest.name, group->highest.file_name,
			   group->rivals.data);
}

void archive_group_free(struct archive_group *group)
{
	listing_free(&group->highest);
	buffer_free(&group->version);
	buffer_free(&group->rivals);
	name_set_free(&group->urls);
}
