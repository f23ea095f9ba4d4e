/* Payload entries as JSON Lines: the stream between pk-walk, pk-claim, pk-hash,
 * pk-manifest and pk-pack; see peipkg-streams(5). */
#ifndef ENTRY_H
#define ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"
#include "hash.h"
#include "input.h"
#include "report.h"

enum {
	ENTRIES_MOST = 100000,	    /* of one package's payload (§3.2.7) */
	TREE_ENTRIES_MOST = 1000000 /* of a staged tree, which several packages share */
};

enum entry_type { ENTRY_FILE, ENTRY_DIRECTORY, ENTRY_LINK };

/* One entry. Strings are its own; a null pointer is a field that the line does not have.
 */
struct entry {
	char *path; /* relative, no slash at the end, not even of a directory */
	enum entry_type type;
	int64_t size;		      /* bytes of a file; 0 otherwise */
	char *target;		      /* of a link */
	char hash[HASH_HEX_SIZE + 1]; /* of a file; empty before pk-hash */
	char *package;		      /* who claimed it; null before pk-claim */
	char *others; /* members that this library does not know, as JSON text: ,"a":1 */
};

/* Reads the next entry. Returns false at the end of the stream with why->text empty, and
 * with a reason when the line is no entry or is cut short. */
bool entry_read(struct input *in, struct entry *entry, struct reason *why);

/* Appends the entry as one line, newline included. */
void entry_put(struct buffer *out, const struct entry *entry);
void entry_free(struct entry *entry);

/* Compares two names as they stand on the wire (§3.1.4 #1): bytewise, a directory's with
 * the slash behind it. As strcmp. */
int entry_compare(const char *path, bool is_directory, const char *other_path,
		  bool other_is_directory);

/* Entries in memory, in strict on-wire order. Start with {0}. */
struct entry_list {
	struct entry *entries;
	size_t count;
};

/* Reads the stream to its end and keeps what belongs to a package: entries whose
 * `package` is that, and those that have none. A null package keeps all. Refused: what
 * entry_read refuses, entries that are not in on-wire order, a path twice, over 100,000
 * kept (§3.2.7). The list is to be given to entry_list_free also when this fails. */
bool entry_list_read(struct input *in, const char *package, struct entry_list *list,
		     struct reason *why);
void entry_list_free(struct entry_list *list);

/* Whether the directory that an entry is in, by its number, has an entry, too, as every
 * package has it (§3.1.4). What is in the root needs none. */
bool entry_list_has_parent(const struct entry_list *list, size_t number);

#endif
