#include "farm_recipe.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "git_url.h"
#include "identity.h"
#include "path.h"
#include "section.h"
#include "table.h"
#include "unicode.h"

/* What a farm may add to a name for a while: "rebuild-" and ".XXXXXXXXXX". */
enum { ADDED_MOST = 19, NAME_FILE_MOST = COMPONENT_MOST - ADDED_MOST };

/* What is behind the name when the version is the shortest one. */
#define SHORTEST "@0-1"

bool farm_recipe_check_name(const char *name, struct reason *why)
{
	if (name[0] == '\0')
		return refuse(why, "recipe '': no name");
	if (strlen(name) + strlen(SHORTEST) > NAME_FILE_MOST)
		return refuse(why,
			      "recipe '%.200s': %zu bytes, of which names of files have "
			      "room for %zu",
			      name, strlen(name), NAME_FILE_MOST - strlen(SHORTEST));
	if (strchr(".-", name[0]) != NULL)
		return refuse(why, "recipe '%.200s': starts with '%c'", name, name[0]);
	if (strpbrk(name, "/@") != NULL)
		return refuse(why, "recipe '%.200s': has a '%c' in it", name,
			      *strpbrk(name, "/@"));
	if (strcmp(name, "make.log") == 0 || strcmp(name, "upload.log") == 0)
		return refuse(why, "recipe '%s': a log of the farm has that name", name);
	return unicode_is_printable_text(name) ||
	       refuse(why, "recipe '%.200s': holds what is no printable character", name);
}

static size_t text_length(const struct json *json, json_value value)
{
	size_t length = 0;

	if (value != JSON_NONE && json_type(json, value) == JSON_STRING)
		free(json_string(json, value, &length));
	return length;
}

/* The length of the longest name of a package. */
static size_t longest_package(const struct json *recipe)
{
	json_value packages = json_member(recipe, 0, "packages");
	size_t longest = 0;

	if (packages == JSON_NONE || json_type(recipe, packages) != JSON_ARRAY)
		return 0;
	for (json_value package = json_first(recipe, packages); package != JSON_NONE;
	     package = json_next(recipe, packages, package))
		if (text_length(recipe, package) > longest)
			longest = text_length(recipe, package);
	return longest;
}

size_t farm_recipe_version_most(const struct json *recipe)
{
	size_t set = text_length(recipe, json_member(recipe, 0, "name")) + strlen("@");
	size_t package =
		longest_package(recipe) + strlen("__.peipkg") + ARCHITECTURE_MOST;
	size_t longest = set > package ? set : package;

	return longest < NAME_FILE_MOST ? NAME_FILE_MOST - longest : 0;
}

/* Where the tags are, and by which name webhooks may know it. */
static void put_git(const struct section *upstream)
{
	char *git = section_take_text(upstream, "git");
	struct buffer normalized = {0};

	if (git != NULL)
		git_url_normalize(git, &normalized);
	section_put_text(upstream, "git", git);
	section_put_text(upstream, "repository", normalized.data);
	buffer_free(&normalized);
	free(git);
}

/* A pattern may go over many lines, and hold whatever a tag may. */
static void put_tag_pattern(const struct section *upstream)
{
	char *pattern = table_text(upstream->json, upstream->table, "tag_pattern",
				   upstream->where, upstream->found);

	section_put_text(upstream, "tag_pattern", pattern);
	free(pattern);
}

static void put_package_names(struct buffer *out, const struct json *json)
{
	json_value packages = json_member(json, 0, "package");

	section_put_key(out, "packages");
	buffer_add_byte(out, '[');
	for (json_value package = json_first(json, packages); package != JSON_NONE;
	     package = json_next(json, packages, package)) {
		section_put_element(out);
		json_put_value(out, json, json_member(json, package, "name"));
	}
	buffer_add_byte(out, ']');
}

bool farm_recipe_put(struct buffer *out, const struct json *json, const char *name,
		     struct findings *found)
{
	struct section upstream = {
		.json = json,
		.table = json_member(json, 0, "upstream"),
		.where = "[upstream]",
		.found = found,
		.out = out,
	};
	struct section watch = upstream;
	size_t errors_before = found->errors;

	watch.table = json_member(json, 0, "watch");
	watch.where = "[watch]";
	buffer_add_byte(out, '{');
	section_put_text(&upstream, "name", name);
	put_git(&upstream);
	put_tag_pattern(&upstream);
	section_number(&upstream, "peios_revision", 1, 1, INT64_MAX);
	section_text(&upstream, "min_version", NULL);
	section_flag(&upstream, "submodules");
	section_flag(&watch, "github_webhook");
	section_duration(&watch, "poll_interval", "0", "1m");
	put_package_names(out, json);
	buffer_add_byte(out, '}');
	return found->errors == errors_before;
}
