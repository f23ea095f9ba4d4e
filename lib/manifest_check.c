#include "manifest_check.h"

#include "container.h"
#include "decoder.h"
#include "overrides.h"
#include "tar.h"

static void check_overrides(const struct manifest *manifest,
			    const struct entry_list *payload, struct findings *found)
{
	struct overrides overrides;
	struct reason why;

	overrides_start(&overrides, manifest);
	for (size_t i = 0; i < payload->count; i++)
		if (!overrides_meet(&overrides, payload->entries[i].type,
				    payload->entries[i].path, &why))
			find_error(found, "%s: %s", manifest->name, why.text);
	if (!overrides_finish(&overrides, &why))
		find_error(found, "%s: %s", manifest->name, why.text);
	overrides_free(&overrides);
}

static void check_side_effects(const struct manifest *manifest,
			       const struct entry_list *payload, struct findings *found)
{
	struct payload_kinds kinds = {0};

	for (size_t i = 0; i < payload->count; i++)
		side_effects_note(&kinds, manifest->architecture,
				  payload->entries[i].type, payload->entries[i].path);
	side_effects_check(manifest->name, &manifest->side_effects, &kinds, found);
}

void manifest_check_payload(const struct manifest *manifest,
			    const struct entry_list *payload, struct findings *found)
{
	check_overrides(manifest, payload, found);
	check_side_effects(manifest, payload, found);
}

static uint64_t metadata_size(const char *name, size_t length)
{
	struct tar_entry entry = {ENTRY_FILE, name, NULL, (int64_t)length, 0};

	return tar_entry_size(&entry);
}

void manifest_check_archive(const struct manifest *manifest, size_t manifest_length,
			    size_t files_length, const struct entry_list *payload,
			    struct findings *found)
{
	/* An envelope is shorter than a block; two zero blocks end the archive. */
	uint64_t size = metadata_size(MANIFEST_NAME, manifest_length) +
			metadata_size(FILES_NAME, files_length) +
			metadata_size(SIGNATURE_NAME, TAR_BLOCK) + 2 * TAR_BLOCK;

	for (size_t i = 0; i < payload->count; i++) {
		const struct entry *entry = &payload->entries[i];
		struct tar_entry tar_entry = {entry->type, entry->path, entry->target,
					      entry->size, 0};
		size += tar_entry_size(&tar_entry);
	}
	if (size > DECODER_LIMIT)
		find_warning(found,
			     "%s: archive over 4 GiB, which clients refuse by default "
			     "[§3.5.4]",
			     manifest->name);
}
