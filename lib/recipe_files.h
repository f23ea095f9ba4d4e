/* The patterns by which a recipe's package chooses its files (§8.2). */
#ifndef RECIPE_FILES_H
#define RECIPE_FILES_H

#include "json.h"
#include "report.h"

/* Reports every pattern that is bad or could match nothing that lies in a staged tree.
 * `files` is the array, or JSON_NONE; `where` is what messages call the package. */
void recipe_check_files(const struct json *json, json_value files, const char *where,
			struct findings *found);

#endif
