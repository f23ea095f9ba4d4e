/* Descriptors that are made, and changes to the keys of those that are there (§5.2.6,
 * §6.1). Each keeps the rules: keys sorted by fingerprint, none twice, one of them active
 * at least, a revoked one revoked and listed. */
#ifndef DESCRIPTOR_EDIT_H
#define DESCRIPTOR_EDIT_H

#include <stdbool.h>
#include <stdint.h>

#include "buffer.h"
#include "descriptor.h"
#include "report.h"

/* Starts a descriptor without keys, and with everything else in canonical form. Refused
 * is an empty name, and what is not UTF-8. On failure *descriptor needs no
 * descriptor_free. */
bool descriptor_start(struct descriptor *descriptor, const char *name,
		      const char *description, struct reason *why);

/* Lists a key as active. Refused: it is listed already. */
bool descriptor_add(struct descriptor *descriptor, const char *fingerprint,
		    struct reason *why);

/* Makes a key transitioning until a time in seconds since 1970, or gives a transitioning
 * one another such date. Refused: not listed, revoked, the only active one. */
bool descriptor_phase_out(struct descriptor *descriptor, const char *fingerprint,
			  int64_t valid_until, struct reason *why);

/* Makes a key revoked. Refused: not listed, revoked already, the only active one. */
bool descriptor_revoke(struct descriptor *descriptor, const char *fingerprint,
		       struct reason *why);

/* Lists a key no longer. Refused: not listed, revoked, the only active one. */
bool descriptor_remove(struct descriptor *descriptor, const char *fingerprint,
		       struct reason *why);

/* Appends the document: as it was read but for the array of keys, and in that each key as
 * it was read but for those that changed. These are canonical, with members that have no
 * meaning here behind those that have. Whatever blanks stood around the document, one
 * newline ends it. */
void descriptor_put(struct buffer *out, const struct descriptor *descriptor);

#endif
