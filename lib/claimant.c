/* The packages that claim entries, and what their patterns match. */
#include <stdlib.h>
#include <string.h>

#include "claim.h"
#include "glob.h"

static bool take_pattern(struct claimant_pattern *pattern, const struct json *recipe,
			 json_value value, struct reason *why)
{
	size_t length;

	pattern->text = json_string(recipe, value, &length);
	pattern->makes_claimable = length > 0 && pattern->text[length - 1] == '/';
	while (length > 0 && pattern->text[length - 1] == '/')
		length--;
	pattern->directory_text = copy_text(pattern->text, length);
	return glob_check(pattern->directory_text, why);
}

static bool take_patterns(struct claimant *claimant, const struct json *recipe,
			  json_value files, struct reason *why)
{
	if (files == JSON_NONE || json_type(recipe, files) != JSON_ARRAY)
		return true;
	claimant->patterns =
		allocate(json_size(recipe, files), sizeof *claimant->patterns);
	for (json_value pattern = json_first(recipe, files); pattern != JSON_NONE;
	     pattern = json_next(recipe, files, pattern))
		if (!take_pattern(&claimant->patterns[claimant->pattern_count++], recipe,
				  pattern, why))
			return refuse_in(why, "package '%s': files", claimant->name);
	return true;
}

bool claimants_from_recipe(struct claimants *claimants, const struct json *recipe,
			   struct reason *why)
{
	json_value packages = json_member(recipe, 0, "package");

	claimants->list = allocate(json_size(recipe, packages), sizeof *claimants->list);
	for (json_value package = json_first(recipe, packages); package != JSON_NONE;
	     package = json_next(recipe, packages, package)) {
		struct claimant *claimant = &claimants->list[claimants->count++];

		claimant->name =
			json_string(recipe, json_member(recipe, package, "name"), NULL);
		claimant->architecture = json_string(
			recipe, json_member(recipe, package, "architecture"), NULL);
		if (!take_patterns(claimant, recipe,
				   json_member(recipe, package, "files"), why))
			return false;
	}
	return true;
}

void claimants_take_all(struct claimants *claimants, const char *name,
			const char *architecture)
{
	claimants->count = 1;
	claimants->list = allocate(1, sizeof *claimants->list);
	claimants->list[0].name = copy_text(name, strlen(name));
	claimants->list[0].architecture = copy_text(architecture, strlen(architecture));
	claimants->list[0].takes_all = true;
}

static void free_pattern(struct claimant_pattern *pattern)
{
	free(pattern->text);
	free(pattern->directory_text);
}

void claimants_free(struct claimants *claimants)
{
	for (size_t p = 0; p < claimants->count; p++) {
		struct claimant *claimant = &claimants->list[p];

		for (size_t i = 0; i < claimant->pattern_count; i++)
			free_pattern(&claimant->patterns[i]);
		free(claimant->patterns);
		free(claimant->name);
		free(claimant->architecture);
	}
	free(claimants->list);
	*claimants = (struct claimants){0};
}

bool claimant_matches(struct claimant *claimant, const struct entry *entry)
{
	bool matches = claimant->takes_all && entry->type != ENTRY_DIRECTORY;

	for (size_t i = 0; i < claimant->pattern_count; i++) {
		struct claimant_pattern *pattern = &claimant->patterns[i];
		const char *text = entry->type == ENTRY_DIRECTORY
					   ? pattern->directory_text
					   : pattern->text;
		if (!glob_match(text, entry->path))
			continue;
		pattern->matched = true;
		matches = true;
	}
	return matches;
}

bool claimant_wants_directory(const struct claimant *claimant, const char *path)
{
	for (size_t i = 0; i < claimant->pattern_count; i++)
		if (claimant->patterns[i].makes_claimable &&
		    glob_match(claimant->patterns[i].directory_text, path))
			return true;
	return false;
}
