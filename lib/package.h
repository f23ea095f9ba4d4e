/* A whole package verified (§3.5.3, §5.3): one pass over its bytes, nothing written,
 * memory that does not grow with the payload. */
#ifndef PACKAGE_H
#define PACKAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"
#include "hash.h"
#include "manifest.h"
#include "report.h"
#include "trust.h"

/* Under which conditions a package passes. */
struct policy {
	const struct trust *trust;
	bool allows_unsigned;
	int64_t now; /* seconds since 1970 */
};

/* What a verified package is. */
struct package {
	struct manifest manifest;
	struct buffer manifest_text;  /* manifest.json as it stands in the package */
	char hash[HASH_HEX_SIZE + 1]; /* of the file as it lies there */
	uint64_t size_compressed;
	char signed_by[HASH_HEX_SIZE + 1]; /* fingerprint; empty when unsigned */
	size_t files;
	size_t directories;
	size_t links;
};

/* Reads the package that fd holds to its end and holds it against every rule. Findings of
 * layout are reported, all of them, as they are met; the reason says what else is wrong,
 * or that there were such findings. name is what reasons call the package where it cannot
 * be read or decoded; null when the caller says that itself. Give *package back with
 * package_free also when this fails. */
bool package_verify(struct package *package, int fd, const char *name,
		    const struct policy *policy, struct reason *why);
void package_free(struct package *package);

/* Whether the file of a verified package, at that path, is named after it (§2.1.4). */
bool package_check_file_name(const struct package *package, const char *path,
			     struct reason *why);

/* Appends the index entry of a verified package that is to be fetched from url (§6.2.4),
 * a line in canonical form with its newline. */
void package_put_entry(struct buffer *out, const struct package *package,
		       const char *url);

#endif
