#include "upstream.h"

#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "duration.h"
#include "fields.h"
#include "git_url.h"
#include "table.h"
#include "tag_pattern.h"
#include "version.h"

static const char *const upstream_keys[] = {"git",	  "tag_pattern", "peios_revision",
					    "submodules", "min_version", NULL};
static const char *const watch_keys[] = {"github_webhook", "poll_interval", NULL};

enum { POLL_INTERVAL_LEAST = 60 }; /* seconds */

/* What of a key's text is wrong, if it has one. */
typedef bool check_function(const char *text, struct reason *why);

static void check_text(const struct json *json, json_value table, const char *key,
		       const char *where, check_function *check, struct findings *found)
{
	char *text = table_text(json, table, key, where, found);
	struct reason why;

	if (text != NULL && !check(text, &why))
		find_error(found, "%s: %s: %s", where, key, why.text);
	free(text);
}

static bool check_tag_pattern(const char *pattern, struct reason *why)
{
	pcre2_code *code = tag_pattern_compile(pattern, why);

	pcre2_code_free(code);
	return code != NULL;
}

/* The upstream part of a version: with a revision behind it, it has to be a version. An
 * epoch in front would not be compared. */
static bool check_upstream_version(const char *upstream, struct reason *why)
{
	struct version parsed;
	struct buffer version = {0};
	bool good;

	if (strchr(upstream, ':') != NULL)
		return refuse(why, "'%.200s': an epoch, which no tag has", upstream);
	buffer_printf(&version, "%s-1", upstream);
	good = version_parse(&parsed, version.data, why);
	buffer_free(&version);
	return good;
}

static bool check_poll_interval(const char *text, struct reason *why)
{
	int64_t nanoseconds;

	if (!duration_parse(text, &nanoseconds, why))
		return false;
	return nanoseconds / NANOSECONDS_A_SECOND >= POLL_INTERVAL_LEAST ||
	       refuse(why, "'%.200s' is less than 1m", text);
}

static void check_source(const struct json *json, json_value upstream,
			 struct findings *found)
{
	bool has_git = !field_is_absent(json, json_member(json, upstream, "git"));
	bool has_pattern =
		!field_is_absent(json, json_member(json, upstream, "tag_pattern"));

	if (has_git && !has_pattern)
		find_error(found, "[upstream]: git without tag_pattern");
	if (has_pattern && !has_git)
		find_error(found, "[upstream]: tag_pattern without git");
	if (!has_git && !has_pattern)
		find_warning(found, "[upstream]: neither git nor tag_pattern: nothing is "
				    "watched");
}

static void check_revision(const struct json *json, json_value upstream,
			   struct findings *found)
{
	json_value value = json_member(json, upstream, "peios_revision");
	int64_t revision;

	if (value == JSON_NONE || json_type(json, value) == JSON_NULL)
		return;
	if (!json_unsigned(json, value, &revision) || revision < 1)
		find_error(found, "[upstream]: peios_revision: no integer from 1 to "
				  "2^63-1 [§2.2]");
}

static void check_upstream(const struct json *json, json_value upstream,
			   struct findings *found)
{
	static const char where[] = "[upstream]";

	if (!table_check_type(json, upstream, where, found))
		return;
	table_check_keys(json, upstream, upstream_keys, where, found);
	check_source(json, upstream, found);
	check_text(json, upstream, "git", where, git_url_check, found);
	check_text(json, upstream, "tag_pattern", where, check_tag_pattern, found);
	check_revision(json, upstream, found);
	table_flag(json, upstream, "submodules", where, found);
	check_text(json, upstream, "min_version", where, check_upstream_version, found);
}

static void check_watch(const struct json *json, json_value watch, struct findings *found)
{
	static const char where[] = "[watch]";

	if (!table_check_type(json, watch, where, found))
		return;
	table_check_keys(json, watch, watch_keys, where, found);
	table_flag(json, watch, "github_webhook", where, found);
	check_text(json, watch, "poll_interval", where, check_poll_interval, found);
}

bool upstream_check(const struct json *json, struct findings *found)
{
	size_t errors_before = found->errors;
	json_value upstream = json_member(json, 0, "upstream");
	json_value watch = json_member(json, 0, "watch");

	if (!table_check_type(json, 0, "recipe", found))
		return false;
	if (upstream != JSON_NONE)
		check_upstream(json, upstream, found);
	if (watch != JSON_NONE)
		check_watch(json, watch, found);
	if (watch != JSON_NONE && upstream == JSON_NONE)
		find_warning(found, "[watch]: without [upstream] nothing is watched");
	return found->errors == errors_before;
}
