/* A package's tar archive as §3.2 has it: which entries, in which order; and the digest
 * that its signature signs (§5.1.2). Everything that reads a package reads it through
 * here. */
#ifndef CONTAINER_H
#define CONTAINER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"
#include "hash.h"
#include "name_order.h"
#include "report.h"
#include "tar.h"

#define MANIFEST_NAME ".peipkg/manifest.json"
#define FILES_NAME ".peipkg/files.json"
#define SIGNATURE_NAME ".peipkg/signature"

enum { SIGNATURE_LIMIT = 64 * 1024 }; /* bytes of the envelope (§3.2.7) */

/* What an entry is, in the order in which they come. */
enum part {
	PART_START, /* none was read yet */
	PART_MANIFEST,
	PART_FILES,
	PART_METADATA, /* another one below .peipkg/: ignored, but signed */
	PART_PAYLOAD,
	PART_SIGNATURE,
	PART_END,
};

/* Takes raw bytes of the archive that are signed, in their order. */
typedef void container_sink(void *context, const void *bytes, size_t count);

/* Start with container_start; give back with container_free. */
struct container {
	struct tar_reader tar;
	enum part part; /* of the current entry */
	int64_t time;	/* of every entry (§3.1.4 #2) */
	size_t payload_entries;
	struct hash signed_bytes; /* all before the signature's header */
	container_sink *sink;
	void *sink_context;
	struct name_order names;
};

/* sink may be null. */
void container_start(struct container *container, tar_source *read, void *source,
		     container_sink *sink, void *sink_context);

/* Reads the next entry, of the kind container->part then says; PART_END behind the last,
 * when the archive is complete. Content must have been read before the next call.
 * Refused: whatever §3.1.4 and §3.2 refuse of headers, names and order. */
bool container_next(struct container *container, struct tar_entry *entry,
		    struct reason *why);

/* Reads up to count bytes of the current entry, fewer only at its end. */
bool container_read(struct container *container, void *bytes, size_t count, size_t *got,
		    struct reason *why);

/* Reads the whole content of the current entry into the empty buffer *content. Refused
 * when it has more than limit bytes. */
bool container_content(struct container *container, const struct tar_entry *entry,
		       size_t limit, struct buffer *content, struct reason *why);

/* Reads the content of the current entry and forgets it. */
bool container_skip(struct container *container, struct reason *why);

void container_free(struct container *container);

#endif
