#include "index_entry_check.h"

#include <stdint.h>

#include "fields.h"
#include "side_effects.h"
#include "timestamp.h"

static bool check_timestamp(const char *text, struct reason *why)
{
	int64_t seconds;

	return timestamp_parse(text, &seconds, why) || refuse_in(why, "timestamp");
}

static bool check_build(const struct json *json, struct reason *why)
{
	json_value build = json_member(json, 0, "build");

	if (field_is_absent(json, build))
		return true;
	if (json_type(json, build) != JSON_OBJECT)
		return refuse(why, "build: no object [§6.2.4]");
	return (field_check_optional(json, build, "timestamp", check_timestamp, why) &&
		field_check_optional(json, build, "farm_id", NULL, why)) ||
	       refuse_in(why, "build");
}

/* Reports what a check refused. */
static void note(bool good, const char *about, const struct reason *why,
		 struct findings *found)
{
	if (!good)
		find_error(found, "%s: %s", about, why->text);
}

void index_entry_check_members(const struct json *json, const char *about,
			       struct findings *found)
{
	struct side_effects side_effects;
	int64_t size_installed;
	struct reason why;

	note(field_check_optional(json, 0, "description", field_check_description, &why),
	     about, &why, found);
	note(field_check_optional(json, 0, "license", NULL, &why), about, &why, found);
	note(field_check_optional(json, 0, "homepage", field_check_homepage, &why), about,
	     &why, found);
	for (enum relation relation = 0; relation < RELATION_COUNT; relation++)
		relation_report(json, 0, relation, about, found);
	note(side_effects_parse(json, json_member(json, 0, "side_effects"), &side_effects,
				&why),
	     about, &why, found);
	note(field_required_unsigned(json, 0, "size_installed", &size_installed, &why),
	     about, &why, found);
	note(check_build(json, &why), about, &why, found);
}
