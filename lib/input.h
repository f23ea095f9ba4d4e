/* Input of documents and of entry streams, gzip-compressed or not. */
#ifndef INPUT_H
#define INPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "buffer.h"
#include "report.h"

/* An open input. Whether it is gzip shows in its first two bytes. */
struct input;

/* Opens the file of that path; a null path is standard input. Returns null with a
 * reason when it cannot be opened or is a directory. */
struct input *input_open(const char *path, struct reason *why);
void input_close(struct input *in);

/* What to call it in messages. */
const char *input_name(const struct input *in);

/* Reads up to count bytes, fewer only at the end. Returns false with a reason when
 * reading fails, the gzip data are bad or cut short, or bytes other than a gzip member
 * follow. */
bool input_read(struct input *in, void *bytes, size_t count, size_t *got,
		struct reason *why);

/* Replaces line's content with the next line, without its newline. Returns false with
 * why->text empty at the end of the stream; with a reason when reading fails, the line is
 * longer than limit bytes or the last one has no newline (a stream cut short). */
bool input_line(struct input *in, struct buffer *line, size_t limit, struct reason *why);

/* Reads a whole document of at most limit bytes into the empty buffer *text. */
bool input_document(const char *path, size_t limit, struct buffer *text,
		    struct reason *why);

#endif
