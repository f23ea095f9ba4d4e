/* pk-meta: package -> its manifest, or another part of its metadata. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "container.h"
#include "decoder.h"
#include "entry.h"
#include "files.h"
#include "io.h"
#include "json_check.h"
#include "manifest.h"

static const char usage[] = "usage: pk-meta [-f | -l | -s]\n";

static void next(struct container *container, struct tar_entry *entry)
{
	struct reason why;

	if (!container_next(container, entry, &why))
		die("%s", why.text);
}

static void skip(struct container *container)
{
	struct reason why;

	if (!container_skip(container, &why))
		die("%s", why.text);
}

static void read_content(struct container *container, const struct tar_entry *entry,
			 size_t limit, struct buffer *content)
{
	struct reason why;

	if (!container_content(container, entry, limit, content, &why))
		die("%s", why.text);
}

/* Goes on to the first entry of a part. Returns false when there is none. */
static bool find_part(struct container *container, struct tar_entry *entry,
		      enum part part)
{
	for (;;) {
		next(container, entry);
		if (container->part >= part)
			return container->part == part;
		skip(container);
	}
}

static void write_part(struct container *container, enum part part, size_t limit)
{
	struct buffer content = {0};
	struct tar_entry entry;
	struct reason why;

	if (!find_part(container, &entry, part))
		die("standard input: not signed [§5.1.7]");
	read_content(container, &entry, limit, &content);
	if (!json_check(content.data, content.length, &why))
		die("%s: %s", entry.name, why.text);
	output(content.data, content.length);
	buffer_free(&content);
}

static const char *find_hash(const struct files *files, const char *path)
{
	for (size_t low = 0, high = files->count; low < high;) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(path, files->list[middle].path);

		if (order == 0)
			return files->list[middle].hash;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return "";
}

static void write_entry(const struct tar_entry *tar_entry, const struct files *files)
{
	struct entry entry = {
		.path = copy_text(tar_entry->name, strlen(tar_entry->name)),
		.type = tar_entry->type,
		.size = tar_entry->size,
	};
	struct buffer line = {0};

	if (tar_entry->type == ENTRY_LINK)
		entry.target = copy_text(tar_entry->target, strlen(tar_entry->target));
	if (tar_entry->type == ENTRY_FILE)
		strcpy(entry.hash, find_hash(files, tar_entry->name));
	entry_put(&line, &entry);
	output(line.data, line.length);
	buffer_free(&line);
	entry_free(&entry);
}

static void write_entries(struct container *container)
{
	struct buffer content = {0};
	struct files files = {0};
	struct tar_entry entry;
	struct reason why;

	find_part(container, &entry, PART_FILES);
	read_content(container, &entry, FILES_LIMIT, &content);
	if (!files_parse(&files, content.data, content.length, &why))
		die("%s: %s", FILES_NAME, why.text);
	buffer_free(&content);
	for (;;) {
		next(container, &entry);
		if (container->part == PART_END)
			break;
		if (container->part == PART_PAYLOAD)
			write_entry(&entry, &files);
		if (entry.size > 0)
			skip(container);
	}
	files_free(&files);
}

int main(int argc, char *argv[])
{
	struct container container;
	struct decoder *decoder;
	int option, part = 'm';

	cli_start("pk-meta", usage);
	while ((option = cli_option(argc, argv, "fls")) != -1) {
		if (part != 'm')
			usage_error("-f, -l and -s exclude each other");
		part = option;
	}
	if (optind < argc)
		usage_error("the package comes on standard input");
	decoder = decoder_open(STDIN_FILENO, "standard input");
	container_start(&container, decoder_source, decoder, NULL, NULL);
	if (part == 'm')
		write_part(&container, PART_MANIFEST, MANIFEST_LIMIT);
	else if (part == 'f')
		write_part(&container, PART_FILES, FILES_LIMIT);
	else if (part == 's')
		write_part(&container, PART_SIGNATURE, SIGNATURE_LIMIT);
	else
		write_entries(&container);
	container_free(&container);
	decoder_close(decoder);
	output_finish();
	return 0;
}
