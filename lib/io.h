/* Reading and writing whole counts on file descriptors, and the end of standard output.
 */
#ifndef IO_H
#define IO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "report.h"

/* Reads up to count bytes, fewer only at the end of the file. Returns how many, or -1
 * with errno set. Interrupted and short reads are carried on. */
ssize_t read_full(int fd, void *bytes, size_t count);

/* Writes all bytes. Returns false with errno set when that fails. */
bool write_full(int fd, const void *bytes, size_t count);

/* Makes stdin, stdout and stderr streams that carry on what is interrupted, as stdio's
 * own do not; after a write to stdout that failed there are no further ones. Messages are
 * written by whole lines. Called by cli_start. */
void io_start(void);

/* Writes to standard output (by descriptor, not by stdio) or ends the program with a
 * message: a full disk and a closed pipe are errors, never a short file. */
void output(const void *bytes, size_t count);

/* As output, but by stdio, which gathers what is written; the second with a newline
 * behind. */
void output_gathered(const void *bytes, size_t count);
void output_line(const void *bytes, size_t count);

/* Checks what was written to stdout so far; ends the program if any of it failed. For
 * filters that go on for long: call it now and then to notice a reader that left. */
void output_check(void);

/* Flushes and closes stdout; ends the program if any write failed. The last call of main.
 */
void output_finish(void);

#endif
