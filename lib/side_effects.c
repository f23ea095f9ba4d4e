#include "side_effects.h"

#include <string.h>

#include "fields.h"
#include "layout_library.h"
#include "path.h"

static bool *find_flag(const struct json *json, json_value name,
		       struct side_effects *declared)
{
	if (json_equals(json, name, "ldconfig"))
		return &declared->ldconfig;
	if (json_equals(json, name, "depmod"))
		return &declared->depmod;
	if (json_equals(json, name, "man-db"))
		return &declared->man_db;
	return NULL;
}

bool side_effects_parse(const struct json *json, json_value array,
			struct side_effects *declared, struct reason *why)
{
	*declared = (struct side_effects){0};
	if (field_is_absent(json, array))
		return true;
	if (json_type(json, array) != JSON_ARRAY)
		return refuse(why, "side_effects: no array [§4.3.1]");
	for (json_value name = json_first(json, array); name != JSON_NONE;
	     name = json_next(json, array, name)) {
		size_t length;
		const char *raw = json_raw(json, name, &length);
		bool *flag = find_flag(json, name, declared);

		if (flag == NULL)
			return refuse(why, "side_effects: no side effect '%.*s' [§4.3.4]",
				      (int)(length < 64 ? length : 64), raw);
		if (*flag)
			return refuse(why, "side_effects: '%.*s' twice [§4.3.1]",
				      (int)length, raw);
		*flag = true;
	}
	return true;
}

void side_effects_note(struct payload_kinds *kinds, const char *architecture,
		       enum entry_type type, const char *path)
{
	size_t length;
	const char *component = layout_library_directory(path, &length);

	if (type == ENTRY_DIRECTORY)
		return;
	if (component != NULL && layout_is_triplet(component, length, architecture))
		kinds->triplet_content = true;
	if (type != ENTRY_FILE)
		return;
	if (path_has_extension(path, ".so"))
		kinds->shared_libraries = true;
	if (path_is_within(path, "usr/lib/modules") && path_has_extension(path, ".ko"))
		kinds->kernel_modules = true;
	if (path_is_within(path, "usr/share/man"))
		kinds->manual_pages = true;
}

static void check_required(const char *owner, const struct side_effects *declared,
			   const struct payload_kinds *kinds, struct findings *found)
{
	if (kinds->shared_libraries && !declared->ldconfig)
		find_error(found,
			   "%s: shared libraries require side effect ldconfig [§4.3.4]",
			   owner);
	if (kinds->kernel_modules && !declared->depmod)
		find_error(found,
			   "%s: kernel modules require side effect depmod [§4.3.4]",
			   owner);
	if (kinds->manual_pages && !declared->man_db)
		find_warning(found,
			     "%s: manual pages recommend side effect man-db [§4.3.4]",
			     owner);
}

static void check_needless(const char *owner, const struct side_effects *declared,
			   const struct payload_kinds *kinds, struct findings *found)
{
	if (declared->depmod && !kinds->kernel_modules)
		find_error(found,
			   "%s: side effect depmod without a kernel module [§4.3.4]",
			   owner);
	if (declared->man_db && !kinds->manual_pages)
		find_warning(found,
			     "%s: side effect man-db without a manual page [§4.3.4]",
			     owner);
	if (!declared->ldconfig || kinds->shared_libraries)
		return;
	/* A directory that ld.so.conf names may lie below the triplet's. */
	if (kinds->triplet_content)
		find_warning(found,
			     "%s: side effect ldconfig without a shared library [§4.3.4]",
			     owner);
	else
		find_error(found,
			   "%s: side effect ldconfig with nothing in usr/lib/<triplet>/ "
			   "[§4.3.4]",
			   owner);
}

void side_effects_check(const char *owner, const struct side_effects *declared,
			const struct payload_kinds *kinds, struct findings *found)
{
	check_required(owner, declared, kinds, found);
	check_needless(owner, declared, kinds, found);
}
