/* An index of a repository (§6.2, §6.3), read element by element: memory holds its
 * largest entry, never the whole. */
#ifndef INDEX_H
#define INDEX_H

#include <stdbool.h>
#include <stddef.h>

#include "buffer.h"
#include "index_header.h"
#include "report.h"

/* Bytes: of one entry, or of all other members together; of an index, uncompressed. */
enum { INDEX_ENTRY_LIMIT = 32 * 1024 * 1024, INDEX_LIMIT = 1024 * 1024 * 1024 };

struct index;

/* Opens the index of that path, gzip-compressed or not; a null path is standard input.
 * Returns null with a reason when it cannot be opened. */
struct index *index_open(const char *path, struct reason *why);
void index_close(struct index *index);

/* What to call it in messages. */
const char *index_name(const struct index *index);

/* How many bytes of the document were read so far, without compression: behind its end,
 * all of them. */
size_t index_size(const struct index *index);

/* The next entry of `packages`, on one line: its bytes as they stand in the document, but
 * newlines between its tokens are blanks. *entry is valid until the next call. Each is
 * JSON with all that §1.3 asks of it but unique keys, and an object; nothing else of it
 * is looked at. Returns false with why->text empty behind the last one, when the document
 * was read to its end and is whole: its members are those of an index, each once, each
 * good, with white space at most behind the last brace. Otherwise false with a reason,
 * which does not name the index; nothing may be read from it any more then. */
bool index_next(struct index *index, struct buffer **entry, struct reason *why);

/* When index_next has just failed with `why`: reports that with the path before it; and
 * if it is about the members besides `packages`, all that is wrong with those. */
void index_report(struct index *index, const char *path, const struct reason *why,
		  struct findings *found);

/* Reads as far as it takes to know the header: up to the bracket that opens `packages`,
 * unless members of the header stand behind them; entries before those are passed over.
 * Returns false with a reason as index_next does. */
bool index_read_header(struct index *index, struct reason *why);

/* The header. Members may stand in any order: before index_next told the end, returns
 * null unless all of them were met already. */
const struct index_header *index_header(const struct index *index);

/* Whether text[0..length) can stand among the `packages` of an index: an object, and JSON
 * with all that §1.3 asks of it but unique keys, no deeper than leaves the document
 * within its limit. */
bool index_check_entry(const char *text, size_t length, struct reason *why);

#endif
