#include "package_directory.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "beneath.h"
#include "url.h"

bool package_directory_open(struct package_directory *directory, const char *path,
			    bool is_repository, struct reason *why)
{
	*directory = (struct package_directory){
		.path = path,
		.is_repository = is_repository,
		.fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC),
	};
	return directory->fd >= 0 || refuse_errno(why, "%s", path);
}

void package_directory_close(struct package_directory *directory)
{
	close(directory->fd);
}

static int open_file(const struct package_directory *directory, const char *path)
{
	return openat(directory->fd, path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
}

/* Flat, or else laid out like p/. */
static int open_by_name(const struct package_directory *directory,
			const struct index_entry *entry, const char *file)
{
	struct buffer path = {0};
	int fd = open_file(directory, file);

	if (fd >= 0 || errno != ENOENT)
		return fd;
	buffer_printf(&path, "%s/%s/%s", entry->name, entry->version, file);
	fd = open_file(directory, path.data);
	buffer_free(&path);
	return fd;
}

static enum package_presence refuse_missing(const struct package_directory *directory,
					    const struct index_entry *entry,
					    const char *file, struct reason *why)
{
	if (directory->is_repository)
		refuse(why, "%s: missing at %s in %s [§6.3.1]", file, entry->url,
		       directory->path);
	else
		refuse(why, "%s: missing in %s, there and below %s/%s [§6.3.1]", file,
		       directory->path, entry->name, entry->version);
	return PACKAGE_MISSING;
}

static enum package_presence check_file(int fd, const char *file, struct reason *why)
{
	struct stat status;

	if (fstat(fd, &status) != 0)
		refuse_errno(why, "%s", file);
	else if (!S_ISREG(status.st_mode))
		refuse(why, "%s: no regular file", file);
	else
		return PACKAGE_PRESENT;
	close(fd);
	return PACKAGE_BAD;
}

static enum package_presence find(const struct package_directory *directory,
				  const struct index_entry *entry, const char *file,
				  int *fd, struct reason *why)
{
	if (directory->is_repository)
		*fd = beneath_open_file(directory->fd, url_local_path(entry->url));
	else
		*fd = open_by_name(directory, entry, file);
	if (*fd >= 0)
		return check_file(*fd, file, why);
	if (errno == ENOENT)
		return refuse_missing(directory, entry, file, why);
	refuse_errno(why, "%s", file);
	return PACKAGE_BAD;
}

enum package_presence package_directory_find(const struct package_directory *directory,
					     const struct index_entry *entry, int *fd,
					     struct reason *why)
{
	struct buffer file = {0};
	enum package_presence presence;

	if (directory->is_repository && url_local_path(entry->url) == NULL)
		return PACKAGE_ELSEWHERE;
	index_entry_put_file_name(&file, entry);
	presence = find(directory, entry, file.data, fd, why);
	buffer_free(&file);
	return presence;
}
