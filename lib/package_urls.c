/* The urls that an index has recorded for packages. */
#include <stdlib.h>
#include <string.h>

#include "index.h"
#include "index_entry.h"
#include "package_list.h"
#include "url.h"

static void record(struct listed_package *package, const struct index_entry *entry,
		   const char *template)
{
	struct buffer usual = {0};

	url_put(&usual, template, entry->name, entry->version, entry->architecture);
	if (strcmp(entry->url, usual.data) != 0) {
		free(package->url);
		package->url = copy_text(entry->url, strlen(entry->url));
	}
	buffer_free(&usual);
}

static bool record_entry(struct package_list *list, const struct buffer *text,
			 const char *template, struct reason *why)
{
	struct index_entry entry;
	struct buffer file_name = {0};
	struct listed_package *package;

	if (!index_entry_parse_checked(&entry, text->data, text->length, why))
		return false;
	index_entry_put_file_name(&file_name, &entry);
	package = package_list_find(list, file_name.data);
	if (package != NULL)
		record(package, &entry, template);
	buffer_free(&file_name);
	index_entry_free(&entry);
	return true;
}

bool package_list_record_urls(struct package_list *list, const char *path,
			      const char *template, struct reason *why)
{
	struct index *index = index_open(path, why);
	struct buffer *entry;
	bool good = true;

	if (index == NULL)
		return false;
	while (good && index_next(index, &entry, why))
		good = record_entry(list, entry, template, why);
	good = good && why->text[0] == '\0';
	if (!good)
		refuse_in(why, "%s", index_name(index));
	index_close(index);
	return good;
}
