/* Tar headers as deployed producers write them (§3.1.4). */
#include <libtar.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tar.h"
#include "tar_names.h"
#include "utf8.h"

/* Puts the header as a block, with its checksum. */
static void put_block(struct buffer *out, const struct tar_header *header)
{
	TAR tar = {.th_buf = *header};

	snprintf(tar.th_buf.chksum, sizeof tar.th_buf.chksum, "%06o",
		 (unsigned)th_crc_calc(&tar));
	tar.th_buf.chksum[7] = ' ';
	buffer_add(out, &tar.th_buf, TAR_BLOCK);
}

static void put_padding(struct buffer *out, int64_t size)
{
	static const char zeros[TAR_BLOCK];

	buffer_add(out, zeros, tar_padding(size));
}

static void fill_numbers(struct tar_header *header, unsigned mode, int64_t size,
			 int64_t time)
{
	snprintf(header->mode, sizeof header->mode, "%07o", mode);
	snprintf(header->uid, sizeof header->uid, "%07o", 0U);
	snprintf(header->gid, sizeof header->gid, "%07o", 0U);
	snprintf(header->size, sizeof header->size, "%011llo", (unsigned long long)size);
	snprintf(header->mtime, sizeof header->mtime, "%011llo",
		 (unsigned long long)time);
	memcpy(header->magic, "ustar", sizeof header->magic);
	memcpy(header->version, "00", sizeof header->version);
}

/* A record counts its own length's digits. */
static void put_record(struct buffer *out, const char *key, const char *value)
{
	size_t rest = strlen(key) + strlen(value) + strlen(" =\n");
	size_t length = rest + 1;

	while ((size_t)snprintf(NULL, 0, "%zu", length) + rest != length)
		length = (size_t)snprintf(NULL, 0, "%zu", length) + rest;
	buffer_printf(out, "%zu %s=%s\n", length, key, value);
}

/* The name of an extended header: PaxHeaders.0 put before the last component. Here all
 * slashes go that the cut leaves at the end. */
static void fill_extended_name(struct tar_header *header, const char *name)
{
	const char *slash = strrchr(name, '/');
	const char *base = slash != NULL ? slash + 1 : name;
	struct buffer extended = {0};
	size_t length;

	buffer_add(&extended, name, (size_t)(base - name));
	buffer_add_text(&extended, "PaxHeaders.0");
	if (*base != '\0')
		buffer_printf(&extended, "/%s", base);
	length = tar_put_ascii(header->name, extended.data);
	if (length > TAR_NAME_SIZE)
		length = TAR_NAME_SIZE;
	while (length > 0 && header->name[length - 1] == '/')
		header->name[--length] = '\0';
	buffer_free(&extended);
}

/* How much of a long name goes into the prefix; 0 if it is not split. */
static size_t find_split(const char *name, const char *target)
{
	if (!utf8_is_ascii(name, strlen(name)) || strlen(name) <= TAR_NAME_SIZE ||
	    tar_needs_record(target))
		return 0;
	return tar_split_name(name);
}

/* The content of the extended header; nothing if none is needed. */
static void put_records(struct buffer *records, const char *name, const char *target)
{
	if (find_split(name, target) > 0)
		return;
	/* In this order (field), though §3.1.4 #7 has path first. */
	if (tar_needs_record(target))
		put_record(records, "linkpath", target);
	if (tar_needs_record(name))
		put_record(records, "path", name);
}

static void put_extended_header(struct buffer *out, const char *name,
				const struct buffer *records)
{
	struct tar_header header = {0};

	fill_extended_name(&header, name);
	fill_numbers(&header, 0, (int64_t)records->length, 0);
	header.typeflag = 'x';
	put_block(out, &header);
	buffer_add(out, records->data, records->length);
	put_padding(out, (int64_t)records->length);
}

/* Puts name and target where they go: plain, split, or shortened behind an extended
 * header. */
static void place_names(struct buffer *out, struct tar_header *header, const char *name,
			const char *target)
{
	size_t prefix = find_split(name, target);
	struct buffer records = {0};

	put_records(&records, name, target);
	if (records.length > 0)
		put_extended_header(out, name, &records);
	buffer_free(&records);
	if (prefix > 0) {
		memcpy(header->prefix, name, prefix);
		name += prefix + 1;
	}
	tar_put_shortened(header->name, name);
	tar_put_shortened(header->linkname, target);
}

static void put_full_name(struct buffer *name, const struct tar_entry *entry)
{
	buffer_add_text(name, entry->name);
	if (entry->type == ENTRY_DIRECTORY)
		buffer_add_byte(name, '/');
}

static const char *full_target(const struct tar_entry *entry)
{
	return entry->target != NULL ? entry->target : "";
}

uint64_t tar_entry_size(const struct tar_entry *entry)
{
	uint64_t size = TAR_BLOCK + (uint64_t)entry->size + tar_padding(entry->size);
	struct buffer name = {0}, records = {0};

	put_full_name(&name, entry);
	put_records(&records, name.data, full_target(entry));
	if (records.length > 0)
		size += TAR_BLOCK + records.length + tar_padding((int64_t)records.length);
	buffer_free(&name);
	buffer_free(&records);
	return size;
}

void tar_put_header(struct buffer *out, const struct tar_entry *entry)
{
	static const char types[] = {
		[ENTRY_FILE] = '0', [ENTRY_DIRECTORY] = '5', [ENTRY_LINK] = '2'};
	struct tar_header header = {0};
	struct buffer name = {0};

	put_full_name(&name, entry);
	place_names(out, &header, name.data, full_target(entry));
	fill_numbers(&header, 0777, entry->size, entry->time);
	header.typeflag = types[entry->type];
	memcpy(header.uname, "root", sizeof "root");
	memcpy(header.gname, "root", sizeof "root");
	memcpy(header.devmajor, "0000000", sizeof header.devmajor);
	memcpy(header.devminor, "0000000", sizeof header.devminor);
	put_block(out, &header);
	buffer_free(&name);
}

size_t tar_padding(int64_t size)
{
	return (size_t)(-(uint64_t)size & (TAR_BLOCK - 1));
}

void tar_put_file(struct buffer *out, const char *name, const struct buffer *content,
		  int64_t time)
{
	struct tar_entry entry = {ENTRY_FILE, name, NULL, (int64_t)content->length, time};

	tar_put_header(out, &entry);
	buffer_add(out, content->data, content->length);
	put_padding(out, entry.size);
}

void tar_put_trailer(struct buffer *out)
{
	static const char zeros[2 * TAR_BLOCK];

	buffer_add(out, zeros, sizeof zeros);
}
