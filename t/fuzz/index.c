/* Two indexes checked, an active one on the first line and an archive behind it. An
 * archive that can be read is the same again from its header and entries. */
#include "index.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "index_check.h"
#include "index_header_check.h"
#include "io.h"

enum { NOW = 1772668800 }; /* 2026-03-05T00:00:00Z */

/* A text as a file, by a path that is good as long as the descriptor. */
struct text_file {
	int fd;
	char path[64];
};

static void open_text(struct text_file *file, const char *text, size_t length)
{
	file->fd = memfd_create("index", MFD_CLOEXEC);
	must(file->fd >= 0 && write_full(file->fd, text, length));
	snprintf(file->path, sizeof file->path, "/proc/self/fd/%d", file->fd);
}

static void check(const char *active, const char *archive)
{
	struct index_walk active_walk, archive_walk;
	struct findings found = {0};

	index_walk_start(&active_walk, active, &found);
	index_walk_start(&archive_walk, archive, &found);
	index_check_entries(&active_walk, &archive_walk, &found);
	index_header_check(&active_walk, INDEX_ACTIVE, "fuzz", &found);
	index_header_check(&archive_walk, INDEX_ARCHIVE, "fuzz", &found);
	index_header_check_pair(&active_walk, &archive_walk, NOW, &found);
	index_walk_end(&active_walk);
	index_walk_end(&archive_walk);
}

/* Writes an index as it is joined from its parts. Returns false if it is none. */
static bool put_again(struct buffer *out, const char *path)
{
	struct buffer entries = {0}, *entry;
	struct reason why;
	struct index *index = index_open(path, &why);
	bool whole;

	must(index != NULL);
	while (index_next(index, &entry, &why)) {
		must(memchr(entry->data, '\n', entry->length) == NULL);
		must(index_check_entry(entry->data, entry->length, &why));
		buffer_add_text(&entries, entries.length > 0 ? "," : "");
		buffer_add(&entries, entry->data, entry->length);
	}
	whole = why.text[0] == '\0';
	if (whole) {
		index_put_header(out, index_header(index));
		buffer_add_text(out, ",\"packages\":[");
		buffer_add(out, entries.data, entries.length);
		buffer_add_text(out, "]}\n");
	}
	buffer_free(&entries);
	index_close(index);
	return whole;
}

static void must_be_the_same(const char *path)
{
	struct buffer once = {0}, twice = {0};
	struct text_file file;

	if (put_again(&once, path)) {
		open_text(&file, once.data, once.length);
		must(put_again(&twice, file.path));
		must(once.length == twice.length &&
		     memcmp(once.data, twice.data, once.length) == 0);
		close(file.fd);
	}
	buffer_free(&once);
	buffer_free(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text_file active, archive;
	const char *second;
	char *first;

	two_texts(data, size, &first, &second);
	open_text(&active, first, strlen(first));
	open_text(&archive, second, strlen(second));
	check(active.path, archive.path);
	must_be_the_same(archive.path);
	close(active.fd);
	close(archive.fd);
	free(first);
	return 0;
}
