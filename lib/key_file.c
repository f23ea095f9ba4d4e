#include "key_file.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "io.h"

/* Milliseconds for who writes to a FIFO to open it. */
enum { PATIENCE = 5000 };

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

static bool check_descriptor(int fd, struct key_file *file, struct reason *why)
{
	struct stat status;

	if (fstat(fd, &status) < 0)
		return refuse(why, "%s", strerror(errno));
	file->mode = status.st_mode;
	file->length = 0;
	return check_type(fd, status.st_mode, why);
}

/* A FIFO with a name, other than a pipe, may be opened before anybody writes to it. One
 * who is there may take any time to write: a passphrase may have to be typed first. */
static bool await_writer(int fd, struct key_file *file, struct reason *why)
{
	struct pollfd event = {.fd = fd, .events = POLLIN};
	struct statfs system;
	ssize_t count;
	int ready;

	if (fstatfs(fd, &system) == 0 && system.f_type == PIPEFS_MAGIC)
		return true;
	do
		ready = poll(&event, 1, PATIENCE);
	while (ready < 0 && errno == EINTR);
	count = read(fd, file->bytes, sizeof file->bytes);
	if (ready == 0 && count == 0)
		return refuse(why, "is a FIFO that nobody writes to");
	if (count > 0)
		file->length = (size_t)count;
	return true;
}

/* Reads what is still to come. */
static bool read_descriptor(int fd, struct key_file *file, struct reason *why)
{
	ssize_t count = read_full(fd, file->bytes + file->length,
				  sizeof file->bytes - file->length);

	if (count < 0)
		return refuse(why, "%s", strerror(errno));
	file->length += (size_t)count;
	return file->length <= KEY_FILE_LIMIT ||
	       refuse(why, "is longer than %d bytes", KEY_FILE_LIMIT);
}

/* Opened without waiting: a FIFO may never have a writer, a terminal line no carrier. */
static bool read_opened(int fd, struct key_file *file, struct reason *why)
{
	if (!check_descriptor(fd, file, why))
		return false;
	if (S_ISFIFO(file->mode)) {
		if (!await_writer(fd, file, why))
			return false;
		if (fcntl(fd, F_SETFL, 0) < 0)
			return refuse(why, "%s", strerror(errno));
	}
	return read_descriptor(fd, file, why);
}

bool key_file_read(const char *path, struct key_file *file, struct reason *why)
{
	bool done;
	int fd;

	if (path == NULL)
		return check_descriptor(STDIN_FILENO, file, why) &&
		       read_descriptor(STDIN_FILENO, file, why);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return refuse(why, "%s", strerror(errno));
	done = read_opened(fd, file, why);
	close(fd);
	return done;
}
