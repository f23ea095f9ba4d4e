#include "beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "path.h"

static int open_directory(int parent, const char *name)
{
	return openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static int enter(int parent, const char *name, bool makes)
{
	int fd = open_directory(parent, name);

	if (fd >= 0 || errno != ENOENT || !makes)
		return fd;
	if (mkdirat(parent, name, 0755) != 0 && errno != EEXIST)
		return -1;
	return open_directory(parent, name);
}

static void close_quietly(int fd)
{
	int error = errno;

	close(fd);
	errno = error;
}

int beneath_open_parent(int root, const char *path, bool makes)
{
	const char *base = path_base(path);
	int fd = open_directory(root, ".");

	while (fd >= 0 && path < base) {
		char name[NAME_MAX + 1];
		size_t length = strcspn(path, "/");
		int parent = fd;

		if (length > NAME_MAX) {
			close(fd);
			errno = ENAMETOOLONG;
			return -1;
		}
		memcpy(name, path, length);
		name[length] = '\0';
		fd = enter(parent, name, makes);
		close_quietly(parent);
		path += length + 1;
	}
	return fd;
}

int beneath_open_file(int root, const char *path)
{
	int parent = beneath_open_parent(root, path, false);
	int fd;

	if (parent < 0)
		return -1;
	fd = openat(parent, path_base(path),
		    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	close_quietly(parent);
	return fd;
}
