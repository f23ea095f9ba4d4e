/* What a recipe says about the packages that it makes: its sections [meta] and
 * [[package]] (§8.2). The recipe is a document here, as pk-toml writes it. */
#ifndef RECIPE_H
#define RECIPE_H

#include <stdbool.h>

#include "json.h"
#include "report.h"

/* The largest recipe document, in bytes: what pk-toml reads. */
enum { RECIPE_MOST = 1024 * 1024 };

/* Reports everything that is wrong with the recipe, and as warnings what is unusual about
 * it. Sections of others are not looked at. Returns whether there was no error. */
bool recipe_check(const struct json *json, struct findings *found);

/* The [[package]] of that name in a recipe that passed recipe_check, or JSON_NONE. For
 * all of them go over json_member(json, 0, "package"). */
json_value recipe_package(const struct json *json, const char *name);

#endif
