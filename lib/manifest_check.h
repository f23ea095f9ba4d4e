/* A manifest held against the entries that it is the manifest of. */
#ifndef MANIFEST_CHECK_H
#define MANIFEST_CHECK_H

#include "entry.h"
#include "manifest.h"
#include "report.h"

/* Reports side effects that the payload asks for or does not (§4.3.4), and overrides that
 * are none of a file or directory of it (§3.3.5). */
void manifest_check_payload(const struct manifest *manifest,
			    const struct entry_list *payload, struct findings *found);

/* Reports as a warning an archive that clients refuse by default (§3.5.4): of this
 * payload and of a manifest and files.json of these many bytes, signed. */
void manifest_check_archive(const struct manifest *manifest, size_t manifest_length,
			    size_t files_length, const struct entry_list *payload,
			    struct findings *found);

#endif
