/* Patterns without braces, of which glob.c makes a pattern with braces. */
#ifndef GLOB_TEXT_H
#define GLOB_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct glob_text {
	const char *text; /* well-formed, one alternative in the place of braces */
	size_t length;
	/* For each byte of text and for its end, whether such an alternative starts
	 * there. Null when there were no braces. */
	const bool *starts_alternative;
};

/* Whether pattern matches the whole of path. */
bool glob_text_match(const struct glob_text *pattern, const char *path);

#endif
