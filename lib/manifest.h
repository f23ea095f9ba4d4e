/* .peipkg/manifest.json (§3.3): read and checked, or written in canonical form. */
#ifndef MANIFEST_H
#define MANIFEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"
#include "json.h"
#include "report.h"
#include "side_effects.h"

enum { MANIFEST_LIMIT = 16 * 1024 * 1024 }; /* bytes (§3.2.7) */

/* What the tools need to know of a manifest. */
struct manifest {
	char *name;
	char *version;
	char *architecture;
	int64_t build_time; /* build.timestamp, in seconds since 1970 */
	int64_t size_installed;
	struct side_effects side_effects;
	char **override_paths; /* of sd_overrides, sorted */
	size_t override_count;
};

/* Reads a manifest and checks every rule that it can be held against by itself. The
 * manifest is the caller's, to be given to manifest_free also when this fails. */
bool manifest_parse(struct manifest *manifest, const char *text, size_t length,
		    struct reason *why);
void manifest_free(struct manifest *manifest);

/* What a manifest is made of: fields that stand in a recipe or in another manifest, and
 * facts of this build. Texts that are null are written as "". */
struct manifest_source {
	const struct json *json;
	json_value package; /* name, architecture, description, arrays, side effects */
	json_value shared;  /* license and homepage */
	bool from_recipe;   /* same_build means something there */
	const char *version;
	const char *timestamp;
	const char *farm_id;
	const char *source_ref;
	int64_t size_installed;
};

/* Appends the canonical manifest, its final newline included: all fields in wire order,
 * arrays sorted by name, same_build turned into a constraint. What it is made of is not
 * checked, except that it does not crash on it: run manifest_parse over the result. */
void manifest_put(struct buffer *out, const struct manifest_source *source);

#endif
