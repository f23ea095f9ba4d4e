/* Patterns of paths, as the files of a recipe's packages are chosen by (§8.2).
 *
 * Within a component of the path, "*" stands for any characters, "?" for one, "[a-c]" for
 * one of a class and "[!a-c]" or "[^a-c]" for one that is not in it; "**" as a whole
 * component stands for any number of components, none included, and elsewhere for what
 * "*" does; "{a,b}" is either of its alternatives, which may hold all of these and more
 * braces; a backslash takes from any of them its meaning. Characters are code points; a
 * byte that is not UTF-8 is a character of its own. Nothing is special in a name that
 * starts with a dot.
 *
 * Published packages were put together by the glob library doublestar 4.10, and who owns
 * a file must not change. So its verdicts hold where this description leaves room:
 * - "a" matches what ends in a whole-component "**" behind "a/".
 * - A class that takes a slash matches one.
 * - Where the path ends, what is left of the pattern has to be nothing, "*", or "**" with
 *   or without a slash on either side.
 * - Braces are written out when the match first gets to them. So "**" is a whole
 *   component at the start of an alternative, and is none in front of braces.
 */
#ifndef GLOB_H
#define GLOB_H

#include <stdbool.h>

#include "report.h"

enum {
	GLOB_NESTING = 64,	 /* the deepest braces */
	GLOB_WRITTEN_OUT = 65536 /* bytes of all the patterns that braces stand for, one
				  * more for each of them and for each pair of braces */
};

/* Whether pattern is well-formed and within the limits above; the reason names it and
 * what is wrong. A bad part makes the pattern bad wherever it is, even where no match
 * would get to it. */
bool glob_check(const char *pattern, struct reason *why);

/* Whether pattern, which has to have passed glob_check, matches the whole of path, a
 * relative one. The time it takes is bounded by GLOB_WRITTEN_OUT times the length of
 * path. Ends the program without memory. */
bool glob_match(const char *pattern, const char *path);

#endif
