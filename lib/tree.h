/* Files of a staged tree, opened so that no link leads out of it. */
#ifndef TREE_H
#define TREE_H

#include <stdbool.h>
#include <stdint.h>

#include "buffer.h"
#include "entry.h"
#include "report.h"

/* A tree, with the directory of the file opened last. */
struct tree {
	int root;
	int directory; /* -1: none was opened yet */
	struct buffer directory_path;
};

/* Opens the tree below a directory; the operand itself may be a link. */
bool tree_open(struct tree *tree, const char *directory, struct reason *why);

/* Opens the regular file of an entry for reading and returns its descriptor, the caller's
 * to close; -1 with a reason when it is not there, no regular file, behind a link, or of
 * another size than the entry says. */
int tree_open_file(struct tree *tree, const struct entry *entry, struct reason *why);

void tree_close(struct tree *tree);

/* Reads the file of an entry to its end and writes its SHA-256 into hex. sink may be
 * null; it gets the bytes in their order. Refused when the file has by now more or fewer
 * bytes than the entry says. */
bool tree_hash_file(struct tree *tree, const struct entry *entry,
		    void (*sink)(void *context, const void *bytes, size_t count),
		    void *context, char hex[HASH_HEX_SIZE + 1], struct reason *why);

#endif
