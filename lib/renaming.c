#include "renaming.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

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

bool renaming_sync(const char *path, struct reason *why)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	bool synced = fd >= 0 && fsync(fd) == 0;

	if (!synced)
		refuse_errno(why, "%s: cannot be synced", path);
	if (fd >= 0)
		close(fd);
	return synced;
}
