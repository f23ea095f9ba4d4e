#include "recipe_relations.h"

#include <stdio.h>
#include <stdlib.h>

#include "fields.h"
#include "table.h"

static const char *const dependency_keys[] = {"name", "constraint", "arch", "same_build",
					      NULL};
static const char *const provides_keys[] = {"name", "version", NULL};
static const char *const replaces_keys[] = {"name", "constraint", NULL};

static const char *const *const keys[RELATION_COUNT] = {
	[RELATION_DEPENDENCIES] = dependency_keys,
	[RELATION_OPTIONAL_DEPENDENCIES] = dependency_keys,
	[RELATION_CONFLICTS] = dependency_keys,
	[RELATION_PROVIDES] = provides_keys,
	[RELATION_REPLACES] = replaces_keys,
};

/* One of the arrays, and what its elements are looked at with. */
struct array {
	const struct json *json;
	json_value package;
	const char *where; /* what messages call the package */
	enum relation relation;
	const struct name_set *siblings;
	struct findings *found;
};

/* The name of an element, to be freed; null when there is no telling. */
static char *element_name(const struct json *json, json_value element)
{
	struct reason why;
	char *name;

	field_required_text(json, element, "name", &name, &why);
	return name;
}

static bool is_package_itself(const struct array *array, const char *name)
{
	const struct json *json = array->json;

	return name != NULL &&
	       json_equals(json, json_member(json, array->package, "name"), name);
}

/* same_build pins the version of a package that is built along (§8.2). */
static void check_same_build(const struct array *array, json_value element,
			     const char *name, const char *where)
{
	const struct json *json = array->json;

	if (!table_flag(json, element, "same_build", where, array->found))
		return;
	if (!field_is_absent(json, json_member(json, element, "constraint")))
		find_error(array->found,
			   "%s: same_build and a constraint exclude each other [§8.2]",
			   where);
	if (name != NULL &&
	    (!name_set_holds(array->siblings, name) || is_package_itself(array, name)))
		find_error(array->found,
			   "%s: same_build, but this recipe has no other package of that "
			   "name [§8.2]",
			   where);
}

static void check_element(const struct array *array, json_value element, const char *name,
			  const char *where)
{
	const struct json *json = array->json;
	struct reason why;

	if (!relation_check_element(json, element, array->relation, &why))
		find_error(array->found, "%s: %s", where, why.text);
	if (json_type(json, element) != JSON_OBJECT)
		return;
	table_check_keys(json, element, keys[array->relation], where, array->found);
	if (keys[array->relation] == dependency_keys)
		check_same_build(array, element, name, where);
	if (array->relation != RELATION_PROVIDES && is_package_itself(array, name))
		find_warning(array->found, "%s: is the package itself", where);
}

static void check_elements(const struct array *array, json_value value)
{
	const struct json *json = array->json;
	const char *relation = relation_name(array->relation);
	struct name_set names = {0};
	size_t number = 1;

	for (json_value element = json_first(json, value); element != JSON_NONE;
	     element = json_next(json, value, element), number++) {
		char *name = element_name(json, element);
		char where[512];

		if (name != NULL)
			snprintf(where, sizeof where, "%s: %s '%.100s'", array->where,
				 relation, name);
		else
			snprintf(where, sizeof where, "%s: %s #%zu", array->where,
				 relation, number);
		check_element(array, element, name, where);
		if (name != NULL && !name_set_add(&names, name))
			find_error(array->found, "%s: twice [§4.1]", where);
		free(name);
	}
	name_set_free(&names);
}

static void check_array(const struct array *array)
{
	const struct json *json = array->json;
	const char *name = relation_name(array->relation);
	size_t most = relation_most(array->relation);
	json_value value = json_member(json, array->package, name);

	if (value == JSON_NONE || json_type(json, value) == JSON_NULL)
		return;
	if (json_type(json, value) != JSON_ARRAY)
		find_error(array->found, "%s: %s: no array [§8.2]", array->where, name);
	else if (json_size(json, value) > most)
		find_error(array->found, "%s: %s: more than %zu elements [§3.2.7]",
			   array->where, name, most);
	else
		check_elements(array, value);
}

void recipe_check_relations(const struct json *json, json_value package,
			    const char *where, const struct name_set *siblings,
			    struct findings *found)
{
	struct array array = {.json = json,
			      .package = package,
			      .where = where,
			      .siblings = siblings,
			      .found = found};

	for (array.relation = 0; array.relation < RELATION_COUNT; array.relation++)
		check_array(&array);
}
