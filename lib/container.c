#include "container.h"

#include <string.h>

#include "path.h"

void container_start(struct container *container, tar_source *read, void *source,
		     container_sink *sink, void *sink_context)
{
	*container = (struct container){
		.tar = {.read = read, .source = source},
		.sink = sink,
		.sink_context = sink_context,
	};
	hash_start(&container->signed_bytes);
}

static void pass(struct container *container, const void *bytes, size_t count)
{
	if (container->part == PART_SIGNATURE)
		return;
	hash_update(&container->signed_bytes, bytes, count);
	if (container->sink != NULL)
		container->sink(container->sink_context, bytes, count);
}

static enum part part_of(const char *name)
{
	if (strcmp(name, MANIFEST_NAME) == 0)
		return PART_MANIFEST;
	if (strcmp(name, FILES_NAME) == 0)
		return PART_FILES;
	if (strcmp(name, SIGNATURE_NAME) == 0)
		return PART_SIGNATURE;
	if (strncmp(name, ".peipkg/", strlen(".peipkg/")) == 0)
		return PART_METADATA;
	return PART_PAYLOAD;
}

static bool check_part(const struct container *container, enum part part,
		       const struct tar_entry *entry, struct reason *why)
{
	if (container->part == PART_SIGNATURE)
		return refuse(why,
			      "%s: behind the signature, which has to be last [§5.3.4]",
			      entry->name);
	if (container->part == PART_START && part != PART_MANIFEST)
		return refuse(why, "%s: the manifest has to be first [§3.2.3]",
			      entry->name);
	if (container->part == PART_MANIFEST && part != PART_FILES)
		return refuse(why, "%s: files.json has to be second [§3.2.3]",
			      entry->name);
	if (part <= PART_FILES && container->part >= part)
		return refuse(why, "%s: twice or out of order [§3.2.3]", entry->name);
	if (part == PART_METADATA && container->part == PART_PAYLOAD)
		return refuse(why, "%s: metadata behind the payload [§3.2.4]",
			      entry->name);
	if (part != PART_PAYLOAD && entry->type != ENTRY_FILE)
		return refuse(why, "%s: no regular file [§3.2.4]", entry->name);
	return true;
}

/* Nobody looks into it, but who unpacks the archive gets a file of that name. */
static bool check_metadata(const struct tar_entry *entry, struct reason *why)
{
	return path_check_entry(entry->name, why) || refuse_in(why, "%s", entry->name);
}

static bool check_payload(struct container *container, const struct tar_entry *entry,
			  const struct buffer *name, struct reason *why)
{
	if (!path_check(entry->name, why) ||
	    (entry->type == ENTRY_LINK && !path_check_target(entry->target, why)))
		return refuse_in(why, "%s", name->data);
	if (++container->payload_entries > ENTRIES_MOST)
		return refuse(why, "more than %d payload entries [§3.2.7]", ENTRIES_MOST);
	return name_order_next_payload(&container->names, name,
				       entry->type == ENTRY_DIRECTORY, why);
}

static bool check_entry(struct container *container, const struct tar_entry *entry,
			struct reason *why)
{
	enum part part = part_of(entry->name);
	struct buffer name = {0};
	bool good;

	if (!check_part(container, part, entry, why))
		return false;
	if (container->part == PART_START)
		container->time = entry->time;
	if (entry->time != container->time)
		return refuse(why, "%s: modification time is not the build's [§3.1.4 #2]",
			      entry->name);
	buffer_add_text(&name, entry->name);
	if (entry->type == ENTRY_DIRECTORY)
		buffer_add_byte(&name, '/');
	good = (part != PART_METADATA || check_metadata(entry, why)) &&
	       (part != PART_PAYLOAD || check_payload(container, entry, &name, why)) &&
	       name_order_next(&container->names, &name, part != container->part, why);
	buffer_free(&name);
	container->part = part;
	return good;
}

bool container_next(struct container *container, struct tar_entry *entry,
		    struct reason *why)
{
	switch (tar_next(&container->tar, entry, why)) {
	case TAR_BAD:
		return false;
	case TAR_END:
		if (container->part < PART_FILES)
			return refuse(why, "no manifest.json or no files.json [§3.2.2]");
		container->part = PART_END;
		return true;
	case TAR_ENTRY:
		break;
	}
	if (!check_entry(container, entry, why))
		return false;
	pass(container, container->tar.header.data, container->tar.header.length);
	return true;
}

bool container_read(struct container *container, void *bytes, size_t count, size_t *got,
		    struct reason *why)
{
	static const char zeros[TAR_BLOCK];
	size_t padding = container->tar.padding;

	if (!tar_read(&container->tar, bytes, count, got, why))
		return false;
	pass(container, bytes, *got);
	if (container->tar.padding == 0)
		pass(container, zeros, padding);
	return true;
}

bool container_content(struct container *container, const struct tar_entry *entry,
		       size_t limit, struct buffer *content, struct reason *why)
{
	size_t got = 0;

	if ((uint64_t)entry->size > limit)
		return refuse(why, "%s: over %zu bytes [§3.2.7]", entry->name, limit);
	buffer_reserve(content, (size_t)entry->size);
	if (!container_read(container, content->data, (size_t)entry->size, &got, why))
		return false;
	content->length = got;
	content->data[got] = '\0';
	return true;
}

bool container_skip(struct container *container, struct reason *why)
{
	char bytes[128 * 1024];
	size_t got;

	do {
		if (!container_read(container, bytes, sizeof bytes, &got, why))
			return false;
	} while (got == sizeof bytes);
	return true;
}

void container_free(struct container *container)
{
	tar_reader_free(&container->tar);
	name_order_free(&container->names);
}
