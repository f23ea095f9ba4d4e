/* idx-prune: archive entries -> those that a repository keeps. */
#include <stdlib.h>
#include <unistd.h>

#include "cli.h"
#include "fields.h"
#include "index.h"
#include "index_entry.h"
#include "input.h"
#include "io.h"
#include "name_set.h"
#include "timestamp.h"

static const char usage[] = "usage: idx-prune [-v] -b TIME ACTIVE\n";

/* What decides which entries go. */
struct rule {
	int64_t before;		/* seconds since 1970 */
	struct name_set active; /* file names of packages */
};

static void read_active(const char *path, struct name_set *active)
{
	struct reason why;
	struct buffer *text, file_name = {0};
	struct index_entry entry;
	struct index *index = index_open(path, &why);

	if (index == NULL)
		die("%s", why.text);
	while (index_next(index, &text, &why)) {
		if (!index_entry_parse_checked(&entry, text->data, text->length, &why))
			die("%s: %s", path, why.text);
		buffer_clear(&file_name);
		index_entry_put_file_name(&file_name, &entry);
		name_set_add(active, file_name.data);
		index_entry_free(&entry);
	}
	if (why.text[0] != '\0')
		die("%s: %s", path, why.text);
	if (index_header(index)->kind != INDEX_ACTIVE)
		die("%s: no active index [§6.2.2]", path);
	index_close(index);
	buffer_free(&file_name);
}

static bool is_active(const struct index_entry *entry, const struct name_set *active)
{
	struct buffer file_name = {0};
	bool found;

	index_entry_put_file_name(&file_name, entry);
	found = name_set_holds(active, file_name.data);
	buffer_free(&file_name);
	return found;
}

static void die_of(const struct index_entry *entry, const char *reason)
{
	die("standard input: %s_%s_%s: build: %s", entry->name, entry->version,
	    entry->architecture, reason);
}

/* An entry that does not say when it was built is not old. */
static bool was_built_before(const struct index_entry *entry, int64_t time)
{
	json_value build = json_member(&entry->json, 0, "build");
	struct reason why;
	int64_t built;
	char *text;

	if (build == JSON_NONE || json_type(&entry->json, build) == JSON_NULL)
		return false;
	if (json_type(&entry->json, build) != JSON_OBJECT)
		die_of(entry, "no object [§6.2.4]");
	if (!field_optional_text(&entry->json, build, "timestamp", &text, &why))
		die_of(entry, why.text);
	if (text == NULL)
		return false;
	if (!timestamp_parse(text, &built, &why))
		die_of(entry, why.text);
	free(text);
	return built < time;
}

static bool is_dropped(const struct index_entry *entry, const struct rule *rule)
{
	return version_is_prerelease(&entry->parsed_version) &&
	       was_built_before(entry, rule->before) && !is_active(entry, &rule->active);
}

static void prune(const struct rule *rule, bool wants_dropped)
{
	struct reason why;
	struct buffer line = {0};
	struct index_entry entry;
	struct input *in = input_open(NULL, &why);

	while (index_entry_read(in, &line, &entry, &why)) {
		if (is_dropped(&entry, rule) == wants_dropped)
			output_line(line.data, line.length);
		index_entry_free(&entry);
	}
	if (why.text[0] != '\0')
		die("%s", why.text);
	input_close(in);
	buffer_free(&line);
}

int main(int argc, char *argv[])
{
	struct rule rule = {.before = -1};
	bool wants_dropped = false;
	int option;

	cli_start("idx-prune", usage);
	while ((option = cli_option(argc, argv, "b:v")) != -1) {
		if (option == 'v')
			wants_dropped = true;
		else
			rule.before = cli_timestamp('b', optarg);
	}
	if (rule.before < 0)
		usage_error("-b is missing");
	if (argc - optind != 1)
		usage_error("one active index is wanted");
	read_active(argv[optind], &rule.active);
	prune(&rule, wants_dropped);
	name_set_free(&rule.active);
	output_finish();
	return 0;
}
