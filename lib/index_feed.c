#include "index_feed.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

/* There are two batches: while one is being used the other is being filled. Whoever has
 * a batch alone touches it, so that the lock is only needed to hand it over. */
enum { BATCHES = 2, RECORDS_MOST = 256 };

/* Bytes of memory that a record keeps for the next entry: most entries need less, and no
 * large one shall leave its memory to each of the records. */
enum { KEPT_MOST = 4096 };

struct batch {
	struct index_record *records;
	size_t count;
	bool is_full; /* and the user's; otherwise the thread's */
	bool is_last;
	struct reason why; /* of the last batch, what index_next said at the end */
};

struct index_feed {
	struct index *index;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t turned; /* some batch changed hands */
	struct batch batches[BATCHES];
	size_t batch, record; /* which ones are used next */
};

static void wait_for(struct index_feed *feed, struct batch *batch, bool is_full)
{
	pthread_mutex_lock(&feed->lock);
	while (batch->is_full != is_full)
		pthread_cond_wait(&feed->turned, &feed->lock);
	pthread_mutex_unlock(&feed->lock);
}

static void hand_over(struct index_feed *feed, struct batch *batch)
{
	pthread_mutex_lock(&feed->lock);
	batch->is_full = !batch->is_full;
	pthread_cond_signal(&feed->turned);
	pthread_mutex_unlock(&feed->lock);
}

/* What the thread allocated it frees itself: neither waits for the other's memory. */
static void empty(struct batch *batch)
{
	for (size_t i = 0; i < batch->count; i++) {
		struct index_record *record = &batch->records[i];

		if (record->is_good)
			index_entry_free(&record->entry);
		if (record->text.capacity > KEPT_MOST)
			buffer_free(&record->text);
	}
	batch->count = 0;
}

static void take_record(struct index_record *record, const struct buffer *text)
{
	struct reason ignored;

	buffer_clear(&record->text);
	buffer_add(&record->text, text->data, text->length);
	record->is_good = index_entry_parse_checked(&record->entry, record->text.data,
						    record->text.length, &ignored);
}

static void fill(struct batch *batch, struct index *index)
{
	struct buffer *text;
	size_t bytes = 0;

	while (batch->count < RECORDS_MOST && bytes < INDEX_FEED_BYTES) {
		if (!index_next(index, &text, &batch->why)) {
			batch->is_last = true;
			return;
		}
		bytes += text->length;
		take_record(&batch->records[batch->count++], text);
	}
}

static void *run(void *argument)
{
	struct index_feed *feed = argument;
	bool ended = false;

	for (size_t i = 0; !ended; i = (i + 1) % BATCHES) {
		struct batch *batch = &feed->batches[i];

		wait_for(feed, batch, false);
		empty(batch);
		fill(batch, feed->index);
		ended = batch->is_last;
		hand_over(feed, batch);
	}
	return NULL;
}

struct index_feed *index_feed_start(struct index *index)
{
	struct index_feed *feed = allocate(1, sizeof *feed);

	feed->index = index;
	for (size_t i = 0; i < BATCHES; i++)
		feed->batches[i].records =
			allocate(RECORDS_MOST, sizeof *feed->batches[i].records);
	pthread_mutex_init(&feed->lock, NULL);
	pthread_cond_init(&feed->turned, NULL);
	errno = pthread_create(&feed->thread, NULL, run, feed);
	if (errno != 0)
		die_errno("cannot start a thread");
	return feed;
}

const struct index_record *index_feed_next(struct index_feed *feed, struct reason *why)
{
	for (;;) {
		struct batch *batch = &feed->batches[feed->batch];

		wait_for(feed, batch, true);
		if (feed->record < batch->count)
			return &batch->records[feed->record++];
		if (batch->is_last) {
			*why = batch->why;
			return NULL;
		}
		feed->record = 0;
		feed->batch = (feed->batch + 1) % BATCHES;
		hand_over(feed, batch);
	}
}

static void free_batch(struct batch *batch)
{
	empty(batch);
	for (size_t i = 0; i < RECORDS_MOST; i++)
		buffer_free(&batch->records[i].text);
	free(batch->records);
}

void index_feed_end(struct index_feed *feed)
{
	pthread_join(feed->thread, NULL);
	for (size_t i = 0; i < BATCHES; i++)
		free_batch(&feed->batches[i]);
	pthread_cond_destroy(&feed->turned);
	pthread_mutex_destroy(&feed->lock);
	free(feed);
}
