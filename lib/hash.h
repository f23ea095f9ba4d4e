/* SHA-256 by one of two engines behind BearSSL's hash interface: BearSSL's own, portable,
 * and nettle's, which uses the CPU's SHA instructions where it has them. Both give the
 * same bytes; nothing but speed hangs on the choice. */
#ifndef HASH_H
#define HASH_H

#include <bearssl.h>
#include <nettle/sha2.h>
#include <stdbool.h>
#include <stddef.h>

enum { HASH_SIZE = 32, HASH_HEX_SIZE = 2 * HASH_SIZE };

/* The context of nettle's engine. */
struct fast_hash {
	const br_hash_class *engine;
	struct sha256_ctx context;
};

/* A running SHA-256. */
struct hash {
	union {
		const br_hash_class *engine; /* what each of the contexts starts with */
		br_sha256_context portable;
		struct fast_hash fast;
	} state;
};

/* Chooses the engine for every hash started from here on: "portable" or "fast" (the
 * default). Returns false for any other name. */
bool hash_choose_engine(const char *name);

void hash_start(struct hash *hash);
void hash_update(struct hash *hash, const void *bytes, size_t count);

/* Writes the digest of what was hashed so far; the hash may go on afterwards. */
void hash_digest(const struct hash *hash, unsigned char digest[HASH_SIZE]);

/* As hash_digest, in lower-case hexadecimal with a NUL behind. */
void hash_digest_hex(const struct hash *hash, char hex[HASH_HEX_SIZE + 1]);

/* Digest of one piece of memory. */
void hash_bytes(const void *bytes, size_t count, unsigned char digest[HASH_SIZE]);

/* Lower-case hexadecimal with a NUL behind; out has room for 2 * count + 1 bytes. */
void hex_encode(const unsigned char *bytes, size_t count, char *out);

/* Whether text is exactly a SHA-256 in lower-case hexadecimal. */
bool hash_is_hex(const char *text);

#endif
