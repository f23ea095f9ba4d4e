/* Files and directories below a directory, reached so that no symbolic link leads out of
 * it: none of the components of a path may be one. Paths are relative, without empty, "."
 * or ".." components. */
#ifndef BENEATH_H
#define BENEATH_H

#include <stdbool.h>

/* Opens the directory that the last component of a path is in, below the directory open
 * as root, and returns its descriptor, the caller's to close; -1 with errno set. When
 * `makes`, directories that are missing are made, with mode 0755 less the umask. */
int beneath_open_parent(int root, const char *path, bool makes);

/* Opens the file of that path for reading, and waits for no writer of a FIFO. Returns its
 * descriptor, the caller's to close; -1 with errno set. */
int beneath_open_file(int root, const char *path);

#endif
