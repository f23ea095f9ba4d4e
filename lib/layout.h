/* Where a package may put what (§3.4). */
#ifndef LAYOUT_H
#define LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

#include "entry.h"
#include "report.h"

/* Reports everything that is wrong with one payload entry of a package: its path, its
 * place, the target of a link; and what is unwise about it as warnings. Messages start
 * with "OWNER: PATH: ". */
void layout_check(const char *owner, const char *architecture, enum entry_type type,
		  const char *path, const char *target, struct findings *found);

/* Warns of machine code in a noarch package. start[0..count) is how the content of a
 * regular file begins, at least 4 bytes unless the file is shorter. */
void layout_check_content(const char *owner, const char *architecture, const char *path,
			  const void *start, size_t count, struct findings *found);

/* Which directory of usr/lib a path is in or names, *length bytes of the path; null when
 * it is usr/lib itself or elsewhere. */
const char *layout_library_directory(const char *path, size_t *length);

/* Whether a component of that length is the triplet of an architecture (§2.3.3). */
bool layout_is_triplet(const char *component, size_t length, const char *architecture);

#endif
