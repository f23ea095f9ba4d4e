#include "needs.h"

#include <stdlib.h>
#include <string.h>

#include "constraint.h"
#include "fields.h"
#include "json.h"
#include "version.h"

/* The text of a member, null when it is absent. To be freed. */
static char *text_of(const struct json *json, json_value object, const char *name)
{
	json_value value = json_member(json, object, name);

	return field_is_absent(json, value) ? NULL : json_string(json, value, NULL);
}

static char *label_of(const struct index_entry *entry)
{
	struct buffer label = {0};

	buffer_printf(&label, "%s_%s_%s", entry->name, entry->version,
		      entry->architecture);
	return label.data;
}

static bool check_relation(const struct index_entry *entry, enum relation relation,
			   struct reason *why)
{
	return relation_check(&entry->json, 0, relation, why) ||
	       refuse_in(why, "%s_%s_%s", entry->name, entry->version,
			 entry->architecture);
}

static void add_need(struct needs *needs, const struct index_entry *entry,
		     json_value dependency)
{
	struct need *need;

	needs->list = grow_array(needs->list, needs->count, sizeof *needs->list);
	need = &needs->list[needs->count++];
	*need = (struct need){
		.package = label_of(entry),
		.name = text_of(&entry->json, dependency, "name"),
		.constraint = text_of(&entry->json, dependency, "constraint"),
	};
	memcpy(need->architecture, entry->architecture, sizeof need->architecture);
}

bool needs_add(struct needs *needs, const struct index_entry *entry, struct reason *why)
{
	const struct json *json = &entry->json;
	json_value array = json_member(json, 0, "dependencies");

	if (!check_relation(entry, RELATION_DEPENDENCIES, why))
		return false;
	for (json_value each = json_first(json, array); each != JSON_NONE;
	     each = json_next(json, array, each))
		add_need(needs, entry, each);
	return true;
}

static int compare_names(const void *a, const void *b)
{
	const struct need *const *left = a, *const *right = b;

	return strcmp((*left)->name, (*right)->name);
}

static void sort_by_name(struct needs *needs)
{
	needs->by_name = allocate(needs->count, sizeof(struct need *));
	for (size_t i = 0; i < needs->count; i++)
		needs->by_name[i] = &needs->list[i];
	qsort(needs->by_name, needs->count, sizeof(struct need *), compare_names);
}

/* Where in by_name the needs of that name begin, or would. */
static size_t find_first(const struct needs *needs, const char *name)
{
	size_t low = 0, high = needs->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(needs->by_name[middle]->name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool architecture_fits(const char *offered, const char *depending)
{
	return strcmp(offered, depending) == 0 || strcmp(offered, "noarch") == 0;
}

/* A null version is any (§4.1.4). Constraints were checked when they were added. */
static bool version_fits(const struct version *version, const char *constraint)
{
	struct reason ignored;
	bool matches = false;

	if (version == NULL || constraint == NULL)
		return true;
	return constraint_matches(constraint, version, &matches, &ignored) && matches;
}

static void offer(struct needs *needs, const char *name, const struct version *version,
		  const char *architecture)
{
	for (size_t i = find_first(needs, name);
	     i < needs->count && strcmp(needs->by_name[i]->name, name) == 0; i++) {
		struct need *need = needs->by_name[i];

		if (!need->met && architecture_fits(architecture, need->architecture))
			need->met = version_fits(version, need->constraint);
	}
}

static void offer_provided(struct needs *needs, const struct index_entry *entry,
			   json_value provided)
{
	char *name = text_of(&entry->json, provided, "name");
	char *text = text_of(&entry->json, provided, "version");
	struct version version;
	struct reason ignored; /* it was checked already */

	if (text == NULL)
		offer(needs, name, NULL, entry->architecture);
	else if (version_parse(&version, text, &ignored))
		offer(needs, name, &version, entry->architecture);
	free(name);
	free(text);
}

bool needs_offer(struct needs *needs, const struct index_entry *entry, struct reason *why)
{
	const struct json *json = &entry->json;
	json_value array = json_member(json, 0, "provides");

	if (!check_relation(entry, RELATION_PROVIDES, why))
		return false;
	if (needs->by_name == NULL)
		sort_by_name(needs);
	offer(needs, entry->name, &entry->parsed_version, entry->architecture);
	if (field_is_absent(json, array))
		return true;
	for (json_value each = json_first(json, array); each != JSON_NONE;
	     each = json_next(json, array, each))
		offer_provided(needs, entry, each);
	return true;
}

void needs_free(struct needs *needs)
{
	for (size_t i = 0; i < needs->count; i++) {
		free(needs->list[i].package);
		free(needs->list[i].name);
		free(needs->list[i].constraint);
	}
	free(needs->list);
	free(needs->by_name);
}
