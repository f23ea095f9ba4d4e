/* The five arrays of a recipe's package that speak of other packages (§4.1, §8.2). */
#ifndef RECIPE_RELATIONS_H
#define RECIPE_RELATIONS_H

#include "json.h"
#include "name_set.h"
#include "report.h"

/* Reports what is wrong with them. `where` is what messages call the package; siblings
 * are the names of all the packages of the recipe. */
void recipe_check_relations(const struct json *json, json_value package,
			    const char *where, const struct name_set *siblings,
			    struct findings *found);

#endif
