/* The members of an index besides `packages`, as they are read, and the header that they
 * make up (§6.2.2). */
#ifndef INDEX_MEMBERS_H
#define INDEX_MEMBERS_H

#include <stdbool.h>

#include "buffer.h"
#include "index_header.h"
#include "json_stream.h"
#include "report.h"

/* Start with index_members_start; give back with index_members_free. */
struct index_members {
	struct buffer text;  /* an object without its closing brace, `packages` empty */
	struct buffer value; /* the last one that was read */
	bool has_header;
	bool has_faults; /* they were all read, and are not those of an index */
	struct index_header header;
};

void index_members_start(struct index_members *members);

/* Reads a key with its colon, and the value behind it unless the key is `packages`.
 * Refuses what no longer fits into INDEX_ENTRY_LIMIT. */
bool index_members_read(struct index_members *members, struct json_stream *stream,
			bool *is_packages, struct reason *why);

/* Looks at the members met so far: none twice, `packages` among them, and the header, if
 * it is complete or has to be (at_end). */
bool index_members_check(struct index_members *members, bool at_end, struct reason *why);

/* Reports all that is wrong with members of which has_faults is told, each with the path
 * of the index before it. */
void index_members_report(struct index_members *members, const char *path,
			  struct findings *found);
void index_members_free(struct index_members *members);

#endif
