/* Tables of a recipe (§8.2), or of a farm's configuration, that know all their keys.
 * `where` is what messages call the table. */
#ifndef TABLE_H
#define TABLE_H

#include <stdbool.h>

#include "json.h"
#include "report.h"

/* Reports a value that is no table; returns whether it is one. */
bool table_check_type(const struct json *json, json_value value, const char *where,
		      struct findings *found);

/* Reports every key that is none of known, a list that ends with a null pointer. */
void table_check_keys(const struct json *json, json_value table, const char *const *known,
		      const char *where, struct findings *found);

/* The text of a key, to be freed; null when it is absent (null and "" are) and when it is
 * no string or holds a NUL, which is reported. */
char *table_text(const struct json *json, json_value table, const char *key,
		 const char *where, struct findings *found);

/* As table_text, but an absent one is reported too. */
char *table_required_text(const struct json *json, json_value table, const char *key,
			  const char *where, struct findings *found);

/* Whether a key is true; what is neither absent nor a boolean is reported. */
bool table_flag(const struct json *json, json_value table, const char *key,
		const char *where, struct findings *found);

#endif
