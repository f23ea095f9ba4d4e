/* The arrays that speak of other packages (§4.1). */
#include <stdlib.h>
#include <string.h>

#include "constraint.h"
#include "fields.h"
#include "identity.h"
#include "version.h"

static const struct {
	const char *name;
	size_t most;
	bool is_required;
} relations[RELATION_COUNT] = {
	[RELATION_DEPENDENCIES] = {"dependencies", 10000, true},
	[RELATION_OPTIONAL_DEPENDENCIES] = {"optional_dependencies", 10000, false},
	[RELATION_CONFLICTS] = {"conflicts", 10000, true},
	[RELATION_PROVIDES] = {"provides", 10000, false},
	[RELATION_REPLACES] = {"replaces", 1000, false},
};

const char *relation_name(enum relation relation)
{
	return relations[relation].name;
}

size_t relation_most(enum relation relation)
{
	return relations[relation].most;
}

bool relation_is_required(enum relation relation)
{
	return relations[relation].is_required;
}

static bool check_name(const struct json *json, json_value element, struct reason *why)
{
	char *name;
	bool good = field_required_text(json, element, "name", &name, why) &&
		    identity_check_name(name, why);

	free(name);
	return good;
}

static bool check_any_architecture(const struct json *json, json_value element,
				   struct reason *why)
{
	json_value arch = json_member(json, element, "arch");

	return field_is_absent(json, arch) || json_equals(json, arch, "any") ||
	       refuse(why, "arch: only 'any' is allowed [§4.1.1]");
}

static bool check_version(const char *version, struct reason *why)
{
	struct version parsed;

	return version_parse(&parsed, version, why);
}

bool relation_check_element(const struct json *json, json_value element,
			    enum relation relation, struct reason *why)
{
	if (json_type(json, element) != JSON_OBJECT)
		return refuse(why, "no object [§4.1]");
	if (!check_name(json, element, why))
		return false;
	if (relation == RELATION_PROVIDES)
		return field_check_optional(json, element, "version", check_version, why);
	if (!field_check_optional(json, element, "constraint", constraint_check, why))
		return false;
	return relation == RELATION_REPLACES ||
	       check_any_architecture(json, element, why);
}

static int compare_names(const struct json *json, json_value a, json_value b)
{
	char *a_name = json_string(json, json_member(json, a, "name"), NULL);
	char *b_name = json_string(json, json_member(json, b, "name"), NULL);
	int order = strcmp(a_name, b_name);

	free(a_name);
	free(b_name);
	return order;
}

static bool check_order(const struct json *json, json_value previous, json_value element,
			struct reason *why)
{
	int order = previous == JSON_NONE ? -1 : compare_names(json, previous, element);

	if (order == 0)
		return refuse(why, "a name twice [§4.1]");
	return order < 0 || refuse(why, "not sorted by name [§4.1]");
}

static bool check_array(const struct json *json, json_value array, enum relation relation,
			struct reason *why)
{
	const char *name = relation_name(relation);

	if (array == JSON_NONE || json_type(json, array) != JSON_ARRAY)
		return refuse(why, "%s: missing or no array [§3.3]", name);
	return json_size(json, array) <= relation_most(relation) ||
	       refuse(why, "%s: more than %zu elements [§3.2.7]", name,
		      relation_most(relation));
}

bool relation_check(const struct json *json, json_value object, enum relation relation,
		    struct reason *why)
{
	const char *name = relation_name(relation);
	json_value array = json_member(json, object, name), previous = JSON_NONE;

	if (!relation_is_required(relation) && field_is_absent(json, array))
		return true;
	if (!check_array(json, array, relation, why))
		return false;
	for (json_value element = json_first(json, array); element != JSON_NONE;
	     element = json_next(json, array, element)) {
		if (!relation_check_element(json, element, relation, why) ||
		    !check_order(json, previous, element, why))
			return refuse_in(why, "%s", name);
		previous = element;
	}
	return true;
}

static bool has_name(const struct json *json, json_value element)
{
	struct reason ignored;

	return json_type(json, element) == JSON_OBJECT &&
	       check_name(json, element, &ignored);
}

/* Elements without a name have no place in the order. */
static void report_elements(const struct json *json, json_value array,
			    enum relation relation, const char *about,
			    struct findings *found)
{
	const char *name = relation_name(relation);
	json_value previous = JSON_NONE;
	struct reason why;

	for (json_value element = json_first(json, array); element != JSON_NONE;
	     element = json_next(json, array, element)) {
		if (!relation_check_element(json, element, relation, &why))
			find_error(found, "%s: %s: %s", about, name, why.text);
		if (!has_name(json, element))
			continue;
		if (!check_order(json, previous, element, &why))
			find_error(found, "%s: %s: %s", about, name, why.text);
		previous = element;
	}
}

void relation_report(const struct json *json, json_value object, enum relation relation,
		     const char *about, struct findings *found)
{
	json_value array = json_member(json, object, relation_name(relation));
	struct reason why;

	if (relation_check(json, object, relation, &why))
		return;
	if (check_array(json, array, relation, &why))
		report_elements(json, array, relation, about, found);
	else
		find_error(found, "%s: %s", about, why.text);
}
