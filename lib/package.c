#include "package.h"

#include <string.h>

#include "container.h"
#include "decoder.h"
#include "envelope.h"
#include "files.h"
#include "hash_aside.h"
#include "layout.h"
#include "overrides.h"

/* What a package may need above its payload: headers and metadata (§3.5.4). */
static const uint64_t overhead_allowance = UINT64_C(320) << 20;

/* A verification under way. */
struct verification {
	struct package *package;
	const struct policy *policy;
	struct decoder *decoder;
	struct container container;
	struct files files;
	size_t next_file; /* of files, that the payload has to bring next */
	struct hash_aside file_hash;
	struct overrides overrides;
	struct findings found;
};

static bool read_decoded(void *source, void *bytes, size_t count, size_t *got,
			 struct reason *why)
{
	return decoder_read(source, bytes, count, got, why);
}

static bool read_manifest(struct verification *verification,
			  const struct tar_entry *entry, struct reason *why)
{
	struct manifest *manifest = &verification->package->manifest;
	struct buffer *text = &verification->package->manifest_text;
	uint64_t most;

	if (!container_content(&verification->container, entry, MANIFEST_LIMIT, text,
			       why))
		return false;
	if (!manifest_parse(manifest, text->data, text->length, why))
		return refuse_in(why, "%s", MANIFEST_NAME);
	if (manifest->build_time != verification->container.time)
		return refuse(why,
			      "%s: modification time is not build.timestamp [§3.1.4 #2]",
			      MANIFEST_NAME);
	most = (uint64_t)manifest->size_installed + overhead_allowance;
	if (most < DECODER_LIMIT)
		decoder_limit(verification->decoder, most);
	overrides_start(&verification->overrides, manifest);
	return true;
}

static bool read_files(struct verification *verification, const struct tar_entry *entry,
		       struct reason *why)
{
	struct files *files = &verification->files;
	struct buffer text = {0};
	bool good = container_content(&verification->container, entry, FILES_LIMIT, &text,
				      why);

	if (good && !files_parse(files, text.data, text.length, why))
		good = refuse_in(why, "%s", FILES_NAME);
	buffer_free(&text);
	if (!good)
		return false;
	return files->size == verification->package->manifest.size_installed ||
	       refuse(why, "size_installed is %lld, the files are %lld bytes [§3.3]",
		      (long long)verification->package->manifest.size_installed,
		      (long long)files->size);
}

/* The file of files.json that this entry has to be. */
static const struct file *expect_file(struct verification *verification,
				      const struct tar_entry *entry, struct reason *why)
{
	const struct files *files = &verification->files;
	const struct file *file = &files->list[verification->next_file];
	int order = verification->next_file == files->count
			    ? -1
			    : strcmp(entry->name, file->path);

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
	verification->next_file++;
	return file;
}

static bool hash_content(struct verification *verification, const struct tar_entry *entry,
			 char hex[HASH_HEX_SIZE + 1], struct reason *why)
{
	/* One is filled while the other is hashed. */
	static char pieces[2][256 * 1024];
	const struct manifest *manifest = &verification->package->manifest;
	int64_t done = 0;
	size_t which = 0, got;

	hash_aside_restart(&verification->file_hash);
	do {
		which = !which;
		if (!container_read(&verification->container, pieces[which],
				    sizeof pieces[which], &got, why))
			return false;
		if (done == 0)
			layout_check_content(manifest->name, manifest->architecture,
					     entry->name, pieces[which], got,
					     &verification->found);
		hash_aside_update(&verification->file_hash, pieces[which], got);
		done += (int64_t)got;
	} while (done < entry->size);
	hash_aside_digest_hex(&verification->file_hash, hex);
	return true;
}

static bool read_file(struct verification *verification, const struct tar_entry *entry,
		      struct reason *why)
{
	const struct file *file = expect_file(verification, entry, why);
	char hex[HASH_HEX_SIZE + 1];

