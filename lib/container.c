#include "container.h"

#include <stdlib.h>
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

/* Names within one part come in strict order (§3.1.4 #1). *name is as on the wire. */
static bool check_order(struct container *container, enum part part,
			const struct buffer *name, struct reason *why)
{
	int order;

	if (part == container->part) {
		order = strcmp(container->previous.data, name->data);
		if (order == 0)
			return refuse(why, "%s: twice [§3.1.4]", name->data);
		if (order > 0)
			return refuse(why, "%s: out of order behind %s [§3.1.4 #1]",
				      name->data, container->previous.data);
	}
	buffer_clear(&container->previous);
	buffer_add(&container->previous, name->data, name->length);
	return true;
}

static bool is_prefix(const struct buffer *prefix, const struct buffer *text)
{
	return prefix->length <= text->length &&
	       memcmp(prefix->data, text->data, prefix->length) == 0;
}

/* A file or link may not be a directory as well, by its own name with a slash or by one
 * below it. Order puts between "a" and "a/" only names that begin with "a": so only the
 * files and links that begin this name are kept. */
static bool check_leaves(struct container *container, const struct tar_entry *entry,
			 const struct buffer *name, struct reason *why)
{
	while (container->leaf_count > 0 &&
	       !is_prefix(&container->leaves[container->leaf_count - 1], name))
		buffer_free(&container->leaves[--container->leaf_count]);
	for (size_t i = 0; i < container->leaf_count; i++)
		if (name->data[container->leaves[i].length] == '/')
			return refuse(why, "%s: %s is no directory [§3.2.6]", name->data,
				      container->leaves[i].data);
	if (entry->type == ENTRY_DIRECTORY)
		return true;
	container->leaves = grow_array(container->leaves, container->leaf_count,
				       sizeof *container->leaves);
	container->leaves[container->leaf_count] = (struct buffer){0};
	buffer_add(&container->leaves[container->leaf_count++], name->data, name->length);
	return true;
}

static bool check_payload(struct container *container, const struct tar_entry *entry,
			  const struct buffer *name, struct reason *why)
{
	if (!path_check(entry->name, why) ||
	    (entry->type == ENTRY_LINK && !path_check_target(entry->target, why)))
		return refuse_in(why, "%s", name->data);
	if (++container->payload_entries > ENTRIES_MOST)
		return refuse(why, "more than %d payload entries [§3.2.7]", ENTRIES_MOST);
	return check_leaves(container, entry, name, why);
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
	good = (part != PART_PAYLOAD || check_payload(container, entry, &name, why)) &&
	       check_order(container, part, &name, why);
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
	buffer_free(&container->previous);
	while (container->leaf_count > 0)
		buffer_free(&container->leaves[--container->leaf_count]);
	free(container->leaves);
}
