/* A manifest held against the entries that it is the manifest of. */
#ifndef MANIFEST_CHECK_H
#define MANIFEST_CHECK_H

#include "entry.h"
#include "manifest.h"
#include "report.h"

/* Reports side effects that the payload asks for or does not (§4.3.4), overrides that are
 * none of a file or directory of it (§3.3.5), and as a warning a payload that clients
 * refuse by default (§3.5.4). */
void manifest_check_payload(const struct manifest *manifest,
			    const struct entry_list *payload, struct findings *found);

#endif
