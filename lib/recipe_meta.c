#include "recipe_meta.h"

#include <stdlib.h>
#include <string.h>

#include "fields.h"
#include "table.h"

static const char *const meta_keys[] = {"license", "homepage", "source", "build_script",
					NULL};

static bool has_control_character(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7F)
			return true;
	return false;
}

static bool climbs(const char *path)
{
	for (const char *at = path; at != NULL; at = strchr(at, '/')) {
		at += strspn(at, "/");
		if (strcspn(at, "/") == 2 && memcmp(at, "..", 2) == 0)
			return true;
	}
	return false;
}

static void check_build_script(const char *path, struct findings *found)
{
	if (path[0] == '/')
		find_error(found,
			   "[meta]: build_script: '%.200s' is not relative to the recipe "
			   "[§8.2]",
			   path);
	if (climbs(path))
		find_error(found,
			   "[meta]: build_script: '%.200s' has a component '..' [§8.2]",
			   path);
	if (has_control_character(path))
		find_error(found, "[meta]: build_script: control character [§8.2]");
}

void recipe_check_meta(const struct json *json, json_value meta, struct findings *found)
{
	static const char where[] = "[meta]";
	char *license, *homepage, *build_script;
	struct reason why;

	if (meta == JSON_NONE) {
		find_error(found, "[meta]: missing [§8.2]");
		return;
	}
	if (!table_check_type(json, meta, where, found))
		return;
	table_check_keys(json, meta, meta_keys, where, found);
	license = table_text(json, meta, "license", where, found);
	field_check_habits(where, NULL, license, found);
	homepage = table_text(json, meta, "homepage", where, found);
	if (homepage != NULL && !field_check_homepage(homepage, &why))
		find_error(found, "[meta]: %s", why.text);
	free(table_text(json, meta, "source", where, found));
	build_script = table_required_text(json, meta, "build_script", where, found);
	if (build_script != NULL)
		check_build_script(build_script, found);
	free(license);
	free(homepage);
	free(build_script);
}
