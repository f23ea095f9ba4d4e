/* Which recipes of a farm learn of which keys: the sections [[signing_key]] and [[grant]]
 * of its configuration. */
#ifndef FARM_GRANTS_H
#define FARM_GRANTS_H

#include "buffer.h"
#include "json.h"
#include "report.h"

/* Reports everything that is wrong with the two sections, and appends two members:
 * `signing_key`, an object for each key, with the file of the private one and the
 * variable that builds find the public one in; `grant`, for each key of each grant an
 * object of the same and the recipe. */
void farm_grants_put(struct buffer *out, const struct json *json, struct findings *found);

#endif
