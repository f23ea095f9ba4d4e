#include "hash_aside.h"

/* Below this many bytes it is not worth waking a thread up. */
enum { WORTH_A_THREAD = 192 * 1024 };

void hash_aside_start(struct hash_aside *aside)
{
	*aside = (struct hash_aside){0};
	hash_start(&aside->hash);
	pthread_mutex_init(&aside->lock, NULL);
	pthread_cond_init(&aside->changed, NULL);
}

static void *work(void *context)
{
	struct hash_aside *aside = context;

	pthread_mutex_lock(&aside->lock);
	for (;;) {
		while (aside->bytes == NULL && !aside->stops)
			pthread_cond_wait(&aside->changed, &aside->lock);
		if (aside->bytes == NULL)
			break;
		pthread_mutex_unlock(&aside->lock);
		hash_update(&aside->hash, aside->bytes, aside->count);
		pthread_mutex_lock(&aside->lock);
		aside->bytes = NULL;
		pthread_cond_signal(&aside->changed);
	}
	pthread_mutex_unlock(&aside->lock);
	return NULL;
}

void hash_aside_wait(struct hash_aside *aside)
{
	if (!aside->has_thread)
		return;
	pthread_mutex_lock(&aside->lock);
	while (aside->bytes != NULL)
		pthread_cond_wait(&aside->changed, &aside->lock);
	pthread_mutex_unlock(&aside->lock);
}

void hash_aside_stop(struct hash_aside *aside)
{
	hash_aside_wait(aside);
	if (aside->has_thread) {
		pthread_mutex_lock(&aside->lock);
		aside->stops = true;
		pthread_cond_signal(&aside->changed);
		pthread_mutex_unlock(&aside->lock);
		pthread_join(aside->thread, NULL);
	}
	pthread_mutex_destroy(&aside->lock);
	pthread_cond_destroy(&aside->changed);
}

void hash_aside_restart(struct hash_aside *aside)
{
	hash_aside_wait(aside);
	hash_start(&aside->hash);
}

static void hand_over(struct hash_aside *aside, const void *bytes, size_t count)
{
	pthread_mutex_lock(&aside->lock);
	aside->bytes = bytes;
	aside->count = count;
	pthread_cond_signal(&aside->changed);
	pthread_mutex_unlock(&aside->lock);
}

void hash_aside_update(struct hash_aside *aside, const void *bytes, size_t count)
{
	hash_aside_wait(aside);
	if (!aside->has_thread && count >= WORTH_A_THREAD)
		aside->has_thread =
			pthread_create(&aside->thread, NULL, work, aside) == 0;
	if (aside->has_thread && count >= WORTH_A_THREAD)
		hand_over(aside, bytes, count);
	else
		hash_update(&aside->hash, bytes, count);
}

void hash_aside_digest_hex(struct hash_aside *aside, char hex[HASH_HEX_SIZE + 1])
{
	hash_aside_wait(aside);
	hash_digest_hex(&aside->hash, hex);
}
