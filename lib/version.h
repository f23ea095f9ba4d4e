/* Package versions, [epoch:]upstream-revision: how they are read and which is the newer
 * (§2.2). */
#ifndef VERSION_H
#define VERSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report.h"

/* A parsed version. It borrows the text that it was parsed from, which has to outlive it.
 */
struct version {
	int64_t epoch; /* 0 when the text has none */
	const char *upstream;
	size_t upstream_length; /* at least 1, without bound */
	int64_t revision;	/* 0: left out, only in operands of constraints */
};

/* Parses a complete version (§2.2.5). Epoch and revision go up to 2^63-1. Returns false
 * with a reason that names the text when it is no version; *version is then undefined. */
bool version_parse(struct version *version, const char *text, struct reason *why);

/* Parses text[0..length), the operand of a constraint (§2.2.8), as version_parse does,
 * but what follows the last '-' may be something else than a revision and then belongs to
 * the upstream part; the revision is 0 in that case. */
bool version_parse_operand(struct version *version, const char *text, size_t length,
			   struct reason *why);

/* Compares by epoch, upstream part and revision (§2.2.6): -1 when a is the older, 1 when
 * it is the newer, 0 when neither. Versions that differ in their bytes may compare equal.
 *
 * The order of §2.2.7 is not transitive: 1.0~x-1 < 1.0-1 < 1.0x-1, and yet 1.0~x-1 equals
 * 1.0x-1. Two sorts of the same set that start from different orders may therefore end in
 * different ones, and qsort promises nothing at all. */
int version_compare(const struct version *a, const struct version *b);

/* Compares the upstream parts alone (§2.2.7), as version_compare. */
int version_compare_upstream(const struct version *a, const struct version *b);

/* Whether it is a pre-release: its upstream part has a pre-release tail (§2.2.7.3) with
 * at least one number or word in it. */
bool version_is_prerelease(const struct version *version);

#endif
