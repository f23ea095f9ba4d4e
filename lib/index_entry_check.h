/* The members of an index entry that neither name it nor say where its package is
 * (§6.2.4). */
#ifndef INDEX_ENTRY_CHECK_H
#define INDEX_ENTRY_CHECK_H

#include "json.h"
#include "report.h"

/* Reports everything that is wrong with them, each with `about` before it: the relations,
 * description, homepage, side effects, size_installed, build. */
void index_entry_check_members(const struct json *json, const char *about,
			       struct findings *found);

#endif
