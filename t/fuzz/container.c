/* Archives read to their end, as pk-sign does; the signed bytes are those before the
 * signature. */
#include "container.h"

#include "archive.h"

struct reading {
	struct buffer archive;
	size_t at;
};

static bool read_archive(void *source, void *bytes, size_t count, size_t *got,
			 struct reason *why)
{
	struct reading *reading = source;

	(void)why;
	*got = reading->archive.length - reading->at;
	if (*got > count)
		*got = count;
	memcpy(bytes, reading->archive.data + reading->at, *got);
	reading->at += *got;
	return true;
}

static void keep(void *context, const void *bytes, size_t count)
{
	buffer_add(context, bytes, count);
}

static bool read_all(struct container *container)
{
	struct tar_entry entry;
	struct reason why;

	do {
		if (!container_next(container, &entry, &why) ||
		    (container->part != PART_END && !container_skip(container, &why)))
			return false;
	} while (container->part != PART_END);
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reading reading = {0};
	struct buffer signed_bytes = {0};
	struct container container;

	put_archive(&reading.archive, data, size);
	container_start(&container, read_archive, &reading, keep, &signed_bytes);
	if (read_all(&container))
		must(reading.at == reading.archive.length &&
		     memcmp(signed_bytes.data, reading.archive.data,
			    signed_bytes.length) == 0);
	container_free(&container);
	buffer_free(&signed_bytes);
	buffer_free(&reading.archive);
	return 0;
}
