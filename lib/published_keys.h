/* The files of the keys that a descriptor lists, as a repository publishes them (§5.2.2,
 * §6.1.3, §6.4.5). */
#ifndef PUBLISHED_KEYS_H
#define PUBLISHED_KEYS_H

#include <stdint.h>

#include "descriptor.h"
#include "report.h"

/* Holds keys/FINGERPRINT.pub beside the descriptor of that path against each key that it
 * lists, whatever its status: clients fetch them all. Each file has to be there, to be
 * PEM and nothing else, and to be that key. A key without a fingerprint, in a descriptor
 * with faults, is left out. Warns of transitioning keys that run out
 * within 30 days of now, in seconds since 1970, or have run out. */
void published_keys_check(const struct descriptor *descriptor, const char *path,
			  int64_t now, struct findings *found);

#endif
