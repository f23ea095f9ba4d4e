/* idx-deps: entries on offer -> nothing; what new entries miss among them is reported. */
#include <unistd.h>

#include "cli.h"
#include "index_entry.h"
#include "input.h"
#include "io.h"
#include "needs.h"

static const char usage[] = "usage: idx-deps [-w] NEW\n";

/* Hands each entry of a stream, null for standard input, to needs_add or needs_offer. */
static void read_entries(const char *path, struct needs *needs,
			 bool (*take)(struct needs *needs,
				      const struct index_entry *entry,
				      struct reason *why))
{
	struct reason why;
	struct buffer line = {0};
	struct index_entry entry;
	struct input *in = input_open(path, &why);

	if (in == NULL)
		die("%s", why.text);
	while (index_entry_read(in, &line, &entry, &why)) {
		if (!take(needs, &entry, &why))
			die("%s: %s", input_name(in), why.text);
		index_entry_free(&entry);
	}
	if (why.text[0] != '\0')
		die("%s", why.text);
	input_close(in);
	buffer_free(&line);
}

static void report_unmet(const struct need *need, struct findings *found,
			 void (*find)(struct findings *found, const char *format, ...))
{
	const char *constraint = need->constraint != NULL ? need->constraint : "";

	find(found, "%s: needs %s%s%s, which nothing here provides [§4.1.1]",
	     need->package, need->name, constraint[0] != '\0' ? " " : "", constraint);
}

int main(int argc, char *argv[])
{
	struct needs needs = {0};
	struct findings found = {0};
	bool only_warns = false;

	cli_start("idx-deps", usage);
	while (cli_option(argc, argv, "w") != -1)
		only_warns = true;
	if (argc - optind != 1)
		usage_error("one file of new entries is wanted");
	read_entries(argv[optind], &needs, needs_add);
	read_entries(NULL, &needs, needs_offer);
	for (size_t i = 0; i < needs.count; i++)
		if (!needs.list[i].met)
			report_unmet(&needs.list[i], &found,
				     only_warns ? find_warning : find_error);
	needs_free(&needs);
	output_finish();
	return found.errors > 0;
}
