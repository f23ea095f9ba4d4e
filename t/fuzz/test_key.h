/* The key of RFC 8032, 7.1, TEST 1, for harnesses that sign. */
#ifndef TEST_KEY_H
#define TEST_KEY_H

#include "envelope.h"
#include "fuzz.h"
#include "key.h"
#include "trust.h"

static const unsigned char test_seed[KEY_SIZE] = {
	0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a,
	0xf4, 0x92, 0xec, 0x2c, 0xc4, 0x44, 0x49, 0xc5, 0x69, 0x7b, 0x32,
	0x69, 0x19, 0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60,
};
static const unsigned char test_public_key[KEY_SIZE] = {
	0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe,
	0xd3, 0xc9, 0x64, 0x07, 0x3a, 0x0e, 0xe1, 0x72, 0xf3, 0xda, 0xa6,
	0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51, 0x1a,
};

static inline const struct private_key *test_key(void)
{
	static struct private_key key;
	struct reason why;

	if (key.public_key.fingerprint[0] == '\0') {
		memcpy(key.seed, test_seed, KEY_SIZE);
		must(key_parse_public((const char *)test_public_key, KEY_SIZE,
				      &key.public_key, &why));
	}
	return &key;
}

/* A trust set of that key alone. */
static inline const struct trust *test_trust(void)
{
	static struct trust trust;

	if (trust.count == 0)
		trust_add(&trust, &test_key()->public_key);
	return &trust;
}

/* Appends the envelope of that key's signature over the SHA-256 of signed_bytes. */
static inline void put_test_envelope(struct buffer *out, const void *signed_bytes,
				     size_t count)
{
	unsigned char digest[HASH_SIZE];
	struct envelope envelope;

	hash_bytes(signed_bytes, count, digest);
	envelope_sign(&envelope, test_key(), digest);
	envelope_put(out, &envelope);
}

#endif
