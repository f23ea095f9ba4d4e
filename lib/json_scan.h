/* Finds where a JSON object, array or string ends, in pieces of any size, without holding
 * it. It counts brackets outside of strings and looks at nothing else: what it lets
 * through may still be no JSON. */
#ifndef JSON_SCAN_H
#define JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Start with {0}. */
struct json_scan {
	size_t depth;	  /* containers that are open */
	size_t deepest;	  /* the most that were open at once */
	uint64_t objects; /* of the 64 innermost, a bit each: it is no array */
	bool mismatched;  /* some was closed as the other; not known beyond 64 levels */
	bool ended;	  /* the outermost value was closed */
	bool in_string;
	bool escaped; /* the next byte of the string has lost its meaning */
};

/* Goes over bytes[0..count), of which the very first of all has to be '{', '[' or '"'.
 * Returns how many of them belong to the value: fewer than count only if it ended there.
 */
size_t json_scan(struct json_scan *scan, const char *bytes, size_t count);

#endif
