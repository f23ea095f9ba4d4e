/* What an index says besides its packages (§6.2.2). */
#ifndef INDEX_HEADER_H
#define INDEX_HEADER_H

#include <stdbool.h>
#include <stdint.h>

#include "buffer.h"
#include "json.h"
#include "report.h"

enum index_kind { INDEX_ACTIVE, INDEX_ARCHIVE };

/* "active" or "archive". */
const char *index_kind_name(enum index_kind kind);

/* Whether it is one of the two; then *kind is which. */
bool index_kind_find(const char *name, enum index_kind *kind);

struct index_header {
	char *repo;
	enum index_kind kind;
	int64_t index_version; /* at least 1 */
	int64_t generated_at;  /* seconds since 1970 */
};

/* Whether an object has all members that a header is made of, good or not. */
bool index_header_is_complete(const struct json *json);

/* Reads the header from the members of an object. It is the caller's, to be given to
 * index_header_free also when this fails. */
bool index_header_parse(struct index_header *header, const struct json *json,
			struct reason *why);

/* Reports everything for which index_header_parse refuses the members of an object, each
 * with the path before it. */
void index_header_report(const struct json *json, const char *path,
			 struct findings *found);
void index_header_free(struct index_header *header);

/* Appends the canonical beginning of an index document: the brace and the members before
 * `packages`, without a comma behind them. */
void index_put_header(struct buffer *out, const struct index_header *header);

#endif
