/* What a package may have of libraries, kernel modules and machine code, and where
 * (§3.4.2). */
#ifndef LAYOUT_LIBRARY_H
#define LAYOUT_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>

#include "entry.h"
#include "report.h"

/* The entry at hand, and where to say what is wrong with it. */
struct layout_subject {
	const char *owner;
	const char *architecture;
	enum entry_type type;
	const char *path;
	struct findings *found;
};

/* Reports the entry, with what is wrong with it. */
void layout_wrong(const struct layout_subject *subject, const char *what);

/* A part of layout_check: reports what is wrong with an entry that lies at a permitted
 * destination. */
void layout_check_libraries(const struct layout_subject *subject);

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
