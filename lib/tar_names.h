/* How names and targets go into the fields of a header, byte for byte as deployed
 * producers put them, and how they come out (§3.1.4). Fields are all NUL before. */
#ifndef TAR_NAMES_H
#define TAR_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "tar.h"
#include "tar_header.h"
#include "tar_records.h"

/* Whether a name or target is too long for its field or not ASCII. */
bool tar_needs_record(const char *text);

/* How many bytes of a long ASCII name go into the prefix field; the slash behind them
 * goes nowhere. 0 when it cannot be split. */
size_t tar_split_name(const char *name);

/* Fills a field with text, non-ASCII bytes dropped, cut to the field. Returns how many
 * bytes it would take uncut. */
size_t tar_put_ascii(char field[TAR_NAME_SIZE], const char *text);

/* As tar_put_ascii, for the name or target that an extended header has in full. */
void tar_put_shortened(char field[TAR_NAME_SIZE], const char *text);

/* Puts the name of an entry, as it stands on the wire: that of the records if they have
 * one, else prefix and name of the block. *name is emptied first. */
bool tar_take_name(struct buffer *name, const struct tar_block *block,
		   const struct tar_records *records, struct reason *why);

/* Puts the target of an entry of that name, empty if it has none: that of the records,
 * else that of the block. Refused on what is no link. *target is emptied first. */
bool tar_take_target(struct buffer *target, const char *name,
		     const struct tar_block *block, const struct tar_records *records,
		     struct reason *why);

#endif
