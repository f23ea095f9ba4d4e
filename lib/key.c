#include "key.h"

#include <bearssl.h>
#include <gmp.h>
#include <nettle/eddsa.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "curve.h"
#include "key_file.h"
#include "key_parse.h"
#include "secret.h"

static void *allocate_number(size_t size)
{
	return allocate(size, 1);
}

static void free_number(void *number, size_t size)
{
	explicit_bzero(number, size);
	free(number);
}

static void *resize_number(void *number, size_t old_size, size_t size)
{
	void *resized = allocate(size, 1);

	memcpy(resized, number, old_size < size ? old_size : size);
	free_number(number, old_size);
	return resized;
}

/* nettle takes its memory for numbers from where gmp takes it. */
bool key_protect_process(struct reason *why)
{
	mp_set_memory_functions(allocate_number, resize_number, free_number);
	return secret_protect_process(why);
}

static void set_fingerprint(struct public_key *key)
{
	unsigned char digest[HASH_SIZE];

	hash_bytes(key->bytes, KEY_SIZE, digest);
	hex_encode(digest, HASH_SIZE, key->fingerprint);
}

static bool set_public(const unsigned char bytes[KEY_SIZE], struct public_key *key,
		       struct reason *why)
{
	if (!curve_check_point(bytes, why))
		return refuse_in(why, "holds no Ed25519 public key");
	memcpy(key->bytes, bytes, KEY_SIZE);
	set_fingerprint(key);
	return true;
}

static bool set_private(const struct parsed_key *parsed, struct private_key *key,
			struct reason *why)
{
	memcpy(key->seed, parsed->bytes, KEY_SIZE);
	ed25519_sha512_public_key(key->public_key.bytes, key->seed);
	secret_wipe_stack();
	if (parsed->has_public_half &&
	    memcmp(parsed->public_half, key->public_key.bytes, KEY_SIZE) != 0)
		return refuse(why, "holds a public key that is not the private one's");
	set_fingerprint(&key->public_key);
	return true;
}

static bool set_key(const struct parsed_key *parsed, struct private_key *key,
		    struct reason *why)
{
	if (parsed->kind == KEY_PUBLIC)
		return set_public(parsed->bytes, &key->public_key, why);
	return set_private(parsed, key, why);
}

static void warn_of_readers(const char *name, mode_t mode)
{
	if (S_ISREG(mode) && (mode & (S_IRGRP | S_IROTH)) != 0)
		warn("%s: readable by others (mode %04o)", name, mode & 07777U);
}

static bool read_key(const char *path, enum key_kind wanted, struct private_key *key,
		     struct reason *why)
{
	const char *name = path != NULL ? path : "standard input";
	struct parsed_key parsed;
	struct key_file file;
	bool done;

	*key = (struct private_key){0};
	done = key_file_read(path, &file, why) &&
	       key_parse(file.bytes, file.length, wanted, &parsed, why) &&
	       set_key(&parsed, key, why);
	if (done && parsed.kind == KEY_PRIVATE)
		warn_of_readers(name, file.mode);
	explicit_bzero(&file, sizeof file);
	explicit_bzero(&parsed, sizeof parsed);
	if (done)
		return true;
	key_wipe(key);
	return refuse_in(why, "%s", name);
}

bool key_read_private(const char *path, struct private_key *key, struct reason *why)
{
	secret_keep_in_memory(key, sizeof *key);
	return read_key(path, KEY_PRIVATE, key, why);
}

static bool read_public_half(const char *path, enum key_kind wanted,
			     struct public_key *key, struct reason *why)
{
	struct private_key whole;
	bool done = read_key(path, wanted, &whole, why);

	*key = whole.public_key;
	key_wipe(&whole);
	return done;
}

bool key_read_public(const char *path, struct public_key *key, struct reason *why)
{
	return read_public_half(path, KEY_PUBLIC, key, why);
}

bool key_read_public_half(const char *path, struct public_key *key, struct reason *why)
{
	return read_public_half(path, KEY_EITHER, key, why);
}

bool key_parse_public(const char *text, size_t length, struct public_key *key,
		      struct reason *why)
{
	struct parsed_key parsed;

	*key = (struct public_key){0};
	return key_parse(text, length, KEY_PUBLIC, &parsed, why) &&
	       set_public(parsed.bytes, key, why);
}

void key_sign(const struct private_key *key, const void *message, size_t count,
	      unsigned char signature[SIGNATURE_SIZE])
{
	ed25519_sha512_sign(key->public_key.bytes, key->seed, count, message, signature);
	secret_wipe_stack();
}

bool key_verify(const struct public_key *key, const void *message, size_t count,
		const unsigned char signature[SIGNATURE_SIZE])
{
	return ed25519_sha512_verify(key->bytes, count, message, signature) != 0;
}

void key_put_pem(struct buffer *out, const struct public_key *key)
{
	unsigned char der[KEY_PUBLIC_DER_SIZE];
	size_t length;

	key_put_der(der, key->bytes);
	length = br_pem_encode(NULL, NULL, sizeof der, "PUBLIC KEY", 0);
	br_pem_encode(buffer_reserve(out, length), der, sizeof der, "PUBLIC KEY", 0);
	out->length += length;
}

void key_wipe(struct private_key *key)
{
	explicit_bzero(key, sizeof *key);
}
