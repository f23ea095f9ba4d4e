/* Archives from text, so that an input is soon past the checksums of headers, the hashes
 * of files.json and the signature.
 *
 * An input that starts with 't' is an archive as it stands behind that, but for the
 * checksums of its headers, which are computed anew. Otherwise each line is one of
 *	fNAME<tab>CONTENT	a file
 *	dNAME			a directory
 *	lNAME<tab>TARGET	a link
 *	xRECORD<tab>RECORD...	an extended header; records are "KEY=VALUE"
 *	eOFFSET TEXT		writes into the last header
 *	mMEMBERS		a manifest with these members before those it has to have
 *	j			files.json of the files in the lines behind
 *	s			a good signature
 * and any other the bytes that it is, without its newline. Two zero blocks end it. */
#ifndef ARCHIVE_H
#define ARCHIVE_H

#include <stdio.h>

#include "container.h"
#include "fuzz.h"
#include "json.h"
#include "tar.h"
#include "test_key.h"

enum {
	BUILD_TIME = 1778051289, /* 2026-05-06T07:08:09Z */
	CHECKSUM_AT = 148,
	CHECKSUM_SIZE = 8,
	TYPE_AT = 156,
	MAGIC_AT = 257,
};

/* An archive being put together. */
struct archive {
	struct buffer out;
	size_t header;	     /* where the last one starts */
	struct buffer files; /* files.json, from the lines that are files */
	size_t files_size;   /* of these files */
};

static inline void set_checksum(char *header)
{
	unsigned sum = 0;

	memset(header + CHECKSUM_AT, ' ', CHECKSUM_SIZE);
	for (size_t i = 0; i < TAR_BLOCK; i++)
		sum += (unsigned char)header[i];
	snprintf(header + CHECKSUM_AT, CHECKSUM_SIZE, "%06o", sum);
}

static inline void edit_header(struct archive *archive, const char *line)
{
	char *text, *header;
	size_t offset = strtoul(line + 1, &text, 10);
	size_t length = strlen(text);

	if (archive->out.length < archive->header + TAR_BLOCK || offset >= TAR_BLOCK ||
	    length == 0)
		return;
	header = archive->out.data + archive->header;
	length = length - 1 < TAR_BLOCK - offset ? length - 1 : TAR_BLOCK - offset;
	memcpy(header + offset, text + 1, length);
	set_checksum(header);
}

/* Parts a line at its first tab and returns what is behind it. */
static inline char *cut_at_tab(char *line)
{
	char *tab = strchr(line, '\t');

	if (tab == NULL)
		return line + strlen(line);
	*tab = '\0';
	return tab + 1;
}

static inline void put_metadata(struct archive *archive, const char *name,
				struct buffer *content)
{
	archive->header = archive->out.length;
	tar_put_file(&archive->out, name, content, BUILD_TIME);
	buffer_free(content);
}

static inline void put_entry(struct archive *archive, enum entry_type type, char *line)
{
	const char *behind = cut_at_tab(line);
	struct tar_entry entry = {.type = type, .name = line + 1, .time = BUILD_TIME};

	if (type == ENTRY_LINK)
		entry.target = behind;
	if (type == ENTRY_FILE)
		entry.size = (int64_t)strlen(behind);
	tar_put_header(&archive->out, &entry);
	archive->header = archive->out.length - TAR_BLOCK;
	if (type == ENTRY_FILE) {
		buffer_add_text(&archive->out, behind);
		memset(buffer_reserve(&archive->out, TAR_BLOCK), 0, TAR_BLOCK);
		archive->out.length += tar_padding(entry.size);
	}
}

static inline void put_extended(struct archive *archive, char *line)
{
	struct buffer records = {0};

	for (char *record = line + 1, *next; *record != '\0'; record = next) {
		size_t rest, length;

		next = cut_at_tab(record);
		rest = strlen(record) + strlen(" \n");
		length = rest + 1;
		while ((size_t)snprintf(NULL, 0, "%zu", length) + rest != length)
			length = (size_t)snprintf(NULL, 0, "%zu", length) + rest;
		buffer_printf(&records, "%zu %s\n", length, record);
	}
	put_metadata(archive, "PaxHeaders.0/x", &records);
	archive->out.data[archive->header + TYPE_AT] = 'x';
	set_checksum(archive->out.data + archive->header);
}

