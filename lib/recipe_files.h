/* The patterns by which a recipe's package chooses its files (§8.2). */
#ifndef RECIPE_FILES_H
#define RECIPE_FILES_H

#include <stddef.h>

#include "json.h"
#include "report.h"

/* How much the patterns of all packages may come to: each is held against each entry of a
 * tree. */
enum { RECIPE_PATTERNS_MOST = 65536 };

/* Reports every pattern that is bad or could match nothing that lies in a staged tree.
 * `files` is the array, or JSON_NONE; `where` is what messages call the package. */
void recipe_check_files(const struct json *json, json_value files, const char *where,
			struct findings *found);

/* How much those patterns come to: their bytes, and 16 for each. */
size_t recipe_patterns_size(const struct json *json, json_value files);

#endif
