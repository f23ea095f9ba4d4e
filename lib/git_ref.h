/* What git calls the things of a repository, and how git-ls-remote(1) lists them. */
#ifndef GIT_REF_H
#define GIT_REF_H

#include <stdbool.h>

#include "buffer.h"
#include "report.h"

/* Digits of an object's name, SHA-1 or SHA-256 in lower-case hexadecimal. */
enum { GIT_OBJECT_LEAST = 40, GIT_OBJECT_MOST = 64 };

/* The longest name of a tag, in bytes: that of a path. */
enum { GIT_TAG_MOST = 4096 };

/* A line of git-ls-remote(1). It borrows the line. */
struct git_ref {
	const char *object;
	const char *name; /* in full, refs/tags/...; any bytes */
};

/* Takes a line without its newline apart, and cuts it in two for that. Returns false with
 * a reason when it is none. */
bool git_ref_parse(struct git_ref *ref, struct buffer *line, struct reason *why);

/* Whether refs/tags/NAME is a good name by git-check-ref-format(1), and UTF-8, and not
 * too long. The reason does not repeat the name. */
bool git_ref_check_tag(const char *name, struct reason *why);

#endif
