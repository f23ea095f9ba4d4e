/* idx-active: archive entries -> active entries. */
#include <string.h>
#include <unistd.h>

#include "archive_order.h"
#include "cli.h"
#include "index_entry.h"
#include "input.h"
#include "io.h"

static const char usage[] = "usage: idx-active\n";

/* An entry and the line that it was read from. */
struct held_entry {
	struct buffer line;
	struct index_entry entry;
};

static void check_place(struct archive_order *order, const struct index_entry *entry,
			struct findings *found)
{
	struct reason why;
	enum archive_place place = archive_order_next(order, entry, &why);

	if (place == ARCHIVE_PLACE_WRONG)
		die("standard input: %s", why.text);
	if (place == ARCHIVE_PLACE_TWICE)
		find_error(found, "standard input: %s", why.text);
}

/* An active index has each name once (§6.2.9): clients of the other architecture would
 * find nothing. */
static void check_architecture(const struct index_entry *first,
			       const struct index_entry *entry, struct findings *found)
{
	if (strcmp(first->architecture, entry->architecture) == 0 ||
	    version_compare(&first->parsed_version, &entry->parsed_version) != 0)
		return;
	find_error(found,
		   "%s_%s_%s: another architecture than %s_%s_%s, and neither is newer: "
		   "keep a repository for each architecture [§6.2.9]",
		   entry->name, entry->version, entry->architecture, first->name,
		   first->version, first->architecture);
}

static void write_first_ones(struct findings *found)
{
	struct reason why;
	struct archive_order order = {0};
	struct held_entry first = {0}, next = {0};
	struct input *in = input_open(NULL, &why);

	while (index_entry_read(in, &next.line, &next.entry, &why)) {
		check_place(&order, &next.entry, found);
		if (strcmp(first.entry.name, next.entry.name) != 0) {
			struct held_entry old = first;

			output_line(next.line.data, next.line.length);
			first = next;
			next = old;
		} else {
			check_architecture(&first.entry, &next.entry, found);
		}
		index_entry_free(&next.entry);
	}
	if (why.text[0] != '\0')
		die("%s", why.text);
	input_close(in);
	index_entry_free(&first.entry);
	buffer_free(&first.line);
	buffer_free(&next.line);
	archive_order_free(&order);
}

int main(int argc, char *argv[])
{
	struct findings found = {0};

	cli_start("idx-active", usage);
	while (cli_option(argc, argv, "") != -1)
		continue;
	if (optind < argc)
		usage_error("no operands, entries come from standard input");
	write_first_ones(&found);
	output_finish();
	return found.errors > 0;
}
