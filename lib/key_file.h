/* The bytes of a key file, by descriptor: stdio would keep a copy. */
#ifndef KEY_FILE_H
#define KEY_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "key.h"
#include "report.h"

struct key_file {
	char bytes[KEY_FILE_LIMIT + 1]; /* one more, to see that there is more */
	size_t length;
	mode_t mode; /* as stat has it, the type included */
};

/* Reads the file of that path, or standard input if path is null. Fails when it cannot be
 * read, is neither a regular file nor a pipe, is a FIFO that nobody opens for writing
 * within five seconds, or is longer than KEY_FILE_LIMIT; the reason does not name the
 * file. Wiping *file is up to the caller, on failure too. */
bool key_file_read(const char *path, struct key_file *file, struct reason *why);

#endif
