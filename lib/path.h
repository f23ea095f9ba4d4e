/* Payload paths and link targets (§3.2.6, §3.4). */
#ifndef PATH_H
#define PATH_H

#include <stdbool.h>
#include <stddef.h>

#include "buffer.h"
#include "report.h"

enum {
	PATH_MOST = 4096,     /* bytes */
	COMPONENT_MOST = 255, /* bytes */
	COMPONENTS_MOST = 256,
};

/* Whether path may name an entry: relative, without a slash at its end, no empty, "." or
 * ".." component, UTF-8 in NFC, no control byte or backslash, within the lengths. The
 * reason does not repeat the path. */
bool path_check_entry(const char *path, struct reason *why);

/* Whether path may name a payload entry: as path_check_entry, and not ".peipkg" or below
 * it. */
bool path_check(const char *path, struct reason *why);

/* Whether target may be a link's: not empty, not absolute, the byte, NFC and length rules
 * of paths; ".", ".." and empty components are fine. */
bool path_check_target(const char *target, struct reason *why);

/* Whether path is directory (given without a slash at its end) or below it. */
bool path_is_within(const char *path, const char *directory);

/* What is behind the last slash. */
const char *path_base(const char *path);

bool path_ends_with(const char *path, const char *end);

/* Whether the last component is NAME.so or NAME.so.VERSION, for an extension ".so". */
bool path_has_extension(const char *path, const char *extension);

/* Puts where a link at path points: target joined with the link's directory, "." and
 * ".." and empty components resolved. Returns false when it leaves the root. The root
 * itself is the empty path. *resolved is emptied first. */
bool path_resolve_target(const char *path, const char *target, struct buffer *resolved);

#endif
