/* A JSON document read token by token from an input: memory holds one value of it at a
 * time. What is read is held against §1.3, except that keys are not compared. Reasons do
 * not name the input; bytes in them count from 1 in the document or, in those of
 * json_stream_value, in the value. */
#ifndef JSON_STREAM_H
#define JSON_STREAM_H

#include <stdbool.h>
#include <stddef.h>

#include "buffer.h"
#include "input.h"
#include "report.h"

/* Start with {.input = ..., .limit = ...}. */
struct json_stream {
	struct input *input; /* the caller's */
	size_t limit;	     /* bytes that the document may have, uncompressed */
	size_t before;	     /* bytes of it that stood in front of those held */
	size_t at, end;	     /* in bytes */
	char bytes[64 * 1024];
};

/* Passes over white space; *byte becomes the one at hand behind it. Refuses the end. */
bool json_stream_peek(struct json_stream *stream, char *byte, struct reason *why);

/* Passes over white space and this byte; refuses any other. */
bool json_stream_take(struct json_stream *stream, char byte, struct reason *why);

/* Goes to the next element or member of the container that this byte closes, over the
 * comma between two. *first says that none was met yet, and is cleared. *more becomes
 * whether there is one; if not, the container is left. */
bool json_stream_next(struct json_stream *stream, char closer, bool *first, bool *more,
		      struct reason *why);

/* Reads a value of at most limit bytes, as it stands, into *value, whose content it
 * replaces. `levels` is how many containers are open around it, which count in how deep
 * it may be nested. */
bool json_stream_value(struct json_stream *stream, size_t levels, size_t limit,
		       struct buffer *value, struct reason *why);

/* Reads to the end of the document; refuses anything but white space. */
bool json_stream_finish(struct json_stream *stream, struct reason *why);

#endif
