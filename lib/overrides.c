#include "overrides.h"

#include <stdlib.h>
#include <string.h>

void overrides_start(struct overrides *overrides, const struct manifest *manifest)
{
	overrides->manifest = manifest;
	overrides->met = allocate(manifest->override_count, sizeof *overrides->met);
}

static int compare_path(const void *path, const void *element)
{
	return strcmp(path, *(char *const *)element);
}

bool overrides_meet(struct overrides *overrides, enum entry_type type, const char *path,
		    struct reason *why)
{
	char **paths = overrides->manifest->override_paths;
	char **found;

	if (paths == NULL)
		return true;
	found = bsearch(path, paths, overrides->manifest->override_count, sizeof *paths,
			compare_path);
	if (found == NULL)
		return true;
	overrides->met[found - paths] = true;
	return type != ENTRY_LINK ||
	       refuse(why, "sd_overrides: %s: is a symbolic link [§3.3.5]", path);
}

bool overrides_finish(const struct overrides *overrides, struct reason *why)
{
	for (size_t i = 0; i < overrides->manifest->override_count; i++)
		if (!overrides->met[i])
			return refuse(why, "sd_overrides: %s: no such entry [§3.3.5]",
				      overrides->manifest->override_paths[i]);
	return true;
}

void overrides_free(struct overrides *overrides)
{
	free(overrides->met);
	overrides->met = NULL;
}
