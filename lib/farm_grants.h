/* Which recipes of a farm learn of which keys: the sections [[signing_key]] and [[grant]]
 * of its configuration. */
#ifndef FARM_GRANTS_H
#define FARM_GRANTS_H

#include "buffer.h"
#include "json.h"
#include "report.h"

/* Reports everything that is wrong with the two sections, and appends the member `grant`:
 * an object for each key of each grant, with the recipe, the variable that its build
 * finds the public key in, and the file of the private one. */
void farm_grants_put(struct buffer *out, const struct json *json, struct findings *found);

#endif
