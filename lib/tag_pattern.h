/* The regular expressions by which a recipe picks the upstream version out of a tag. */
#ifndef TAG_PATTERN_H
#define TAG_PATTERN_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "report.h"

/* The longest pattern, in bytes. */
enum { TAG_PATTERN_MOST = 4096 };

/* Compiles a pattern, to be freed with pcre2_code_free. Tags are bytes to it, whatever
 * options it starts with, and `$` is the tag's very end. Returns null with a reason when
 * it is no pattern, or when its groups are neither one without a name nor named groups of
 * which `major` and `minor` are two and `patch` and `prerelease` may be others. */
pcre2_code *tag_pattern_compile(const char *pattern, struct reason *why);

#endif
