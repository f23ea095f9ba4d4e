/* What a farm wants to know of a recipe. */
#ifndef FARM_RECIPE_H
#define FARM_RECIPE_H

#include <stdbool.h>

#include "buffer.h"
#include "json.h"
#include "report.h"

/* Whether a recipe's directory may have that name: files of the farm and what operators
 * write, RECIPE@VERSION, are named after it, and have to have room for it. Returns false
 * with a reason that names it.
 */
bool farm_recipe_check_name(const char *name, struct reason *why);

/* Of a recipe as farm_recipe_put writes it, the length of the longest version for which
 * there is room in the names of files, RECIPE@VERSION and those of its packages, whatever
 * their architecture. What it does not say takes no room. */
size_t farm_recipe_version_most(const struct json *recipe);

/* Appends the document of a recipe in the directory of that name, canonical and with its
 * members in a fixed order. The recipe has to have passed recipe_check and
 * upstream_check; reports what else is wrong with it for a farm, and then appends nothing
 * of use. Returns whether there was no error. */
bool farm_recipe_put(struct buffer *out, const struct json *json, const char *name,
		     struct findings *found);

#endif
