/* One header block of a tar archive, read and held against §3.1.4. */
#ifndef TAR_HEADER_H
#define TAR_HEADER_H

#include <stdbool.h>
#include <stdint.h>

#include "report.h"

/* What a block says. Fields of names and targets may lack a NUL and are only looked at by
 * tar_header_text. */
struct tar_block {
	const char *bytes; /* all 512 */
	char type;	   /* '0', '5', '2' or 'x'; NUL is turned into '0' */
	int64_t size;
	int64_t time; /* of an extended header: 0 */
};

/* Reads a block that is not all zero. Of an extended header only what readers check of
 * one is looked at: magic, checksum, size. The reason starts with what the name field
 * holds, unless the checksum is wrong. */
bool tar_header_parse(struct tar_block *block, const char *bytes, struct reason *why);

enum tar_field { TAR_FIELD_NAME, TAR_FIELD_LINKNAME, TAR_FIELD_PREFIX };

/* The text of a field into text, which has room for 156 bytes. Refused when anything but
 * NUL follows the first NUL. */
bool tar_header_text(const struct tar_block *block, enum tar_field field, char *text,
		     struct reason *why);

#endif