static inline void put_manifest(struct archive *archive, const char *line)
{
	struct buffer text = {0};

	buffer_printf(
		&text,
		"{%s%s\"schema_version\":1,\"name\":\"hello\",\"version\":\"1.0-1\","
		"\"architecture\":\"x86_64\",\"dependencies\":[],\"conflicts\":[],"
		"\"size_installed\":%zu,\"build\":{\"timestamp\":"
		"\"2026-05-06T07:08:09Z\",\"farm_id\":\"f\",\"source_ref\":\"v\"}}",
		line + 1, line[1] != '\0' ? "," : "", archive->files_size);
	put_metadata(archive, MANIFEST_NAME, &text);
}

static inline void put_files(struct archive *archive)
{
	struct buffer text = {0};

	buffer_add_text(&text,
			"{\"schema_version\":1,\"algorithm\":\"sha256\",\"entries\":[");
	buffer_add(&text, archive->files.data, archive->files.length);
	buffer_add_text(&text, "]}");
	put_metadata(archive, FILES_NAME, &text);
}

static inline void put_signature(struct archive *archive)
{
	struct buffer text = {0};

	put_test_envelope(&text, archive->out.data, archive->out.length);
	put_metadata(archive, SIGNATURE_NAME, &text);
}

static inline void put_line(struct archive *archive, char *line)
{
	switch (line[0]) {
	case 'f':
		put_entry(archive, ENTRY_FILE, line);
		break;
	case 'd':
		put_entry(archive, ENTRY_DIRECTORY, line);
		break;
	case 'l':
		put_entry(archive, ENTRY_LINK, line);
		break;
	case 'x':
		put_extended(archive, line);
		break;
	case 'e':
		edit_header(archive, line);
		break;
	case 'm':
		put_manifest(archive, line);
		break;
	case 'j':
		put_files(archive);
		break;
	case 's':
		put_signature(archive);
		break;
	default:
		buffer_add_text(&archive->out, line);
	}
}

/* Notes a line that is a file of the payload; an extended header in front of it may have
 * another name for it. */
static inline void note_file(struct archive *archive, char *line, const char *before)
{
	const char *content = cut_at_tab(line), *name = line + 1;
	size_t length = strlen(name);
	unsigned char digest[HASH_SIZE];
	char hex[HASH_HEX_SIZE + 1];

	if (before != NULL && strncmp(before, "xpath=", strlen("xpath=")) == 0) {
		name = before + strlen("xpath=");
		length = strcspn(name, "\t");
	}
	if (strncmp(name, ".peipkg/", strlen(".peipkg/")) == 0)
		return;
	hash_bytes(content, strlen(content), digest);
	hex_encode(digest, HASH_SIZE, hex);
	if (archive->files.length > 0)
		buffer_add_byte(&archive->files, ',');
	buffer_add_text(&archive->files, "{\"path\":");
	json_put_string(&archive->files, name, length);
	buffer_printf(&archive->files, ",\"size\":%zu,\"hash\":\"%s\"}", strlen(content),
		      hex);
	archive->files_size += strlen(content);
}

/* The line at *text, a NUL behind it; moves *text behind it. Null at the end. */
static inline char *next_line(char **text, const char *end)
{
	char *line = *text, *newline;

	if (line == NULL)
		return NULL;
	newline = memchr(line, '\n', (size_t)(end - line));
	if (newline != NULL)
		*newline = '\0';
	*text = newline != NULL ? newline + 1 : NULL;
	return line;
}

static inline void note_files(struct archive *archive, const char *data, size_t size)
{
	char *copy = copy_text(data, size), *at = copy, *before = NULL, *line;

	while ((line = next_line(&at, copy + size)) != NULL) {
		if (line[0] == 'f')
			note_file(archive, line, before);
		before = line;
	}
	free(copy);
}

static inline void put_lines(struct archive *archive, const char *data, size_t size)
{
	char *copy = copy_text(data, size), *at = copy, *line;

	while ((line = next_line(&at, copy + size)) != NULL)
		put_line(archive, line);
	free(copy);
}

/* Every block that looks like a header gets its checksum. */
static inline void put_as_it_stands(struct buffer *out, const char *data, size_t size)
{
	buffer_add(out, data, size);
	for (size_t at = 0; size - at >= TAR_BLOCK; at += TAR_BLOCK)
		if (memcmp(out->data + at + MAGIC_AT, "ustar", 5) == 0)
			set_checksum(out->data + at);
}

static inline void put_archive(struct buffer *out, const uint8_t *data, size_t size)
{
	struct archive archive = {0};

	if (size > 0 && data[0] == 't') {
		put_as_it_stands(out, (const char *)data + 1, size - 1);
		return;
	}
	note_files(&archive, (const char *)data, size);
	put_lines(&archive, (const char *)data, size);
	tar_put_trailer(&archive.out);
	buffer_free(&archive.files);
	*out = archive.out;
}

#endif
