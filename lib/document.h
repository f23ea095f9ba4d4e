/* A JSON document read whole from a file or standard input. */
#ifndef DOCUMENT_H
#define DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "buffer.h"
#include "json.h"
#include "report.h"

struct document {
	struct buffer text;
	struct json json;
};

/* Reads the document of that path (null: standard input), of at most limit bytes,
 * gzip-compressed or not. Refuses what is no JSON object. Reasons start with the name of
 * the input. Needs document_free only after success. */
bool document_read(struct document *document, const char *path, size_t limit,
		   struct reason *why);
void document_free(struct document *document);

#endif
