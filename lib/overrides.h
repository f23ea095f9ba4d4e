/* Whether the paths of sd_overrides are those of files and directories of the payload
 * (§3.3.5). */
#ifndef OVERRIDES_H
#define OVERRIDES_H

#include <stdbool.h>

#include "entry.h"
#include "manifest.h"
#include "report.h"

/* Start with overrides_start, after the manifest was parsed; give back with free. */
struct overrides {
	const struct manifest *manifest; /* borrowed */
	bool *met;			 /* for each of its override_paths */
};

void overrides_start(struct overrides *overrides, const struct manifest *manifest);

/* Takes one payload entry into account. Refuses a link that is overridden. */
bool overrides_meet(struct overrides *overrides, enum entry_type type, const char *path,
		    struct reason *why);

/* Behind the last entry: refuses an override that none of them met. */
bool overrides_finish(const struct overrides *overrides, struct reason *why);
void overrides_free(struct overrides *overrides);

#endif
