#include "recipe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fields.h"
#include "identity.h"
#include "name_set.h"
#include "recipe_files.h"
#include "recipe_meta.h"
#include "recipe_relations.h"
#include "side_effects.h"
#include "table.h"

static const char *const package_keys[] = {
	"name",
	"architecture",
	"description",
	"dependencies",
	"optional_dependencies",
	"conflicts",
	"provides",
	"replaces",
	"side_effects",
	"files",
	NULL,
};

static void check_architecture(const char *architecture, const char *where,
			       struct findings *found)
{
	static const char *const known[] = {"x86_64", "aarch64", "noarch"};
	struct reason why;

	if (!identity_check_architecture(architecture, &why)) {
		find_error(found, "%s: %s", where, why.text);
		return;
	}
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (strcmp(architecture, known[i]) == 0)
			return;
	find_warning(found, "%s: architecture: '%s' is none of those known [§2.3]", where,
		     architecture);
}

static void check_texts(const struct json *json, json_value package, const char *where,
			struct findings *found)
{
	char *name = table_required_text(json, package, "name", where, found);
	char *architecture =
		table_required_text(json, package, "architecture", where, found);
	char *description = table_text(json, package, "description", where, found);
	struct reason why;

	if (name != NULL && !identity_check_name(name, &why))
		find_error(found, "%s: %s", where, why.text);
	if (architecture != NULL)
		check_architecture(architecture, where, found);
	if (description != NULL && !field_check_description(description, &why))
		find_error(found, "%s: %s", where, why.text);
	else
		field_check_habits(where, description, NULL, found);
	free(name);
	free(architecture);
	free(description);
}

static void check_package(const struct json *json, json_value package, const char *where,
			  const struct name_set *siblings, struct findings *found)
{
	struct side_effects declared;
	struct reason why;

	if (!table_check_type(json, package, where, found))
		return;
	table_check_keys(json, package, package_keys, where, found);
	check_texts(json, package, where, found);
	recipe_check_relations(json, package, where, siblings, found);
	if (!side_effects_parse(json, json_member(json, package, "side_effects"),
				&declared, &why))
		find_error(found, "%s: %s", where, why.text);
	recipe_check_files(json, json_member(json, package, "files"), where, found);
}

static void check_patterns_size(const struct json *json, json_value packages,
				struct findings *found)
{
	size_t size = 0;

	for (json_value package = json_first(json, packages); package != JSON_NONE;
	     package = json_next(json, packages, package))
		if (json_type(json, package) == JSON_OBJECT)
			size += recipe_patterns_size(json,
						     json_member(json, package, "files"));
	if (size > RECIPE_PATTERNS_MOST)
		find_error(
			found,
			"files: all patterns come to %zu bytes, with 16 more for each; "
			"%d are permitted",
			size, RECIPE_PATTERNS_MOST);
}

/* Writes what messages call a package: its name if it has one, else its number. */
static void name_package(const struct json *json, json_value package, size_t number,
			 char where[static 128])
{
	struct reason why;
	char *name;

	if (field_required_text(json, package, "name", &name, &why))
		snprintf(where, 128, "package '%.100s'", name);
	else
		snprintf(where, 128, "package #%zu", number);
	free(name);
}

static void collect_names(const struct json *json, json_value packages,
			  struct name_set *names, struct findings *found)
{
	for (json_value package = json_first(json, packages); package != JSON_NONE;
	     package = json_next(json, packages, package)) {
		struct reason why;
		char *name;

		if (!field_required_text(json, package, "name", &name, &why))
			continue;
		if (!name_set_add(names, name))
			find_error(found, "package '%.100s': twice [§8.2]", name);
		free(name);
	}
}

static void check_packages(const struct json *json, struct findings *found)
{
	json_value packages = json_member(json, 0, "package");
	struct name_set names = {0};
	size_t number = 1;

	if (packages == JSON_NONE || json_type(json, packages) != JSON_ARRAY ||
	    json_size(json, packages) == 0) {
		find_error(found, "[[package]]: missing or no array of tables [§8.2]");
		return;
	}
	collect_names(json, packages, &names, found);
	for (json_value package = json_first(json, packages); package != JSON_NONE;
	     package = json_next(json, packages, package)) {
		char where[128];

		name_package(json, package, number++, where);
		check_package(json, package, where, &names, found);
	}
	check_patterns_size(json, packages, found);
	name_set_free(&names);
}

bool recipe_check(const struct json *json, struct findings *found)
{
	size_t errors_before = found->errors;

	if (!table_check_type(json, 0, "recipe", found))
		return false;
	if (json_member(json, 0, "sign") != JSON_NONE)
		find_error(found, "[[sign]]: binary signatures are not supported [§8.2]");
	recipe_check_meta(json, json_member(json, 0, "meta"), found);
	check_packages(json, found);
	return found->errors == errors_before;
}

json_value recipe_package(const struct json *json, const char *name)
{
	json_value packages = json_member(json, 0, "package");

	if (packages == JSON_NONE)
		return JSON_NONE;
	for (json_value package = json_first(json, packages); package != JSON_NONE;
	     package = json_next(json, packages, package))
		if (json_equals(json, json_member(json, package, "name"), name))
			return package;
	return JSON_NONE;
}
