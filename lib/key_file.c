#include "key_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io.h"

/* Keys typed at a terminal stay on the screen, and a device may never end. */
static bool check_type(int fd, mode_t mode, struct reason *why)
{
	if (S_ISREG(mode) || S_ISFIFO(mode))
		return true;
	if (S_ISDIR(mode))
		return refuse(why, "is a directory");
	if (isatty(fd))
		return refuse(why, "is a terminal; a key comes from a file or a pipe");
	return refuse(why, "is a device or a socket; a key comes from a file or a pipe");
}

static bool read_descriptor(int fd, struct key_file *file, struct reason *why)
{
	struct stat status;
	ssize_t count;

	if (fstat(fd, &status) < 0)
		return refuse(why, "%s", strerror(errno));
	if (!check_type(fd, status.st_mode, why))
		return false;
	count = read_full(fd, file->bytes, sizeof file->bytes);
	if (count < 0)
		return refuse(why, "%s", strerror(errno));
	if (count > KEY_FILE_LIMIT)
		return refuse(why, "is longer than %d bytes", KEY_FILE_LIMIT);
	file->length = (size_t)count;
	file->mode = status.st_mode;
	return true;
}

bool key_file_read(const char *path, struct key_file *file, struct reason *why)
{
	bool done;
	int fd;

	if (path == NULL)
		return read_descriptor(STDIN_FILENO, file, why);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return refuse(why, "%s", strerror(errno));
	done = read_descriptor(fd, file, why);
	close(fd);
	return done;
}
