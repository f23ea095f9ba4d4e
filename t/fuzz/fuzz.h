/* What the harnesses share. Messages are silent here: program_name is null. */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What has to hold of every input. */
static inline void must(bool condition)
{
	if (!condition)
		abort();
}

/* The input as two texts, parted by the first newline; each is cut at a NUL. To be freed
 * is *first; *second lies in it. */
static inline void two_texts(const uint8_t *data, size_t size, char **first,
			     const char **second)
{
	char *newline;

	*first = copy_text((const char *)data, size);
	newline = (char *)memchr(*first, '\n', size);
	*second = newline != NULL ? newline + 1 : "";
	if (newline != NULL)
		*newline = '\0';
}

#endif
