/* Which key a file's content is. Nothing is computed here, only told apart. */
#ifndef KEY_PARSE_H
#define KEY_PARSE_H

#include <stdbool.h>
#include <stddef.h>

#include "key.h"
#include "report.h"

enum key_kind { KEY_PRIVATE = 1, KEY_PUBLIC = 2, KEY_EITHER = KEY_PRIVATE | KEY_PUBLIC };

struct parsed_key {
	enum key_kind kind;
	unsigned char bytes[KEY_SIZE]; /* the seed, or the public key */
	bool has_public_half;	       /* a private key with the public one in its PEM */
	unsigned char public_half[KEY_SIZE];
};

/* Parses a raw key or a PEM object of the kind wanted; a raw key is taken for a seed if
 * either kind is. On failure *key is all zeros; otherwise wiping it is up to the caller.
 */
bool key_parse(const char *text, size_t length, enum key_kind wanted,
	       struct parsed_key *key, struct reason *why);

enum { KEY_PUBLIC_DER_SIZE = 12 + KEY_SIZE };

/* Writes the DER of a public key (SPKI, RFC 8410). */
void key_put_der(unsigned char der[KEY_PUBLIC_DER_SIZE],
		 const unsigned char bytes[KEY_SIZE]);

#endif
