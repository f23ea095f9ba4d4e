/* The canonical manifest (§3.3, §1.3). */
#include <stdlib.h>
#include <string.h>

#include "fields.h"
#include "manifest.h"

/* An element of an array, and what it is sorted by (up to a NUL, which manifest_parse
 * refuses). */
struct element {
	char *key;
	json_value value;
};

static int compare_keys(const void *a, const void *b)
{
	return strcmp(((const struct element *)a)->key, ((const struct element *)b)->key);
}

/* What is no array is put as it stands, for manifest_parse to refuse. */
static bool is_sortable(const struct json *json, json_value array)
{
	return !field_is_absent(json, array) && json_type(json, array) == JSON_ARRAY;
}

/* The elements of an array sorted by a member of theirs. */
static struct element *sort_elements(const struct json *json, json_value array,
				     const char *key, size_t *count)
{
	struct element *elements;

	*count = 0;
	elements = allocate(json_size(json, array), sizeof *elements);
	for (json_value at = json_first(json, array); at != JSON_NONE;
	     at = json_next(json, array, at)) {
		json_value name = json_member(json, at, key);
		bool is_text = name != JSON_NONE && json_type(json, name) == JSON_STRING;
		elements[*count].key =
			is_text ? json_string(json, name, NULL) : copy_text("", 0);
		elements[(*count)++].value = at;
	}
	qsort(elements, *count, sizeof *elements, compare_keys);
	return elements;
}

/* A member as it stands, or the text that it has when absent. */
static void put_member(struct buffer *out, const struct json *json, json_value object,
		       const char *name, const char *otherwise)
{
	json_value value = json_member(json, object, name);

	buffer_printf(out, ",\"%s\":", name);
	if (field_is_absent(json, value))
		buffer_add_text(out, otherwise);
	else
		json_put_value(out, json, value);
}

static void put_text(struct buffer *out, const char *name, const char *text)
{
	buffer_printf(out, ",\"%s\":", name);
	json_put_text(out, text != NULL ? text : "");
}

/* Fields of an element that are left out when empty. */
static void put_optional(struct buffer *out, const struct json *json, json_value element,
			 const char *name)
{
	if (!field_is_absent(json, json_member(json, element, name)))
		put_member(out, json, element, name, "");
}

static void put_same_build(struct buffer *out, const char *version)
{
	struct buffer constraint = {0};

	buffer_printf(&constraint, "= %s", version);
	put_text(out, "constraint", constraint.data);
	buffer_free(&constraint);
}

/* The value of the member that elements are sorted by, as it stands. */
static void put_key(struct buffer *out, const struct json *json, json_value element,
		    const char *name)
{
	json_value value = json_member(json, element, name);

	if (value != JSON_NONE)
		json_put_value(out, json, value);
	else
		buffer_add_text(out, "null");
}

/* Members that an element of that relation does not have are left out, as all members are
 * that no one knows; same_build means something in a recipe only. */
static void put_element(struct buffer *out, const struct manifest_source *source,
			enum relation relation, json_value element)
{
	const struct json *json = source->json;
	json_value same_build = json_member(json, element, "same_build");

	buffer_add_text(out, "{\"name\":");
	put_key(out, json, element, "name");
	if (relation == RELATION_PROVIDES)
		put_optional(out, json, element, "version");
	else if (source->from_recipe && same_build != JSON_NONE &&
		 json_type(json, same_build) == JSON_TRUE)
		put_same_build(out, source->version);
	else
		put_optional(out, json, element, "constraint");
	if (relation != RELATION_PROVIDES && relation != RELATION_REPLACES)
		put_optional(out, json, element, "arch");
	buffer_add_byte(out, '}');
}

static void put_relation(struct buffer *out, const struct manifest_source *source,
			 enum relation relation)
{
	const char *name = relation_name(relation);
	json_value array = json_member(source->json, source->package, name);
	struct element *elements;
	size_t count;

	if (!is_sortable(source->json, array)) {
		put_member(out, source->json, source->package, name, "[]");
		return;
	}
	elements = sort_elements(source->json, array, "name", &count);
	buffer_printf(out, ",\"%s\":[", name);
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			buffer_add_byte(out, ',');
		put_element(out, source, relation, elements[i].value);
		free(elements[i].key);
	}
	buffer_add_byte(out, ']');
	free(elements);
}

static void put_overrides(struct buffer *out, const struct manifest_source *source)
{
	json_value array = json_member(source->json, source->package, "sd_overrides");
	struct element *elements;
	size_t count;

	if (!is_sortable(source->json, array)) {
		put_member(out, source->json, source->package, "sd_overrides", "[]");
		return;
	}
	elements = sort_elements(source->json, array, "path", &count);
	buffer_add_text(out, ",\"sd_overrides\":[");
	for (size_t i = 0; i < count; i++) {
		buffer_add_text(out, i > 0 ? ",{\"path\":" : "{\"path\":");
		put_key(out, source->json, elements[i].value, "path");
		put_member(out, source->json, elements[i].value, "sd", "\"\"");
		buffer_add_byte(out, '}');
		free(elements[i].key);
	}
	buffer_add_byte(out, ']');
	free(elements);
}

void manifest_put(struct buffer *out, const struct manifest_source *source)
{
	const struct json *json = source->json;

	buffer_add_text(out, "{\"schema_version\":1");
	put_member(out, json, source->package, "name", "\"\"");
	put_text(out, "version", source->version);
	put_member(out, json, source->package, "architecture", "\"\"");
	put_member(out, json, source->package, "description", "\"\"");
	put_member(out, json, source->shared, "license", "\"\"");
	put_member(out, json, source->shared, "homepage", "\"\"");
	for (enum relation relation = 0; relation < RELATION_COUNT; relation++)
		put_relation(out, source, relation);
	put_member(out, json, source->package, "side_effects", "[]");
	buffer_printf(out, ",\"size_installed\":%lld", (long long)source->size_installed);
	put_overrides(out, source);
	buffer_add_text(out, ",\"build\":{\"timestamp\":");
	json_put_text(out, source->timestamp != NULL ? source->timestamp : "");
	put_text(out, "farm_id", source->farm_id);
	put_text(out, "source_ref", source->source_ref);
	buffer_add_text(out, "}}\n");
}
