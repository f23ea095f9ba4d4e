/* .peipkg/files.json (§3.5): size and hash of every regular file of a payload. */
#ifndef FILES_H
#define FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"
#include "entry.h"
#include "hash.h"
#include "report.h"

enum { FILES_LIMIT = 64 * 1024 * 1024 }; /* bytes (§3.2.7) */

struct file {
	char *path;
	int64_t size;
	char hash[HASH_HEX_SIZE + 1];
};

/* The files of a package, sorted by path. */
struct files {
	struct file *list;
	size_t count;
	int64_t size; /* of all of them, size_installed */
};

/* Reads files.json and checks what it can be held against by itself. To be given to
 * files_free also when this fails. */
bool files_parse(struct files *files, const char *text, size_t length,
		 struct reason *why);
void files_free(struct files *files);

/* Appends the canonical files.json of hashed entries, its final newline included. Refuses
 * a file without its hash, and a sum of sizes over 2^63-1. *size becomes the sum. */
bool files_put(struct buffer *out, const struct entry_list *entries, int64_t *size,
	       struct reason *why);

#endif
