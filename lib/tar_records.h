/* The records of a pax extended header (§3.1.4 #7, #12). */
#ifndef TAR_RECORDS_H
#define TAR_RECORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "buffer.h"
#include "path.h"
#include "report.h"

/* Two records, of a path and of a target, with keys and lengths. */
enum { TAR_RECORDS_MOST = 2 * (PATH_MOST + 1) + 64 };

/* What an extended header says; an empty text is a record that it has not. */
struct tar_records {
	struct buffer path;
	struct buffer linkpath;
};

/* Reads text[0..length). Refused: anything but well-formed path and linkpath records,
 * each at most once, each over 100 bytes or not ASCII. Give *records back with
 * tar_records_free also when this fails. */
bool tar_records_parse(struct tar_records *records, const char *text, size_t length,
		       struct reason *why);
void tar_records_free(struct tar_records *records);

#endif
