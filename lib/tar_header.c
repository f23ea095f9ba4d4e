#include "tar_header.h"

#include <libtar.h>
#include <string.h>

#include "tar.h"

/* Exactly `digits` octal digits, with what the format ends a number with behind them. */
static bool parse_octal(const char *field, size_t digits, const char *end,
			size_t end_size, int64_t *number)
{
	*number = 0;
	for (size_t i = 0; i < digits; i++) {
		if (field[i] < '0' || field[i] > '7')
			return false;
		*number = *number * 8 + (field[i] - '0');
	}
	return memcmp(field + digits, end, end_size) == 0;
}

static bool check_checksum(const struct tar_header *header, struct reason *why)
{
	TAR tar = {.th_buf = *header};
	int64_t sum;

	if (!parse_octal(header->chksum, 6, "\0 ", 2, &sum))
		return refuse(why, "checksum not written as 6 octal digits [§3.1.4]");
	return sum == th_crc_calc(&tar) || refuse(why, "wrong checksum [§3.1.4]");
}

static bool is_all_nul(const char *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (bytes[i] != '\0')
			return false;
	return true;
}

/* Text and nothing but NUL behind it. */
static bool is_field(const char *field, size_t size, const char *text)
{
	size_t length = strlen(text);

	return memcmp(field, text, length) == 0 &&
	       is_all_nul(field + length, size - length);
}

static bool is_device_zero(const char field[8])
{
	return is_all_nul(field, 8) || memcmp(field, "0000000", 8) == 0;
}

static bool check_fixed_fields(const struct tar_header *header, struct reason *why)
{
	if (memcmp(header->mode, "0000777", sizeof header->mode) != 0)
		return refuse(why, "mode is not 0777 [§3.1.4 #6]");
	if (memcmp(header->uid, "0000000", sizeof header->uid) != 0 ||
	    memcmp(header->gid, "0000000", sizeof header->gid) != 0)
		return refuse(why, "owner or group is not 0 [§3.1.4 #3]");
	if (!is_field(header->uname, sizeof header->uname, "root") ||
	    !is_field(header->gname, sizeof header->gname, "root"))
		return refuse(why, "owner or group name is not root [§3.1.4 #4]");
	if (!is_device_zero(header->devmajor) || !is_device_zero(header->devminor))
		return refuse(why, "device number is not 0 [§3.1.4 #9]");
	if (!is_all_nul(header->padding, sizeof header->padding))
		return refuse(why, "header padding is not NUL [§3.1.4 #10]");
	return true;
}

static bool take_type(struct tar_block *block, char type, struct reason *why)
{
	if (type != '\0' && strchr("052x", type) == NULL)
		return refuse(why,
			      "type '%c' is no file, directory or symbolic link [§3.2.5]",
			      type);
	block->type = type == '\0' ? '0' : type;
	return true;
}

static bool take_fields(struct tar_block *block, const struct tar_header *header,
			struct reason *why)
{
	if (memcmp(header->magic, "ustar", sizeof header->magic) != 0 ||
	    memcmp(header->version, "00", sizeof header->version) != 0)
		return refuse(why, "magic is not ustar, version 00 [§3.1.4 #8]");
	if (!take_type(block, header->typeflag, why))
		return false;
	if (!parse_octal(header->size, 11, "", 1, &block->size))
		return refuse(why, "size not written as 11 octal digits [§3.1.4]");
	if (block->type == 'x')
		return true;
	if (!parse_octal(header->mtime, 11, "", 1, &block->time))
		return refuse(why, "time not written as 11 octal digits [§3.1.4]");
	if (block->type != '0' && block->size != 0)
		return refuse(why, "a directory or link with content [§3.2.5]");
	return check_fixed_fields(header, why);
}

bool tar_header_parse(struct tar_block *block, const char *bytes, struct reason *why)
{
	struct tar_header header = {0};

	memcpy(&header, bytes, TAR_BLOCK);
	*block = (struct tar_block){.bytes = bytes};
	if (!check_checksum(&header, why))
		return false;
	return take_fields(block, &header, why) ||
	       refuse_in(why, "%.*s", (int)sizeof header.name, header.name);
}

bool tar_header_text(const struct tar_block *block, enum tar_field field, char *text,
		     struct reason *why)
{
	static const struct {
		size_t offset, size;
	} fields[] = {
		[TAR_FIELD_NAME] = {offsetof(struct tar_header, name), TAR_NAME_SIZE},
		[TAR_FIELD_LINKNAME] = {offsetof(struct tar_header, linkname),
					TAR_NAME_SIZE},
		[TAR_FIELD_PREFIX] = {offsetof(struct tar_header, prefix),
				      TAR_PREFIX_SIZE},
	};
	const char *start = block->bytes + fields[field].offset;
	size_t length = strnlen(start, fields[field].size);

	if (!is_all_nul(start + length, fields[field].size - length))
		return refuse(why, "bytes behind the end of a name [§3.1.4 #10]");
	memcpy(text, start, length);
	text[length] = '\0';
	return true;
}
