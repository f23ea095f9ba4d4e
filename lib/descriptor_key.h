/* A key as a descriptor lists it (§6.1.3): what descriptor.c takes from its element. */
#ifndef DESCRIPTOR_KEY_H
#define DESCRIPTOR_KEY_H

#include <stdbool.h>

#include "descriptor.h"
#include "json.h"
#include "name_set.h"
#include "report.h"

/* Takes the fingerprint, and adds it to those that were seen. Refused: there is none, or
 * it was seen before, which is_twice says too. */
bool descriptor_key_identify(struct descriptor_key *key, const struct json *json,
			     struct name_set *seen, struct reason *why);

/* Takes the status, and the date that goes with it. Refused: either is missing or none;
 * is_unclear says whether that is the status. */
bool descriptor_key_take_standing(struct descriptor_key *key, const struct json *json,
				  struct reason *why);

#endif
