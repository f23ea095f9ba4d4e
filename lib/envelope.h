/* The signature envelope (§5.1.3): the content of .peipkg/signature and of a detached
 * signature. */
#ifndef ENVELOPE_H
#define ENVELOPE_H

#include <stdbool.h>
#include <stddef.h>

#include "buffer.h"
#include "hash.h"
#include "key.h"
#include "report.h"

struct envelope {
	char fingerprint[HASH_HEX_SIZE + 1];
	unsigned char signature[SIGNATURE_SIZE];
};

/* Reads an envelope: its four fields, each exactly as they must be, and no other. */
bool envelope_parse(struct envelope *envelope, const char *text, size_t length,
		    struct reason *why);

/* Appends the canonical envelope, its final newline included. */
void envelope_put(struct buffer *out, const struct envelope *envelope);

/* Signs a digest into *envelope. */
void envelope_sign(struct envelope *envelope, const struct private_key *key,
		   const unsigned char digest[HASH_SIZE]);

#endif
