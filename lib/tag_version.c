#include "tag_version.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "farm_recipe.h"
#include "table.h"

/* What one search may take: far more than a sane pattern needs, and milliseconds. */
enum { MATCH_STEPS_MOST = 100000, MATCH_DEPTH_MOST = 10000, MATCH_KIB_MOST = 8192 };

static bool prepare_search(struct tag_rules *rules, const char *pattern,
			   struct reason *why)
{
	rules->pattern = tag_pattern_compile(pattern, why);
	if (rules->pattern == NULL)
		return refuse_in(why, "tag_pattern");
	rules->groups = pcre2_match_data_create_from_pattern(rules->pattern, NULL);
	rules->limits = pcre2_match_context_create(NULL);
	if (rules->groups == NULL || rules->limits == NULL)
		die("out of memory");
	pcre2_set_match_limit(rules->limits, MATCH_STEPS_MOST);
	pcre2_set_depth_limit(rules->limits, MATCH_DEPTH_MOST);
	pcre2_set_heap_limit(rules->limits, MATCH_KIB_MOST);
	return true;
}

/* An upstream part is compared as if a first revision followed. */
static bool take_minimum(struct tag_rules *rules, const char *upstream,
			 struct reason *why)
{
	struct buffer text = {0};

	buffer_printf(&text, "%s-1", upstream);
	rules->minimum_text = text.data;
	return version_parse(&rules->minimum, rules->minimum_text, why) ||
	       refuse_in(why, "min_version");
}

static bool take_revision(struct tag_rules *rules, const struct json *recipe,
			  struct reason *why)
{
	json_value value = json_member(recipe, 0, "peios_revision");

	return (value != JSON_NONE && json_unsigned(recipe, value, &rules->revision) &&
		rules->revision > 0) ||
	       refuse(why, "peios_revision: no integer from 1 to 2^63-1 [§2.2]");
}

bool tag_rules_read(struct tag_rules *rules, const struct json *recipe, const char *where,
		    struct findings *found)
{
	size_t errors_before = found->errors;
	char *pattern = table_required_text(recipe, 0, "tag_pattern", where, found);
	char *minimum = table_text(recipe, 0, "min_version", where, found);
	struct reason why;

	*rules = (struct tag_rules){0};
	if (pattern != NULL && !prepare_search(rules, pattern, &why))
		find_error(found, "%s: %s", where, why.text);
	if (minimum != NULL && !take_minimum(rules, minimum, &why))
		find_error(found, "%s: %s", where, why.text);
	if (!take_revision(rules, recipe, &why))
		find_error(found, "%s: %s", where, why.text);
	rules->version_most = farm_recipe_version_most(recipe);
	free(pattern);
	free(minimum);
	return found->errors == errors_before;
}

void tag_rules_free(struct tag_rules *rules)
{
	pcre2_match_context_free(rules->limits);
	pcre2_match_data_free(rules->groups);
	pcre2_code_free(rules->pattern);
	free(rules->minimum_text);
}

/* Appends, with `before` in front, what a group matched, unless that is nothing. Returns
 * whether it was something. */
static bool put_group(struct buffer *out, const struct tag_rules *rules, const char *tag,
		      const char *before, int group)
{
	const size_t *places = pcre2_get_ovector_pointer(rules->groups);
	size_t start = places[2 * group], end = places[2 * group + 1];

	if (start == PCRE2_UNSET || start >= end)
		return false;
	buffer_add_text(out, before);
	buffer_add(out, tag + start, end - start);
	return true;
}

static bool put_named(struct buffer *out, const struct tag_rules *rules, const char *tag,
		      const char *before, const char *name)
{
	int group = pcre2_substring_number_from_name(rules->pattern, (PCRE2_SPTR)name);

	return group > 0 && put_group(out, rules, tag, before, group);
}

static bool put_upstream(struct buffer *out, const struct tag_rules *rules,
			 const char *tag, struct reason *why)
{
	uint32_t names;

	pcre2_pattern_info(rules->pattern, PCRE2_INFO_NAMECOUNT, &names);
	if (names == 0)
		return put_group(out, rules, tag, "", 1) ||
		       refuse(why, "the pattern finds an empty version in it");
	if (!put_named(out, rules, tag, "", "major"))
		return refuse(why, "the pattern finds an empty major in it");
	if (!put_named(out, rules, tag, ".", "minor"))
		return refuse(why, "the pattern finds an empty minor in it");
	put_named(out, rules, tag, ".", "patch");
	put_named(out, rules, tag, "-", "prerelease");
	return true;
}

static enum tag_verdict search(const struct tag_rules *rules, const char *tag,
			       struct reason *why)
{
	int result = pcre2_match(rules->pattern, (PCRE2_SPTR)tag, strlen(tag), 0, 0,
				 rules->groups, rules->limits);
	PCRE2_UCHAR message[256];

	if (result == PCRE2_ERROR_NOMATCH)
		return TAG_OTHER;
	if (result > 0)
		return TAG_GOOD;
	pcre2_get_error_message(result, message, sizeof message);
	refuse(why, "the pattern cannot be searched in it: %s", (const char *)message);
	return TAG_BAD;
}

enum tag_verdict tag_version(const struct tag_rules *rules, const char *tag,
			     struct buffer *version, struct reason *why)
{
	enum tag_verdict verdict = search(rules, tag, why);
	struct version parsed;

	buffer_clear(version);
	if (verdict != TAG_GOOD)
		return verdict;
	if (!put_upstream(version, rules, tag, why))
		return TAG_BAD;
	buffer_printf(version, "-%" PRId64, rules->revision);
	if (!version_parse(&parsed, version->data, why))
		return TAG_BAD;
	if (rules->minimum_text != NULL &&
	    version_compare_upstream(&parsed, &rules->minimum) < 0)
		return TAG_BELOW_MINIMUM;
	if (version->length <= rules->version_most)
		return TAG_GOOD;
	refuse(why, "a version of %zu bytes, of which names of files have room for %zu",
	       version->length, rules->version_most);
	return TAG_BAD;
}
