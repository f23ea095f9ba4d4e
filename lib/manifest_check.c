#include "manifest_check.h"

#include "decoder.h"
#include "overrides.h"

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
	if ((uint64_t)manifest->size_installed > DECODER_LIMIT)
		find_warning(found,
			     "%s: payload over 4 GiB, which clients refuse by default "
			     "[§3.5.4]",
			     manifest->name);
}
