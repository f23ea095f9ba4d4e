/* A byte buffer that grows, and memory that is there or ends the program. */
#ifndef BUFFER_H
#define BUFFER_H

#include <stddef.h>

#include "report.h"

/* Always followed by a NUL (not counted in length) once anything was added. Start with
 * {0}; give back with buffer_free. */
struct buffer {
	char *data;
	size_t length;
	size_t capacity;
};

void buffer_add(struct buffer *buffer, const void *bytes, size_t count);
void buffer_add_text(struct buffer *buffer, const char *text);
void buffer_add_byte(struct buffer *buffer, char byte);
void buffer_printf(struct buffer *buffer, const char *format, ...) PRINTF_LIKE(2, 3);

/* Makes room for count more bytes and returns where they go; the caller fills them and
 * adds what it used to length, keeping data[length] NUL where text is wanted. */
char *buffer_reserve(struct buffer *buffer, size_t count);

/* Empties the buffer and keeps its memory. */
void buffer_clear(struct buffer *buffer);
void buffer_free(struct buffer *buffer);

/* Memory for count elements of size bytes, zeroed; the copy of length bytes with a NUL
 * behind them. Free with free(). Both end the program when there is no memory. */
void *allocate(size_t count, size_t size);
char *copy_text(const char *text, size_t length);

/* Gives array, of count elements of size bytes each, room for one more at least; count is
 * what the array holds now. Returns the array, perhaps moved. Memory grows by doubling at
 * each power of two, so no capacity has to be kept. Ends the program without memory. */
void *grow_array(void *array, size_t count, size_t size);

#endif
