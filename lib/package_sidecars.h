/* What lies beside a published package: its metadata, for pages that browse a repository.
 */
#ifndef PACKAGE_SIDECARS_H
#define PACKAGE_SIDECARS_H

#include <stdbool.h>

#include "buffer.h"
#include "report.h"

/* Of files in a repository. */
enum { PUBLISHED_MODE = 0644 };

struct package_sidecars {
	struct buffer manifest; /* manifest.json and files.json as they stand in it */
	struct buffer files;
};

/* Reads both from the package that fd holds, and no further than needed. What they say is
 * not checked, nor what follows them. The reason does not name the package. On failure
 * *sidecars needs no package_sidecars_free. */
bool package_sidecars_read(struct package_sidecars *sidecars, int fd, struct reason *why);

/* Puts both into a directory, by way of a temporary name in another one of the same file
 * system: each is there whole or not at all. What is there already, byte for byte, stays;
 * what replaces another file is on the disk before that is gone, anything else when the
 * caller syncs it. Wants a umask that lets PUBLISHED_MODE be. */
bool package_sidecars_place(const struct package_sidecars *sidecars, int temporary,
			    int directory, struct reason *why);

void package_sidecars_free(struct package_sidecars *sidecars);

#endif
