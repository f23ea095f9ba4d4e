#include "buffer.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *allocate(size_t count, size_t size)
{
	void *memory = calloc(count > 0 ? count : 1, size);

	if (memory == NULL)
		die("out of memory");
	return memory;
}

char *copy_text(const char *text, size_t length)
{
	char *copy = allocate(length + 1, 1);

	if (length > 0)
		memcpy(copy, text, length);
	return copy;
}

void *grow_array(void *array, size_t count, size_t size)
{
	if (count > 0 && (count & (count - 1)) != 0)
		return array;
	array = reallocarray(array, count > 0 ? 2 * count : 1, size);
	if (array == NULL)
		die("out of memory");
	return array;
}

char *buffer_reserve(struct buffer *buffer, size_t count)
{
	size_t needed = buffer->length + count + 1;

	if (needed < count)
		die("out of memory");
	if (needed > buffer->capacity) {
		size_t capacity = buffer->capacity < 256 ? 256 : buffer->capacity;
		while (capacity < needed)
			capacity = capacity > SIZE_MAX / 2 ? needed : 2 * capacity;
		buffer->data = realloc(buffer->data, capacity);
		if (buffer->data == NULL)
			die("out of memory");
		buffer->capacity = capacity;
	}
	return buffer->data + buffer->length;
}

void buffer_add(struct buffer *buffer, const void *bytes, size_t count)
{
	char *end = buffer_reserve(buffer, count);

	if (count > 0)
		memcpy(end, bytes, count);
	buffer->length += count;
	buffer->data[buffer->length] = '\0';
}

void buffer_add_text(struct buffer *buffer, const char *text)
{
	buffer_add(buffer, text, strlen(text));
}

void buffer_add_byte(struct buffer *buffer, char byte)
{
	buffer_add(buffer, &byte, 1);
}

void buffer_printf(struct buffer *buffer, const char *format, ...)
{
	va_list values;
	char *text;
	int length;

	va_start(values, format);
	length = vasprintf(&text, format, values);
	va_end(values);
	if (length < 0)
		die("out of memory");
	buffer_add(buffer, text, (size_t)length);
	free(text);
}

void buffer_clear(struct buffer *buffer)
{
	buffer->length = 0;
	if (buffer->data != NULL)
		buffer->data[0] = '\0';
}

void buffer_free(struct buffer *buffer)
{
	free(buffer->data);
	*buffer = (struct buffer){0};
}
