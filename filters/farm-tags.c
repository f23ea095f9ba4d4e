/* farm-tags: listing of an upstream's tags -> the versions that a recipe has of them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"
#include "document.h"
#include "git_ref.h"
#include "input.h"
#include "io.h"
#include "recipe.h"
#include "tag_list.h"
#include "tag_version.h"

static const char usage[] = "usage: farm-tags [-s] -r RECIPE\n";

/* An upstream is a stranger: what it sends shall neither fill a log nor keep us busy for
 * hours, however many of its tags take long. */
enum { WARNINGS_SHOWN = 100, PROCESSOR_SECONDS_MOST = 4 };
enum { LINE_MOST = 64 * 1024, NAME_SHOWN = 200 };

struct listing {
	struct tag_rules rules;
	struct findings found;
	bool is_quiet; /* counts alone are wanted: no warnings */
	size_t lines, seen, below_minimum;
	struct tag_list good;
	struct buffer last_name; /* of the tag that was read last */
	struct tag *last;	 /* the same, if it is a good one */
};

/* To be called ahead of every warning. */
static struct findings *room_for_warning(struct listing *listing)
{
	listing->found.hides_warnings =
		listing->is_quiet || listing->found.warnings >= WARNINGS_SHOWN;
	return &listing->found;
}

static void warn_of_line(struct listing *listing, const char *reason)
{
	find_warning(room_for_warning(listing), "line %zu: skipped: %s", listing->lines,
		     reason);
}

static void choose_tag(struct listing *listing, const char *name)
{
	enum tag_verdict verdict = TAG_BAD;
	struct buffer version = {0};
	struct reason why;

	if (clock() > (clock_t)PROCESSOR_SECONDS_MOST * CLOCKS_PER_SEC)
		die("line %zu: the pattern takes too long on these tags", listing->lines);
	if (git_ref_check_tag(name, &why))
		verdict = tag_version(&listing->rules, name, &version, &why);
	else
		refuse_in(&why, "bad name");
	if (verdict == TAG_GOOD)
		listing->last = tag_list_add(&listing->good, name, version.data);
	else if (verdict == TAG_BELOW_MINIMUM)
		listing->below_minimum++;
	else if (verdict == TAG_BAD)
		find_warning(room_for_warning(listing), "tag '%.*s': skipped: %s",
			     NAME_SHOWN, name, why.text);
	buffer_free(&version);
}

/* An annotated tag has a second line right behind its own, NAME^{}, with the commit. */
static void take_tag(struct listing *listing, const char *name, const char *object)
{
	static const char peeled[] = "^{}";
	size_t length = strlen(name), end = length - strlen(peeled);
	bool is_peeled = length >= strlen(peeled) && strcmp(name + end, peeled) == 0;

	if (!is_peeled) {
		listing->seen++;
		listing->last = NULL;
		buffer_clear(&listing->last_name);
		buffer_add(&listing->last_name, name, length);
		choose_tag(listing, name);
	} else if (listing->seen == 0 || listing->last_name.length != end ||
		   memcmp(listing->last_name.data, name, end) != 0) {
		warn_of_line(listing, "a commit that is not behind its tag");
		return;
	}
	if (listing->last != NULL)
		snprintf(listing->last->commit, sizeof listing->last->commit, "%s",
			 object);
}

static void take_line(struct listing *listing, struct buffer *line)
{
	static const char tags[] = "refs/tags/";
	struct git_ref ref;
	struct reason why;

	listing->lines++;
	if (!git_ref_parse(&ref, line, &why))
		warn_of_line(listing, why.text);
	else if (strncmp(ref.name, tags, strlen(tags)) == 0)
		take_tag(listing, ref.name + strlen(tags), ref.object);
}

static void read_lines(struct listing *listing)
{
	struct buffer line = {0};
	struct reason why;
	struct input *in = input_open(NULL, &why);

	while (input_line(in, &line, LINE_MOST, &why))
		take_line(listing, &line);
	if (why.text[0] != '\0')
		die("%s", why.text);
	input_close(in);
	buffer_free(&line);
}

/* Appends the entries of all but the twins. Returns how many these are. */
static size_t put_entries(struct buffer *out, struct listing *listing)
{
	size_t entries = 0;

	tag_list_sort(&listing->good);
	for (size_t i = 0; i < listing->good.count; i++) {
		const struct tag *tag = listing->good.tags[i];

		if (tag->twin != NULL) {
			find_warning(room_for_warning(listing),
				     "tag '%.*s': skipped: '%.*s' gives %.*s, too",
				     NAME_SHOWN, tag->name, NAME_SHOWN, tag->twin->name,
				     NAME_SHOWN, tag->version);
			continue;
		}
		tag_put(out, tag);
		entries++;
	}
	return entries;
}

static void replace_by_counts(struct buffer *out, const struct listing *listing,
			      size_t entries)
{
	buffer_clear(out);
	buffer_printf(out,
		      "{\"tags_seen\":%zu,\"matches_emitted\":%zu,"
		      "\"skipped_below_min_version\":%zu}\n",
		      listing->seen, entries, listing->below_minimum);
}

static void read_rules(struct listing *listing, const char *path)
{
	struct document recipe;
	struct reason why;

	if (!document_read(&recipe, path, RECIPE_MOST, &why))
		die("%s", why.text);
	if (!tag_rules_read(&listing->rules, &recipe.json, path, &listing->found))
		exit(1);
	document_free(&recipe);
}

int main(int argc, char *argv[])
{
	struct listing listing = {0};
	const char *recipe_path = NULL;
	struct buffer out = {0};
	size_t entries;
	int option;

	cli_start("farm-tags", usage);
	while ((option = cli_option(argc, argv, "r:s")) != -1) {
		if (option == 'r')
			recipe_path = optarg;
		else
			listing.is_quiet = true;
	}
	if (recipe_path == NULL)
		usage_error("-r is missing");
	if (optind < argc)
		usage_error("'%s': tags are read from standard input", argv[optind]);
	read_rules(&listing, recipe_path);
	read_lines(&listing);
	entries = put_entries(&out, &listing);
	if (listing.is_quiet)
		replace_by_counts(&out, &listing, entries);
	else if (listing.found.warnings > WARNINGS_SHOWN)
		warn("%zu more are not shown", listing.found.warnings - WARNINGS_SHOWN);
	output(out.data, out.length);
	buffer_free(&out);
	buffer_free(&listing.last_name);
	tag_list_free(&listing.good);
	tag_rules_free(&listing.rules);
	output_finish();
	return 0;
}
