/* From a tag of an upstream to the version that a recipe makes of it. */
#ifndef TAG_VERSION_H
#define TAG_VERSION_H

#include <stdbool.h>
#include <stdint.h>

#include "buffer.h"
#include "json.h"
#include "report.h"
#include "tag_pattern.h"
#include "version.h"

/* What a recipe says of its tags. Give back with tag_rules_free. */
struct tag_rules {
	pcre2_code *pattern;
	pcre2_match_data *groups;
	pcre2_match_context *limits;
	int64_t revision;
	char *minimum_text; /* null when any version will do */
	struct version minimum;
	size_t version_most; /* bytes for which names of files have room */
};

enum tag_verdict {
	TAG_GOOD,
	TAG_OTHER,	   /* the pattern does not find anything in it */
	TAG_BELOW_MINIMUM, /* older than min_version */
	TAG_BAD,	   /* no version comes of it */
};

/* Reads tag_pattern, peios_revision and min_version, as farm-recipe(1) writes them, and
 * of the names of recipe and packages how long; reports everything that is wrong with
 * them; `where` is what messages call the recipe. Returns whether there was no error;
 * *rules needs tag_rules_free in any case. */
bool tag_rules_read(struct tag_rules *rules, const struct json *recipe, const char *where,
		    struct findings *found);
void tag_rules_free(struct tag_rules *rules);

/* Searches the pattern in a tag and replaces *version's content with the version that
 * comes of it; only with TAG_GOOD and TAG_BELOW_MINIMUM is that one. Time and memory are
 * bounded, whatever pattern and tag are. Fills *why with TAG_BAD alone. */
enum tag_verdict tag_version(const struct tag_rules *rules, const char *tag,
			     struct buffer *version, struct reason *why);

#endif
