/* idx-merge: new entries (+ the old archive) -> archive entries. */
#include <unistd.h>

#include "archive_order.h"
#include "cli.h"
#include "first_revision.h"
#include "index.h"
#include "index_entry.h"
#include "input.h"
#include "io.h"
#include "new_entries.h"

static const char usage[] = "usage: idx-merge [ARCHIVE]\n";

struct merge {
	struct new_entries new_entries;
	size_t next; /* of the new entries, in order, to be written */
	struct archive_order old_order;
	struct first_revision first_revision;
	struct findings found;
};

static void read_new_entries(struct new_entries *new_entries)
{
	struct reason why;
	struct buffer line = {0};
	struct index_entry entry;
	struct input *in = input_open(NULL, &why);

	while (index_entry_read(in, &line, &entry, &why))
		new_entries_add(new_entries, &entry, &line);
	if (why.text[0] != '\0')
		die("%s", why.text);
	input_close(in);
	buffer_free(&line);
	new_entries_sort(new_entries);
}

/* Nothing is written behind the first finding: it would be no archive. */
static void write_entry(struct merge *merge, const struct index_entry *entry, bool is_new,
			const char *line, size_t length)
{
	if (merge->found.errors > 0)
		return;
	first_revision_next(&merge->first_revision, entry, is_new);
	output_line(line, length);
}

/* Writes the new entries that belong before an old one, all that are left if it is null.
 * Of equal versions the old ones stay in front. */
static void write_new_before(struct merge *merge, const struct index_entry *old)
{
	for (; merge->next < merge->new_entries.count; merge->next++) {
		const struct new_entry *next = merge->new_entries.in_order[merge->next];

		if (old != NULL && index_entry_compare(old, &next->entry) <= 0)
			return;
		write_entry(merge, &next->entry, true, next->line, next->length);
	}
}

static void check_old(struct merge *merge, const struct index_entry *old,
		      const char *archive)
{
	struct reason why;
	enum archive_place place = archive_order_next(&merge->old_order, old, &why);
	const char *file_name = merge->old_order.file_name.data;

	if (place == ARCHIVE_PLACE_WRONG)
		die("%s: %s", archive, why.text);
	if (place == ARCHIVE_PLACE_TWICE)
		find_error(&merge->found, "%s: %s", archive, why.text);
	else if (new_entries_hold(&merge->new_entries, file_name))
		find_error(&merge->found, "%s: in the archive already [§6.3.1]",
			   file_name);
}

static void merge_archive(struct merge *merge, const char *path)
{
	struct reason why;
	struct buffer *text;
	struct index_entry old;
	struct index *archive = index_open(path, &why);

	if (archive == NULL)
		die("%s", why.text);
	while (index_next(archive, &text, &why)) {
		if (!index_entry_parse_checked(&old, text->data, text->length, &why))
			die("%s: %s", path, why.text);
		check_old(merge, &old, path);
		write_new_before(merge, &old);
		write_entry(merge, &old, false, text->data, text->length);
		index_entry_free(&old);
	}
	if (why.text[0] != '\0')
		die("%s: %s", path, why.text);
	if (index_header(archive)->kind != INDEX_ARCHIVE)
		die("%s: no archive index [§6.3.3]", path);
	index_close(archive);
}

int main(int argc, char *argv[])
{
	struct merge merge = {0};

	cli_start("idx-merge", usage);
	while (cli_option(argc, argv, "") != -1)
		continue;
	if (argc - optind > 1)
		usage_error("more than one archive");
	read_new_entries(&merge.new_entries);
	new_entries_check(&merge.new_entries, &merge.found);
	if (optind < argc)
		merge_archive(&merge, argv[optind]);
	write_new_before(&merge, NULL);
	if (merge.found.errors == 0)
		first_revision_finish(&merge.first_revision);
	first_revision_free(&merge.first_revision);
	new_entries_free(&merge.new_entries);
	archive_order_free(&merge.old_order);
	output_finish();
	return merge.found.errors > 0;
}
