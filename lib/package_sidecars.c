#include "package_sidecars.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "container.h"
#include "decoder.h"
#include "files.h"
#include "io.h"
#include "manifest.h"

/* A container begins with the two, in this order, or container_next refuses it. */
static bool read_content(struct container *container, size_t limit,
			 struct buffer *content, struct reason *why)
{
	struct tar_entry entry;

	return container_next(container, &entry, why) &&
	       container_content(container, &entry, limit, content, why);
}

bool package_sidecars_read(struct package_sidecars *sidecars, int fd, struct reason *why)
{
	struct decoder *decoder = decoder_open(fd, NULL);
	struct container container;
	bool good;

	*sidecars = (struct package_sidecars){0};
	container_start(&container, decoder_source, decoder, NULL, NULL);
	good = read_content(&container, MANIFEST_LIMIT, &sidecars->manifest, why) &&
	       read_content(&container, FILES_LIMIT, &sidecars->files, why);
	container_free(&container);
	decoder_close(decoder);
	if (!good)
		package_sidecars_free(sidecars);
	return good;
}

static bool reads_as(int fd, const struct buffer *content)
{
	struct buffer found = {0};
	char *bytes = buffer_reserve(&found, content->length);
	ssize_t count = read_full(fd, bytes, content->length);
	bool same = count == (ssize_t)content->length &&
		    memcmp(bytes, content->data, content->length) == 0;

	buffer_free(&found);
	return same;
}

/* Whether a file of that name, content and mode is there. */
static bool is_there(int directory, const char *name, const struct buffer *content)
{
	int fd = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat status;
	bool same;

	if (fd < 0)
		return false;
	same = fstat(fd, &status) == 0 && status.st_mode == (S_IFREG | PUBLISHED_MODE) &&
	       status.st_size == (off_t)content->length && reads_as(fd, content);
	close(fd);
	return same;
}

static bool write_file(int directory, const char *name, const struct buffer *content,
		       bool syncs)
{
	int fd = openat(directory, name,
			O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC,
			PUBLISHED_MODE);
	bool written = fd >= 0 && write_full(fd, content->data, content->length) &&
		       (!syncs || fsync(fd) == 0);

	return fd >= 0 && close(fd) == 0 && written;
}

static bool place(int temporary, int directory, const char *name,
		  const struct buffer *content, struct reason *why)
{
	static const char temporary_name[] = ".sidecar";
	struct stat status;
	bool replaces;

	if (is_there(directory, name, content))
		return true;
	replaces = fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) == 0;
	if (!replaces && errno != ENOENT)
		return refuse_errno(why, "%s in its place", name);
	if (!write_file(temporary, temporary_name, content, replaces))
		return refuse_errno(why, "%s cannot be written", name);
	return renameat(temporary, temporary_name, directory, name) == 0 ||
	       refuse_errno(why, "%s cannot be renamed to its place", name);
}

bool package_sidecars_place(const struct package_sidecars *sidecars, int temporary,
			    int directory, struct reason *why)
{
	return place(temporary, directory, "manifest.json", &sidecars->manifest, why) &&
	       place(temporary, directory, "files.json", &sidecars->files, why);
}

void package_sidecars_free(struct package_sidecars *sidecars)
{
	buffer_free(&sidecars->manifest);
	buffer_free(&sidecars->files);
}
