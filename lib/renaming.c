#include "renaming.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

bool renaming_check_source(const char *path, struct stat *status, struct reason *why)
{
	if (lstat(path, status) != 0)
		return refuse_errno(why, "%s", path);
	return S_ISREG(status->st_mode) || S_ISDIR(status->st_mode) ||
	       refuse(why, "%s: neither a regular file nor a directory", path);
}

static bool check_empty_directory(const char *path, struct reason *why)
{
	DIR *stream = opendir(path);
	size_t count = 0;
	bool good = true;

	if (stream == NULL)
		return refuse_errno(why, "%s", path);
	while (errno = 0, readdir(stream) != NULL)
		count++;
	if (errno != 0)
		good = refuse_errno(why, "%s", path);
	else if (count > 2) /* "." and ".." */
		good = refuse(why, "%s: a directory that is not empty (-x exchanges it)",
			      path);
	closedir(stream);
	return good;
}

static bool check_replaced(const char *path, mode_t mode, bool temporary_is_directory,
			   struct reason *why)
{
	if (S_ISDIR(mode) && !temporary_is_directory)
		return refuse(why, "%s: a directory, where a file is to be put", path);
	if (!S_ISDIR(mode) && temporary_is_directory)
		return refuse(why, "%s: no directory, where one is to be put", path);
	if (S_ISDIR(mode))
		return check_empty_directory(path, why);
	return S_ISREG(mode) || S_ISLNK(mode) ||
	       refuse(why, "%s: neither a regular file nor a link", path);
}

bool renaming_check_final(struct renaming *renaming, bool temporary_is_directory,
			  struct reason *why)
{
	const char *path = renaming->final;
	struct stat status;

	if (renaming->exchange_only) {
		renaming->final_exists = true;
		return renaming_check_source(path, &status, why);
	}
	renaming->final_exists = lstat(path, &status) == 0;
	if (!renaming->final_exists)
		return errno == ENOENT || refuse_errno(why, "%s", path);
	return check_replaced(path, status.st_mode, temporary_is_directory, why);
}

static bool exchange(const char *one, const char *other)
{
	return renameat2(AT_FDCWD, one, AT_FDCWD, other, RENAME_EXCHANGE) == 0;
}

/* What file systems, and kernels, say that do not know a flag. */
static bool flag_is_unknown(void)
{
	return errno == EINVAL || errno == ENOSYS;
}

/* EXDEV is what overlayfs says of a directory that a lower layer has. */
static bool exchange_is_unsupported(void)
{
	return flag_is_unknown() || errno == EXDEV;
}

static bool refuse_exchange(struct renaming *renaming, struct reason *why)
{
	renaming->exchange_unsupported = true;
	return refuse(why,
		      "%s: cannot be exchanged with %s: the file system cannot, or one "
		      "is inside the other",
		      renaming->temporary, renaming->final);
}

static bool move(const char *from, const char *to)
{
	if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
		return true;
	return flag_is_unknown() && rename(from, to) == 0;
}

bool renaming_do(struct renaming *renaming, struct reason *why)
{
	const char *temporary = renaming->temporary, *final = renaming->final;

	if (!renaming->final_exists && move(temporary, final))
		renaming->state = RENAMING_MOVED;
	else if (renaming->final_exists && exchange(temporary, final))
		renaming->state = RENAMING_EXCHANGED;
	else if (renaming->exchange_only && exchange_is_unsupported())
		return refuse_exchange(renaming, why);
	else if (renaming->final_exists && !renaming->exchange_only &&
		 flag_is_unknown() && rename(temporary, final) == 0)
		renaming->state = RENAMING_REPLACED;
	else
		return refuse_errno(why, "%s: cannot be renamed to %s", temporary, final);
	return true;
}

bool renaming_undo(struct renaming *renaming, struct reason *why)
{
	const char *temporary = renaming->temporary, *final = renaming->final;

	if (renaming->state == RENAMING_REPLACED)
		return refuse(why, "%s: new, and what was there is gone", final);
	if (renaming->state == RENAMING_MOVED && !move(final, temporary))
		return refuse_errno(why, "%s: cannot be renamed back to %s", final,
				    temporary);
	if (renaming->state == RENAMING_EXCHANGED && !exchange(temporary, final))
		return refuse_errno(why, "%s: new, and what was there is now %s", final,
				    temporary);
	renaming->state = RENAMING_UNTOUCHED;
	return true;
}

bool renaming_finish(struct renaming *renaming, struct reason *why)
{
	if (renaming->state != RENAMING_EXCHANGED || unlink(renaming->temporary) == 0 ||
	    (errno == EISDIR && rmdir(renaming->temporary) == 0))
		return true;
	return refuse_errno(why, "%s: what was at %s cannot be removed",
			    renaming->temporary, renaming->final);
}

static bool sync_opened(const char *path, int flags, struct reason *why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | flags);
	bool synced = fd >= 0 && fsync(fd) == 0;

	if (!synced)
		refuse_errno(why, "%s: cannot be synced", path);
	if (fd >= 0)
		close(fd);
	return synced;
}

bool renaming_sync(const char *path, struct reason *why)
{
	return sync_opened(path, O_NOFOLLOW | O_NONBLOCK, why);
}

bool renaming_sync_directory(const char *path, struct reason *why)
{
	return sync_opened(path, O_DIRECTORY, why);
}
