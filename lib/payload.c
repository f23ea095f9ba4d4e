#include "payload.h"

#include <string.h>

#include "layout.h"
#include "layout_library.h"

void payload_start(struct payload *payload, const struct manifest *manifest)
{
	*payload = (struct payload){.manifest = manifest};
	hash_aside_start(&payload->hash);
}

void payload_expect(struct payload *payload)
{
	overrides_start(&payload->overrides, payload->manifest);
}

/* The file of files.json that this entry has to be. */
static const struct file *expect_file(struct payload *payload,
				      const struct tar_entry *entry, struct reason *why)
{
	const struct files *files = &payload->files;
	const struct file *file = &files->list[payload->next_file];
	int order =
		payload->next_file == files->count ? -1 : strcmp(entry->name, file->path);

	if (order < 0) {
		refuse(why, "%s: not in files.json [§3.5.1]", entry->name);
		return NULL;
	}
	if (order > 0) {
		refuse(why, "%s: in files.json, not in the payload [§3.5.1]", file->path);
		return NULL;
	}
	if (entry->size != file->size) {
		refuse(why, "%s: %lld bytes, files.json says %lld [§3.5.3]", entry->name,
		       (long long)entry->size, (long long)file->size);
		return NULL;
	}
	payload->next_file++;
	return file;
}

static bool hash_content(struct payload *payload, struct container *container,
			 const struct tar_entry *entry, char hex[HASH_HEX_SIZE + 1],
			 struct reason *why)
{
	/* One is filled while the other is hashed. */
	static char pieces[2][256 * 1024];
	const struct manifest *manifest = payload->manifest;
	int64_t done = 0;
	size_t which = 0, got;

	hash_aside_restart(&payload->hash);
	do {
		which = !which;
		if (!container_read(container, pieces[which], sizeof pieces[which], &got,
				    why))
			return false;
		if (done == 0)
			layout_check_content(manifest->name, manifest->architecture,
					     entry->name, pieces[which], got,
					     &payload->layout);
		hash_aside_update(&payload->hash, pieces[which], got);
		done += (int64_t)got;
	} while (done < entry->size);
	hash_aside_digest_hex(&payload->hash, hex);
	return true;
}

static bool read_file(struct payload *payload, struct container *container,
		      const struct tar_entry *entry, struct reason *why)
{
	const struct file *file = expect_file(payload, entry, why);
	char hex[HASH_HEX_SIZE + 1];

	if (file == NULL || !hash_content(payload, container, entry, hex, why))
		return false;
	return strcmp(hex, file->hash) == 0 ||
	       refuse(why, "%s: hash mismatch (computed %s, files.json says %s) [§3.5.3]",
		      entry->name, hex, file->hash);
}

bool payload_read(struct payload *payload, struct container *container,
		  const struct tar_entry *entry, struct reason *why)
{
	layout_check(payload->manifest->name, payload->manifest->architecture,
		     entry->type, entry->name, entry->target, &payload->layout);
	if (!overrides_meet(&payload->overrides, entry->type, entry->name, why))
		return false;
	return entry->type != ENTRY_FILE || read_file(payload, container, entry, why);
}

bool payload_finish(const struct payload *payload, struct reason *why)
{
	if (payload->next_file < payload->files.count)
		return refuse(why, "%s: in files.json, not in the payload [§3.5.1]",
			      payload->files.list[payload->next_file].path);
	return overrides_finish(&payload->overrides, why);
}

void payload_free(struct payload *payload)
{
	hash_aside_stop(&payload->hash);
	files_free(&payload->files);
	overrides_free(&payload->overrides);
}
