/* The tar dialect of the format (§3.1): headers byte for byte as deployed producers write
 * them, and a reader that takes nothing else. libtar gives the layout of a header block
 * and its checksum; its own reading and writing of fields is not exact enough. */
#ifndef TAR_H
#define TAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"
#include "entry.h"
#include "report.h"

enum { TAR_BLOCK = 512, TAR_NAME_SIZE = 100, TAR_PREFIX_SIZE = 155 }; /* bytes */

/* The largest number of 11 octal digits: the most bytes of a file (8 GiB - 1) and the
 * last second of a time. */
#define TAR_NUMBER_MOST INT64_C(077777777777)

/* One entry. name has no slash at its end, not even a directory's. */
struct tar_entry {
	enum entry_type type;
	const char *name;
	const char *target; /* of a link, else null */
	int64_t size;	    /* of a file, else 0; at most TAR_NUMBER_MOST */
	int64_t time;	    /* seconds since 1970, at most TAR_NUMBER_MOST */
};

/* Appends the header blocks of an entry: an extended header with its records first where
 * the name or target asks for one. Content and padding are the caller's. */
void tar_put_header(struct buffer *out, const struct tar_entry *entry);

/* Bytes of an entry in the archive: those header blocks, content, padding. */
uint64_t tar_entry_size(const struct tar_entry *entry);

/* Appends a regular file of the metadata: header, content, padding. */
void tar_put_file(struct buffer *out, const char *name, const struct buffer *content,
		  int64_t time);

/* How many NUL bytes follow the content of a file of that size. */
size_t tar_padding(int64_t size);

/* Appends the two zero blocks that end an archive. */
void tar_put_trailer(struct buffer *out);

/* Where a reader gets its bytes: fills bytes[0..count), fewer (in *got) only at the end.
 */
typedef bool tar_source(void *source, void *bytes, size_t count, size_t *got,
			struct reason *why);

/* A reader. Start with {.read = ..., .source = ...}; give back with tar_reader_free. */
struct tar_reader {
	tar_source *read;
	void *source;
	struct buffer header; /* the header blocks of the current entry, as they came */
	struct buffer name;
	struct buffer target;
	int64_t content_left;
	size_t padding;
};

enum tar_result { TAR_ENTRY, TAR_END, TAR_BAD };

/* Reads the header of the next entry; the content of the one before must have been read.
 * TAR_END comes behind the two zero blocks when nothing follows them; TAR_BAD comes with
 * a reason. *entry and the strings in it are valid until the next call. */
enum tar_result tar_next(struct tar_reader *reader, struct tar_entry *entry,
			 struct reason *why);

/* Reads up to count bytes of the current entry's content, fewer only at its end, and with
 * the last of them the padding, which has to be NUL. */
bool tar_read(struct tar_reader *reader, void *bytes, size_t count, size_t *got,
	      struct reason *why);

void tar_reader_free(struct tar_reader *reader);

#endif
