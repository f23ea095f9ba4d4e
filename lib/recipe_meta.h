/* The section [meta] of a recipe (§8.2). */
#ifndef RECIPE_META_H
#define RECIPE_META_H

#include "json.h"
#include "report.h"

/* Reports what is wrong with the section, JSON_NONE if the recipe has none. */
void recipe_check_meta(const struct json *json, json_value meta, struct findings *found);

#endif
