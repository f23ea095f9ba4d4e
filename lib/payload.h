/* The payload of a package as it passes, held against its manifest and files.json (§3.4,
 * §3.5.3). */
#ifndef PAYLOAD_H
#define PAYLOAD_H

#include <stdbool.h>
#include <stddef.h>

#include "container.h"
#include "files.h"
#include "hash_aside.h"
#include "manifest.h"
#include "overrides.h"
#include "report.h"

/* Start with payload_start; give back with payload_free. */
struct payload {
	const struct manifest *manifest; /* borrowed */
	struct files files;	/* the caller's to fill, before the first entry comes */
	struct findings layout; /* what is wrong with places, reported as it was met */
	struct overrides overrides;
	size_t next_file; /* of files, that has to come next */
	struct hash_aside hash;
};

/* The manifest may be filled later, but before payload_expect. */
void payload_start(struct payload *payload, const struct manifest *manifest);

/* To be called once the manifest is read: it says what is to come. */
void payload_expect(struct payload *payload);

/* Takes the container's current entry, and reads its content. Refuses a file that is not
 * the next of files.json or has not its size and hash, and an override of a link. */
bool payload_read(struct payload *payload, struct container *container,
		  const struct tar_entry *entry, struct reason *why);

/* Behind the last entry: refuses what the manifest or files.json has and none of them
 * was. Findings of layout are not looked at. */
bool payload_finish(const struct payload *payload, struct reason *why);
void payload_free(struct payload *payload);

#endif
