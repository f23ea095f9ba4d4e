/* What a recipe says about where its releases come from: the sections [upstream] and
 * [watch], which a build farm reads. */
#ifndef UPSTREAM_H
#define UPSTREAM_H

#include <stdbool.h>

#include "json.h"
#include "report.h"

/* Reports everything that is wrong with the two sections of a recipe; a recipe without
 * them is a good one, that nobody watches. Other sections are not looked at. Returns
 * whether there was no error. */
bool upstream_check(const struct json *json, struct findings *found);

#endif
