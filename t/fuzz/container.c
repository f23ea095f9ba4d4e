/* Archives read to their end, as pk-sign does; the signed bytes are those before the
 * signature. An entry that is written again is read as the same. */
#include "container.h"

#include "archive.h"

struct reading {
	const struct buffer *archive;
	size_t at;
};

static bool read_archive(void *source, void *bytes, size_t count, size_t *got,
			 struct reason *why)
{
	struct reading *reading = source;

	(void)why;
	*got = reading->archive->length - reading->at;
	if (*got > count)
		*got = count;
	memcpy(bytes, reading->archive->data + reading->at, *got);
	reading->at += *got;
	return true;
}

static void keep(void *context, const void *bytes, size_t count)
{
	buffer_add(context, bytes, count);
}

static void must_come_out(const struct tar_entry *entry)
{
	struct buffer out = {0};
	struct reading reading = {.archive = &out};
	struct tar_reader reader = {.read = read_archive, .source = &reading};
	struct tar_entry again;
	struct reason why;

	tar_put_header(&out, entry);
	must(tar_next(&reader, &again, &why) == TAR_ENTRY && reading.at == out.length);
	must(again.type == entry->type && again.size == entry->size &&
	     again.time == entry->time && strcmp(again.name, entry->name) == 0);
	must((entry->target == NULL) == (again.target == NULL));
	must(entry->target == NULL || strcmp(again.target, entry->target) == 0);
	tar_reader_free(&reader);
	buffer_free(&out);
}

static bool read_all(struct container *container)
{
	struct tar_entry entry;
	struct reason why;

	for (;;) {
		if (!container_next(container, &entry, &why))
			return false;
		if (container->part == PART_END)
			return true;
		must_come_out(&entry);
		if (!container_skip(container, &why))
			return false;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buffer archive = {0}, signed_bytes = {0};
	struct reading reading = {.archive = &archive};
	struct container container;

	put_archive(&archive, data, size);
	container_start(&container, read_archive, &reading, keep, &signed_bytes);
	if (read_all(&container))
		must(reading.at == archive.length &&
		     memcmp(signed_bytes.data, archive.data, signed_bytes.length) == 0);
	container_free(&container);
	buffer_free(&signed_bytes);
	buffer_free(&archive);
	return 0;
}
