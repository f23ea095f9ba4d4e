/* Points in time as all documents write them: YYYY-MM-DDThh:mm:ssZ, and nothing else that
 * RFC 3339 has. */
#ifndef TIMESTAMP_H
#define TIMESTAMP_H

#include <stdbool.h>
#include <stdint.h>

#include "report.h"

/* Bytes of a timestamp, without a NUL. */
enum { TIMESTAMP_SIZE = 20 };

/* The last second that the 11 octal digits of a tar header's mtime can hold,
 * 2242-03-16T12:56:31Z (§3.1.4 #2). */
#define TIMESTAMP_MOST INT64_C(077777777777)

/* Parses a timestamp into seconds since 1970-01-01T00:00:00Z, 0 to TIMESTAMP_MOST. The
 * day has to exist; no 24:00, no leap second. Returns false with a reason that names the
 * text, and leaves *seconds as it was. */
bool timestamp_parse(const char *text, int64_t *seconds, struct reason *why);

/* Writes such seconds, which have to be within those limits, with a NUL behind. */
void timestamp_format(int64_t seconds, char text[TIMESTAMP_SIZE + 1]);

#endif
