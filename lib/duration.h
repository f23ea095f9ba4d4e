/* Lengths of time as configuration files give them, in the notation of Go: "90s",
 * "1h30m", "1.5h". */
#ifndef DURATION_H
#define DURATION_H

#include <stdbool.h>
#include <stdint.h>

#include "report.h"

enum { NANOSECONDS_A_SECOND = 1000000000 };

/* Reads one or more decimal numbers, each with its unit of ns, us, µs, ms, s, m, h, or a
 * mere "0"; their sum, cut to whole nanoseconds, is from 0 to 2^63-1. Returns false with
 * a reason that names the text when it is something else. */
bool duration_parse(const char *text, int64_t *nanoseconds, struct reason *why);

#endif
