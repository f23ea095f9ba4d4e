#include "tar_names.h"

#include <string.h>

#include "utf8.h"

/* Of a field, with a NUL behind. */
enum { TEXT_SIZE = TAR_PREFIX_SIZE + 1 };

bool tar_needs_record(const char *text)
{
	return strlen(text) > TAR_NAME_SIZE || !utf8_is_ascii(text, strlen(text));
}

size_t tar_put_ascii(char field[TAR_NAME_SIZE], const char *text)
{
	size_t length = 0;

	for (; *text != '\0'; text++) {
		if ((unsigned char)*text >= 0x80)
			continue;
		if (length < TAR_NAME_SIZE)
			field[length] = *text;
		length++;
	}
	return length;
}

/* A slash that the cut leaves at the field's end becomes the NUL of the shorter text;
 * only one byte of it, as deployed producers do. */
void tar_put_shortened(char field[TAR_NAME_SIZE], const char *text)
{
	size_t length = tar_put_ascii(field, text);

	if (length <= TAR_NAME_SIZE || field[TAR_NAME_SIZE - 1] != '/')
		return;
	length = TAR_NAME_SIZE - 1;
	while (length > 0 && field[length - 1] == '/')
		length--;
	field[length] = '\0';
}

size_t tar_split_name(const char *name)
{
	size_t length = strlen(name), end = length;

	if (length > TAR_PREFIX_SIZE + 1)
		end = TAR_PREFIX_SIZE + 1;
	else if (name[length - 1] == '/')
		end = length - 1;
	while (end > 0 && name[end - 1] != '/')
		end--;
	if (end < 2 || end - 1 > TAR_PREFIX_SIZE)
		return 0;
	if (length - end < 1 || length - end > TAR_NAME_SIZE)
		return 0;
	return end - 1;
}

bool tar_take_name(struct buffer *name, const struct tar_block *block,
		   const struct tar_records *records, struct reason *why)
{
	char prefix[TEXT_SIZE], base[TEXT_SIZE];

	buffer_clear(name);
	if (records->path.length > 0) {
		buffer_add(name, records->path.data, records->path.length);
		return true;
	}
	if (!tar_header_text(block, TAR_FIELD_PREFIX, prefix, why) ||
	    !tar_header_text(block, TAR_FIELD_NAME, base, why))
		return refuse_in(why, "%.*s", TAR_NAME_SIZE, block->bytes);
	if (prefix[0] != '\0')
		buffer_printf(name, "%s/", prefix);
	buffer_add_text(name, base);
	return true;
}

bool tar_take_target(struct buffer *target, const char *name,
		     const struct tar_block *block, const struct tar_records *records,
		     struct reason *why)
{
	char text[TEXT_SIZE];

	buffer_clear(target);
	if (records->linkpath.length > 0) {
		buffer_add(target, records->linkpath.data, records->linkpath.length);
	} else {
		if (!tar_header_text(block, TAR_FIELD_LINKNAME, text, why))
			return refuse_in(why, "%s", name);
		buffer_add_text(target, text);
	}
	if (block->type != '2' && target->length > 0)
		return refuse(why,
			      "%s: a target on an entry that is no link [§3.1.4 #10]",
			      name);
	return true;
}
