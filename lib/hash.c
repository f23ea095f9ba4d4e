#include "hash.h"

#include <nettle/base16.h>
#include <string.h>

static const br_hash_class fast_engine;

static void fast_init(const br_hash_class **state)
{
	struct fast_hash *fast = (struct fast_hash *)state;

	fast->engine = &fast_engine;
	sha256_init(&fast->context);
}

static void fast_update(const br_hash_class **state, const void *bytes, size_t count)
{
	struct fast_hash *fast = (struct fast_hash *)state;

	sha256_update(&fast->context, count, bytes);
}

/* nettle's digest function starts the context anew, BearSSL's interface leaves it be. */
static void fast_out(const br_hash_class *const *state, void *digest)
{
	struct sha256_ctx copy = ((const struct fast_hash *)state)->context;

	sha256_digest(&copy, HASH_SIZE, digest);
}

static const br_hash_class fast_engine = {
	.context_size = sizeof(struct fast_hash),
	.desc = BR_HASHDESC_ID(br_sha256_ID) | BR_HASHDESC_OUT(HASH_SIZE),
	.init = fast_init,
	.update = fast_update,
	.out = fast_out,
};

static const br_hash_class *chosen_engine = &fast_engine;

bool hash_choose_engine(const char *name)
{
	if (strcmp(name, "portable") == 0)
		chosen_engine = &br_sha256_vtable;
	else if (strcmp(name, "fast") == 0)
		chosen_engine = &fast_engine;
	else
		return false;
	return true;
}

void hash_start(struct hash *hash)
{
	chosen_engine->init(&hash->state.engine);
}

void hash_update(struct hash *hash, const void *bytes, size_t count)
{
	hash->state.engine->update(&hash->state.engine, bytes, count);
}

void hash_digest(const struct hash *hash, unsigned char digest[HASH_SIZE])
{
	hash->state.engine->out(&hash->state.engine, digest);
}

void hash_digest_hex(const struct hash *hash, char hex[HASH_HEX_SIZE + 1])
{
	unsigned char digest[HASH_SIZE];

	hash_digest(hash, digest);
	hex_encode(digest, HASH_SIZE, hex);
}

void hash_bytes(const void *bytes, size_t count, unsigned char digest[HASH_SIZE])
{
	struct hash hash;

	hash_start(&hash);
	hash_update(&hash, bytes, count);
	hash_digest(&hash, digest);
}

void hex_encode(const unsigned char *bytes, size_t count, char *out)
{
	base16_encode_update(out, count, bytes);
	out[BASE16_ENCODE_LENGTH(count)] = '\0';
}

bool hash_is_hex(const char *text)
{
	return strspn(text, "0123456789abcdef") == HASH_HEX_SIZE &&
	       text[HASH_HEX_SIZE] == '\0';
}