	if (file == NULL || !hash_content(verification, entry, hex, why))
		return false;
	return strcmp(hex, file->hash) == 0 ||
	       refuse(why, "%s: hash mismatch (computed %s, files.json says %s) [§3.5.3]",
		      entry->name, hex, file->hash);
}

static bool read_payload(struct verification *verification, const struct tar_entry *entry,
			 struct reason *why)
{
	struct package *package = verification->package;

	layout_check(package->manifest.name, package->manifest.architecture, entry->type,
		     entry->name, entry->target, &verification->found);
	if (!overrides_meet(&verification->overrides, entry->type, entry->name, why))
		return false;
	package->directories += entry->type == ENTRY_DIRECTORY;
	package->links += entry->type == ENTRY_LINK;
	if (entry->type != ENTRY_FILE)
		return true;
	package->files++;
	return read_file(verification, entry, why);
}

static bool read_signature(struct verification *verification,
			   const struct tar_entry *entry, struct reason *why)
{
	const struct policy *policy = verification->policy;
	unsigned char digest[HASH_SIZE];
	struct envelope envelope;
	struct buffer text = {0};
	bool good;

	hash_digest(&verification->container.signed_bytes, digest);
	good = container_content(&verification->container, entry, SIGNATURE_LIMIT, &text,
				 why) &&
	       envelope_parse(&envelope, text.data, text.length, why) &&
	       trust_check(policy->trust, &envelope, digest, policy->now, why);
	buffer_free(&text);
	if (good)
		memcpy(verification->package->signed_by, envelope.fingerprint,
		       sizeof envelope.fingerprint);
	return good;
}

static bool read_part(struct verification *verification, const struct tar_entry *entry,
		      struct reason *why)
{
	switch (verification->container.part) {
	case PART_MANIFEST:
		return read_manifest(verification, entry, why);
	case PART_FILES:
		return read_files(verification, entry, why);
	case PART_PAYLOAD:
		return read_payload(verification, entry, why);
	case PART_SIGNATURE:
		return read_signature(verification, entry, why);
	default:
		return container_skip(&verification->container, why);
	}
}

static bool check_end(struct verification *verification, struct reason *why)
{
	struct package *package = verification->package;

	if (verification->next_file < verification->files.count)
		return refuse(why, "%s: in files.json, not in the payload [§3.5.1]",
			      verification->files.list[verification->next_file].path);
	if (!overrides_finish(&verification->overrides, why))
		return false;
	if (package->signed_by[0] == '\0' && !verification->policy->allows_unsigned)
		return refuse(why, "not signed [§5.3.4]");
	if (verification->found.errors > 0)
		return refuse(why, "refused for its layout, see above [§3.4]");
	package->size_compressed = decoder_input_bytes(verification->decoder);
	decoder_input_digest(verification->decoder, package->hash);
	return true;
}

static bool read_parts(struct verification *verification, struct reason *why)
{
	struct tar_entry entry;

	for (;;) {
		if (!container_next(&verification->container, &entry, why))
			return false;
		if (verification->container.part == PART_END)
			return check_end(verification, why);
		if (!read_part(verification, &entry, why))
			return false;
	}
}

bool package_verify(struct package *package, int fd, const char *name,
		    const struct policy *policy, struct reason *why)
{
	struct verification verification = {
		.package = package,
		.policy = policy,
		.decoder = decoder_open(fd, name),
	};
	bool good;

	*package = (struct package){0};
	hash_aside_start(&verification.file_hash);
	container_start(&verification.container, read_decoded, verification.decoder, NULL,
			NULL);
	good = read_parts(&verification, why);
	hash_aside_stop(&verification.file_hash);
	container_free(&verification.container);
	decoder_close(verification.decoder);
	files_free(&verification.files);
	overrides_free(&verification.overrides);
	return good;
}

void package_free(struct package *package)
{
	manifest_free(&package->manifest);
	buffer_free(&package->manifest_text);
}
