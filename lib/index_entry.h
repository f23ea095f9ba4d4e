/* A package in an index (§6.2.4). */
#ifndef INDEX_ENTRY_H
#define INDEX_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"
#include "hash.h"
#include "identity.h"
#include "input.h"
#include "json.h"
#include "report.h"
#include "version.h"

/* What names an entry, and where its package is. */
struct index_entry {
	char name[NAME_MOST + 1];
	char *version;		       /* as written */
	struct version parsed_version; /* borrows `version` */
	char architecture[ARCHITECTURE_MOST + 1];
	char hash[HASH_HEX_SIZE + 1]; /* of the package's file */
	int64_t size_compressed;      /* of the package's file, in bytes */
	char *url;
	struct json json; /* all of it; borrows the text */
};

/* Reads an entry from text[0..length), which has to outlive it: the fields above, each
 * there and well-formed by itself; no key twice at any level. Reasons start with
 * "NAME_VERSION_ARCHITECTURE: " once these are known. On failure *entry needs no
 * index_entry_free. */
bool index_entry_parse(struct index_entry *entry, const char *text, size_t length,
		       struct reason *why);
/* As index_entry_parse, of a text that index_next gave, or else json_check let through.
 */
bool index_entry_parse_checked(struct index_entry *entry, const char *text, size_t length,
			       struct reason *why);
void index_entry_free(struct index_entry *entry);

/* Reports everything else that is wrong with an entry by itself, see
 * index_entry_check_members. */
void index_entry_check(const struct index_entry *entry, struct findings *found);

/* Reports everything that is wrong with a text that index_entry_parse refuses, each with
 * `about` before it, and with what names the entry if that much of it is good. */
void index_entry_report(const char *text, size_t length, const char *about,
			struct findings *found);

/* Reads the next line of a stream of entries into line, which has to outlive *entry.
 * Returns false with why->text empty at the end; otherwise with a reason, that of
 * input_line, or that of index_entry_parse with the name of the input before it. */
bool index_entry_read(struct input *in, struct buffer *line, struct index_entry *entry,
		      struct reason *why);

/* The order of an archive (§6.3.5): by name, then from the newest version to the oldest.
 * Negative when a comes first, positive when b does, 0 when they may stand either way. */
int index_entry_compare(const struct index_entry *a, const struct index_entry *b);

/* Appends name_version_architecture.peipkg. */
void index_entry_put_file_name(struct buffer *out, const struct index_entry *entry);

#endif
