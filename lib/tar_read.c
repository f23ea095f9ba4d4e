#include <string.h>

#include "tar.h"
#include "tar_header.h"
#include "tar_names.h"
#include "tar_records.h"

/* Reads a block behind what the header buffer holds and returns it. */
static char *read_block(struct tar_reader *reader, struct reason *why)
{
	char *block = buffer_reserve(&reader->header, TAR_BLOCK);
	size_t got;

	if (!reader->read(reader->source, block, TAR_BLOCK, &got, why))
		return NULL;
	if (got < TAR_BLOCK) {
		refuse(why, "archive cut short [§3.1]");
		return NULL;
	}
	reader->header.length += TAR_BLOCK;
	return block;
}

static bool is_zero(const char *block)
{
	for (size_t i = 0; i < TAR_BLOCK; i++)
		if (block[i] != '\0')
			return false;
	return true;
}

static bool read_records(struct tar_reader *reader, size_t size,
			 struct tar_records *records, struct reason *why)
{
	size_t padded = size + tar_padding((int64_t)size);
	size_t start = reader->header.length;
	const char *text;

	if (size == 0 || size > TAR_RECORDS_MOST)
		return refuse(why, "%.*s: extended header of %zu bytes [§3.1.4 #12]",
			      TAR_NAME_SIZE, reader->header.data, size);
	for (size_t done = 0; done < padded; done += TAR_BLOCK)
		if (read_block(reader, why) == NULL)
			return false;
	text = reader->header.data + start;
	if (!tar_records_parse(records, text, size, why))
		return refuse_in(why, "%.*s", TAR_NAME_SIZE, reader->header.data);
	for (size_t at = size; at < padded; at++)
		if (text[at] != '\0')
			return refuse(why, "%.*s: padding is not NUL [§3.1.4 #10]",
				      TAR_NAME_SIZE, reader->header.data);
	return true;
}

/* A directory's name has a slash at its end on the wire, and no other entry's has. */
static bool take_slash(struct tar_reader *reader, char type, struct reason *why)
{
	struct buffer *name = &reader->name;
	bool has_slash = name->length > 0 && name->data[name->length - 1] == '/';

	if (has_slash != (type == '5'))
		return refuse(why, "%s: %s [§3.1]", name->data,
			      has_slash ? "a slash ends the name of what is no directory"
					: "no slash ends the name of a directory");
	if (has_slash)
		name->data[--name->length] = '\0';
	return true;
}

static bool take_entry(struct tar_reader *reader, const struct tar_block *block,
		       const struct tar_records *records, struct tar_entry *entry,
		       struct reason *why)
{
	if (!tar_take_name(&reader->name, block, records, why) ||
	    !tar_take_target(&reader->target, reader->name.data, block, records, why) ||
	    !take_slash(reader, block->type, why))
		return false;
	*entry = (struct tar_entry){
		.type = block->type == '5'   ? ENTRY_DIRECTORY
			: block->type == '2' ? ENTRY_LINK
					     : ENTRY_FILE,
		.name = reader->name.data,
		.target = block->type == '2' ? reader->target.data : NULL,
		.size = block->size,
		.time = block->time,
	};
	reader->content_left = block->size;
	reader->padding = tar_padding(block->size);
	return true;
}

static enum tar_result read_end(struct tar_reader *reader, struct reason *why)
{
	const char *block = read_block(reader, why);
	char byte;
	size_t got;

	if (block == NULL)
		return TAR_BAD;
	if (!is_zero(block)) {
		refuse(why, "one zero block only at the end [§3.1]");
		return TAR_BAD;
	}
	if (!reader->read(reader->source, &byte, 1, &got, why))
		return TAR_BAD;
	if (got > 0) {
		refuse(why, "bytes behind the end of the archive [§3.1]");
		return TAR_BAD;
	}
	return TAR_END;
}

/* Behind an extended header: its records and the block that it speaks of. */
static bool read_extended(struct tar_reader *reader, struct tar_block *block,
			  struct tar_records *records, struct reason *why)
{
	const char *bytes;

	if (!read_records(reader, (size_t)block->size, records, why))
		return false;
	bytes = read_block(reader, why);
	if (bytes == NULL || !tar_header_parse(block, bytes, why))
		return false;
	return block->type != 'x' ||
	       refuse(why, "two extended headers in a row [§3.1.4 #12]");
}

enum tar_result tar_next(struct tar_reader *reader, struct tar_entry *entry,
			 struct reason *why)
{
	struct tar_records records = {0};
	struct tar_block block;
	const char *bytes;
	bool good;

	buffer_clear(&reader->header);
	bytes = read_block(reader, why);
	if (bytes == NULL)
		return TAR_BAD;
	if (is_zero(bytes))
		return read_end(reader, why);
	good = tar_header_parse(&block, bytes, why);
	if (good && block.type == 'x')
		good = read_extended(reader, &block, &records, why);
	good = good && take_entry(reader, &block, &records, entry, why);
	tar_records_free(&records);
	return good ? TAR_ENTRY : TAR_BAD;
}

static bool read_padding(struct tar_reader *reader, struct reason *why)
{
	char padding[TAR_BLOCK];
	size_t got;

	if (!reader->read(reader->source, padding, reader->padding, &got, why))
		return false;
	if (got < reader->padding)
		return refuse(why, "archive cut short [§3.1]");
	for (size_t i = 0; i < got; i++)
		if (padding[i] != '\0')
			return refuse(why, "%s: padding is not NUL [§3.1.4 #10]",
				      reader->name.data);
	reader->padding = 0;
	return true;
}

bool tar_read(struct tar_reader *reader, void *bytes, size_t count, size_t *got,
	      struct reason *why)
{
	if ((uint64_t)reader->content_left < count)
		count = (size_t)reader->content_left;
	if (!reader->read(reader->source, bytes, count, got, why))
		return false;
	if (*got < count)
		return refuse(why, "archive cut short [§3.1]");
	reader->content_left -= (int64_t)count;
	return reader->content_left > 0 || read_padding(reader, why);
}

void tar_reader_free(struct tar_reader *reader)
{
	buffer_free(&reader->header);
	buffer_free(&reader->name);
	buffer_free(&reader->target);
}
