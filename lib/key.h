/* Ed25519 keys (§5.2): reading them, signing, verifying.
 *
 * A private key is a raw 32-byte seed or PEM PKCS#8 (`PRIVATE KEY`, RFC 8410, with or
 * without the public key in it). A public key is 32 raw bytes or PEM SPKI (`PUBLIC KEY`).
 * White space may surround a PEM object, nothing else may; every other kind of key is
 * refused by its name. */
#ifndef KEY_H
#define KEY_H

#include <stdbool.h>
#include <stddef.h>

#include "buffer.h"
#include "hash.h"
#include "report.h"

enum { KEY_SIZE = 32, SIGNATURE_SIZE = 64 };

/* The most that is read of a key file, in bytes. */
enum { KEY_FILE_LIMIT = 64 * 1024 };

/* A point of the curve in its one encoding (RFC 8032 §5.1.2), not of small order; and the
 * lower-case hexadecimal SHA-256 of these bytes (§5.2.3). */
struct public_key {
	unsigned char bytes[KEY_SIZE];
	char fingerprint[HASH_HEX_SIZE + 1];
};

/* Give back with key_wipe. */
struct private_key {
	unsigned char seed[KEY_SIZE];
	struct public_key public_key;
};

/* As secret_protect_process, and has the memory of big numbers wiped when it is given
 * back. To be called by every program that reads private keys, before it does. */
bool key_protect_process(struct reason *why);

/* Read a key from the file of that path; a null path is standard input. Only regular
 * files and pipes (/dev/fd/N) are read. On failure *key is all zeros and the reason
 * starts with the path. No copy of private bytes stays behind. A private key in a file
 * that group or others may read is a warning, printed here.
 *
 * key_read_public_half takes either kind of key; a raw one is taken for a seed. */
bool key_read_private(const char *path, struct private_key *key, struct reason *why);
bool key_read_public(const char *path, struct public_key *key, struct reason *why);
bool key_read_public_half(const char *path, struct public_key *key, struct reason *why);

/* As key_read_public, from the file's content in memory; the reason names no file. */
bool key_parse_public(const char *text, size_t length, struct public_key *key,
		      struct reason *why);

/* Signs message[0..count) (RFC 8032, pure Ed25519). */
void key_sign(const struct private_key *key, const void *message, size_t count,
	      unsigned char signature[SIGNATURE_SIZE]);

/* Whether signature is one of message[0..count) by that key. Only the one encoding that
 * key_sign writes is: S below the group order, R canonical. */
bool key_verify(const struct public_key *key, const void *message, size_t count,
		const unsigned char signature[SIGNATURE_SIZE]);

/* Appends the key as PEM SPKI, as `openssl pkey -pubout` writes it. */
void key_put_pem(struct buffer *out, const struct public_key *key);

void key_wipe(struct private_key *key);

#endif
