#include "manifest.h"

#include <stdlib.h>
#include <string.h>

#include "base64.h"
#include "fields.h"
#include "identity.h"
#include "security_descriptor.h"
#include "timestamp.h"
#include "version.h"

enum { OVERRIDES_MOST = 100000 };

static bool check_version(const char *version, struct reason *why)
{
	struct version parsed;

	return version_parse(&parsed, version, why);
}

static bool take_identity(struct manifest *manifest, const struct json *json,
			  struct reason *why)
{
	return field_required_text(json, 0, "name", &manifest->name, why) &&
	       identity_check_name(manifest->name, why) &&
	       field_required_text(json, 0, "version", &manifest->version, why) &&
	       check_version(manifest->version, why) &&
	       field_required_text(json, 0, "architecture", &manifest->architecture,
				   why) &&
	       identity_check_architecture(manifest->architecture, why);
}

static bool check_string(const struct json *json, json_value object, const char *name,
			 bool required, struct reason *why)
{
	json_value value = json_member(json, object, name);

	if (field_is_absent(json, value))
		return !required || refuse(why, "%s: missing or empty [§3.3]", name);
	return json_type(json, value) == JSON_STRING ||
	       refuse(why, "%s: no string [§3.3]", name);
}

static bool check_relations(const struct json *json, struct reason *why)
{
	for (enum relation relation = 0; relation < RELATION_COUNT; relation++)
		if (!relation_check(json, 0, relation, why))
			return false;
	return true;
}

static bool take_build(struct manifest *manifest, const struct json *json,
		       struct reason *why)
{
	json_value build = json_member(json, 0, "build");
	char *timestamp = NULL;
	bool good;

	if (build == JSON_NONE || json_type(json, build) != JSON_OBJECT)
		return refuse(why, "build: missing or no object [§3.3]");
	good = field_required_text(json, build, "timestamp", &timestamp, why) &&
	       timestamp_parse(timestamp, &manifest->build_time, why) &&
	       check_string(json, build, "farm_id", true, why) &&
	       check_string(json, build, "source_ref", true, why);
	free(timestamp);
	return good || refuse_in(why, "build");
}

static bool check_encoded_descriptor(const struct json *json, json_value override,
				     struct reason *why)
{
	struct buffer descriptor = {0};
	char *text;
	bool good;

	if (!field_required_text(json, override, "sd", &text, why))
		return false;
	good = base64_decode(text, strlen(text), &descriptor, why) &&
	       security_descriptor_check(&descriptor, why);
	free(text);
	buffer_free(&descriptor);
	return good || refuse_in(why, "sd");
}

static bool take_override(struct manifest *manifest, const struct json *json,
			  json_value override, struct reason *why)
{
	char **path = &manifest->override_paths[manifest->override_count];
	int order;

	if (json_type(json, override) != JSON_OBJECT)
		return refuse(why, "no object [§3.3.5]");
	if (!field_required_text(json, override, "path", path, why))
		return false;
	manifest->override_count++;
	if (!check_encoded_descriptor(json, override, why))
		return refuse_in(why, "%s", *path);
	order = manifest->override_count > 1 ? strcmp(path[-1], *path) : -1;
	if (order == 0)
		return refuse(why, "%s: twice [§3.3.5]", *path);
	return order < 0 || refuse(why, "%s: not sorted by path [§3.3.5]", *path);
}

static bool take_overrides(struct manifest *manifest, const struct json *json,
			   struct reason *why)
{
	json_value array = json_member(json, 0, "sd_overrides");

	if (field_is_absent(json, array))
		return true;
	if (json_type(json, array) != JSON_ARRAY)
		return refuse(why, "sd_overrides: no array [§3.3]");
	if (json_size(json, array) > OVERRIDES_MOST)
		return refuse(why, "sd_overrides: more than %d [§3.2.7]", OVERRIDES_MOST);
	manifest->override_paths =
		allocate(json_size(json, array), sizeof *manifest->override_paths);
	for (json_value override = json_first(json, array); override != JSON_NONE;
	     override = json_next(json, array, override))
		if (!take_override(manifest, json, override, why))
			return refuse_in(why, "sd_overrides");
	return true;
}

static bool take_fields(struct manifest *manifest, const struct json *json,
			struct reason *why)
{
	if (json_type(json, 0) != JSON_OBJECT)
		return refuse(why, "no object [§3.3]");
	return field_check_schema(json, 0, why) && take_identity(manifest, json, why) &&
	       field_check_optional(json, 0, "description", field_check_description,
				    why) &&
	       check_string(json, 0, "license", false, why) &&
	       field_check_optional(json, 0, "homepage", field_check_homepage, why) &&
	       check_relations(json, why) &&
	       side_effects_parse(json, json_member(json, 0, "side_effects"),
				  &manifest->side_effects, why) &&
	       field_required_unsigned(json, 0, "size_installed",
				       &manifest->size_installed, why) &&
	       take_overrides(manifest, json, why) && take_build(manifest, json, why);
}

bool manifest_parse(struct manifest *manifest, const char *text, size_t length,
		    struct reason *why)
{
	struct json json;
	bool good;

	*manifest = (struct manifest){0};
	if (length > MANIFEST_LIMIT)
		return refuse(why, "over %d bytes [§3.2.7]", MANIFEST_LIMIT);
	if (!json_parse(&json, text, length, why))
		return false;
	good = take_fields(manifest, &json, why);
	json_free(&json);
	return good;
}

void manifest_free(struct manifest *manifest)
{
	for (size_t i = 0; i < manifest->override_count; i++)
		free(manifest->override_paths[i]);
	free(manifest->override_paths);
	free(manifest->name);
	free(manifest->version);
	free(manifest->architecture);
	*manifest = (struct manifest){0};
}
