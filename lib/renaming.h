/* Renames that can be undone: fs-commit's steps. */
#ifndef RENAMING_H
#define RENAMING_H

#include <stdbool.h>
#include <sys/stat.h>

#include "report.h"

enum renaming_state {
	RENAMING_UNTOUCHED,
	RENAMING_MOVED,	    /* nothing was at the final name */
	RENAMING_EXCHANGED, /* what was there has the temporary name now */
	RENAMING_REPLACED,  /* what was there is gone: it could not be exchanged */
};

/* A file or directory, and the name that it is to have. The paths are borrowed. */
struct renaming {
	const char *temporary;
	const char *final;
	bool final_exists;	   /* something is at the final name */
	bool exchange_only;	   /* fail rather than replace what is there */
	bool exchange_unsupported; /* that is why renaming_do failed */
	enum renaming_state state;
};

/* Refuses what is neither a regular file nor a directory. *status becomes its status. */
bool renaming_check_source(const char *path, struct stat *status, struct reason *why);

/* Looks at the final name, and fills final_exists. Refuses what the temporary may not
 * replace: a directory that is not empty, what differs from it in being a directory,
 * anything but files, directories and links; with exchange_only, what
 * renaming_check_source refuses, and that nothing is there. */
bool renaming_check_final(struct renaming *renaming, bool temporary_is_directory,
			  struct reason *why);

/* Renames temporary to final in one step. Fails, with nothing changed, when final_exists
 * does not hold (any more) or the file system refuses. */
bool renaming_do(struct renaming *renaming, struct reason *why);

/* Gives both names back what they had; a renaming that is untouched stays so. Fails when
 * what was at the final name is gone, or the file system refuses. */
bool renaming_undo(struct renaming *renaming, struct reason *why);

/* Removes what has been at the final name and was exchanged: a file, a link or an empty
 * directory; the renaming cannot be undone any more. */
bool renaming_finish(struct renaming *renaming, struct reason *why);

/* Waits until a file's content, or a directory's names, are on the disk. Symbolic links
 * are not followed. */
bool renaming_sync(const char *path, struct reason *why);

/* Waits until the names in a directory are on the disk; path may be a symbolic link to
 * it. */
bool renaming_sync_directory(const char *path, struct reason *why);

#endif
