/* Archives from text, so that an input is soon past the checksums of its headers. */
#ifndef ARCHIVE_H
#define ARCHIVE_H

#include <stdio.h>

#include "fuzz.h"
#include "tar.h"

enum { BUILD_TIME = 1778051289, CHECKSUM_AT = 148, CHECKSUM_SIZE = 8 };

static inline void set_checksum(char *header)
{
	unsigned sum = 0;

	memset(header + CHECKSUM_AT, ' ', CHECKSUM_SIZE);
	for (size_t i = 0; i < TAR_BLOCK; i++)
		sum += (unsigned char)header[i];
	snprintf(header + CHECKSUM_AT, CHECKSUM_SIZE, "%06o", sum);
}

/* "eOFFSET TEXT" writes into the last header. */
static inline void edit_header(struct buffer *out, size_t header, char *line)
{
	char *text;
	size_t offset = strtoul(line + 1, &text, 10);
	size_t length = strlen(text);

	if (out->length < header + TAR_BLOCK || offset >= TAR_BLOCK || length == 0)
		return;
	length = length - 1 < TAR_BLOCK - offset ? length - 1 : TAR_BLOCK - offset;
	memcpy(out->data + header + offset, text + 1, length);
	set_checksum(out->data + header);
}

/* "fNAME<tab>CONTENT", "dNAME", "lNAME<tab>TARGET", an edit of the header before, and
 * whatever else as it stands. */
static inline void put_line(struct buffer *out, size_t *header, char *line)
{
	static const char types[] = "fdl";
	const char *type = line[0] != '\0' ? strchr(types, line[0]) : NULL;
	char *tab = strchr(line, '\t');
	const char *behind = tab != NULL ? tab + 1 : "";
	struct tar_entry entry = {.name = line + 1, .time = BUILD_TIME};

	if (line[0] == 'e') {
		edit_header(out, *header, line);
		return;
	}
	if (type == NULL) {
		buffer_add_text(out, line);
		return;
	}
	if (tab != NULL)
		*tab = '\0';
	entry.type = (enum entry_type)(type - types);
	if (entry.type == ENTRY_LINK)
		entry.target = behind;
	if (entry.type == ENTRY_FILE)
		entry.size = (int64_t)strlen(behind);
	tar_put_header(out, &entry);
	*header = out->length - TAR_BLOCK;
	if (entry.type == ENTRY_FILE) {
		buffer_add_text(out, behind);
		memset(buffer_reserve(out, TAR_BLOCK), 0, TAR_BLOCK);
		out->length += tar_padding(entry.size);
	}
}

static inline void put_archive(struct buffer *out, const uint8_t *data, size_t size)
{
	char *text = copy_text((const char *)data, size), *line = text;
	size_t header = 0;

	while (line != NULL) {
		char *newline = memchr(line, '\n', (size_t)(text + size - line));
		if (newline != NULL)
			*newline = '\0';
		put_line(out, &header, line);
		line = newline != NULL ? newline + 1 : NULL;
	}
	tar_put_trailer(out);
	free(text);
}

#endif
