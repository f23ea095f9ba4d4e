/* Where a package may put what (§3.4). */
#ifndef LAYOUT_H
#define LAYOUT_H

#include "entry.h"
#include "report.h"

/* Reports everything that is wrong with one payload entry of a package: its path, its
 * place, the target of a link; and what is unwise about it as warnings. Messages start
 * with "OWNER: PATH: ". */
void layout_check(const char *owner, const char *architecture, enum entry_type type,
		  const char *path, const char *target, struct findings *found);

#endif
