/* A running SHA-256 that another thread works on while the caller goes on: on two cores a
 * large package is decoded and hashed at the same time. Small pieces are hashed at once,
 * without a thread. */
#ifndef HASH_ASIDE_H
#define HASH_ASIDE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "hash.h"

struct hash_aside {
	struct hash hash;
	pthread_t thread;
	bool has_thread;
	pthread_mutex_t lock; /* of what follows */
	pthread_cond_t changed;
	const void *bytes; /* what the thread has to hash, null when it is done */
	size_t count;
	bool stops;
};

/* Pairs with hash_aside_stop, which ends the thread, if there was need of one. */
void hash_aside_start(struct hash_aside *aside);
void hash_aside_stop(struct hash_aside *aside);

/* Begins a new hash. */
void hash_aside_restart(struct hash_aside *aside);

/* Hashes bytes[0..count), which have to stay as they are until the next call of any of
 * these functions returns. */
void hash_aside_update(struct hash_aside *aside, const void *bytes, size_t count);

/* Waits until all bytes so far are hashed, and may be overwritten. */
void hash_aside_wait(struct hash_aside *aside);

/* As hash_digest_hex. */
void hash_aside_digest_hex(struct hash_aside *aside, char hex[HASH_HEX_SIZE + 1]);

#endif
