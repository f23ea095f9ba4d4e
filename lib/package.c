#include "package.h"

#include <string.h>

#include "container.h"
#include "decoder.h"
#include "envelope.h"
#include "payload.h"

/* What a package may need above its payload: headers and metadata (§3.5.4). */
static const uint64_t overhead_allowance = UINT64_C(320) << 20;

/* A verification under way. */
struct verification {
	struct package *package;
	const struct policy *policy;
	struct decoder *decoder;
	struct container container;
	struct payload payload;
};

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
	payload_expect(&verification->payload);
	return true;
}

static bool read_files(struct verification *verification, const struct tar_entry *entry,
		       struct reason *why)
{
	struct files *files = &verification->payload.files;
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

static bool read_payload(struct verification *verification, const struct tar_entry *entry,
			 struct reason *why)
{
	struct package *package = verification->package;

	package->files += entry->type == ENTRY_FILE;
	package->directories += entry->type == ENTRY_DIRECTORY;
	package->links += entry->type == ENTRY_LINK;
	return payload_read(&verification->payload, &verification->container, entry, why);
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

	if (!payload_finish(&verification->payload, why))
		return false;
	if (package->signed_by[0] == '\0' && !verification->policy->allows_unsigned)
		return refuse(why, "not signed [§5.3.4]");
	if (verification->payload.layout.errors > 0)
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
	payload_start(&verification.payload, &package->manifest);
	container_start(&verification.container, decoder_source, verification.decoder,
			NULL, NULL);
	good = read_parts(&verification, why);
	payload_free(&verification.payload);
	container_free(&verification.container);
	decoder_close(verification.decoder);
	return good;
}

void package_free(struct package *package)
{
	manifest_free(&package->manifest);
	buffer_free(&package->manifest_text);
}
