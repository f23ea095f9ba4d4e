#include "in_turn.h"

#include <pthread.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How far a thread may be ahead of the item whose turn it is. */
enum { WINDOW = 1024 };

struct slot {
	struct buffer item;
	struct outcome outcome;
	bool is_done;
};

struct turns {
	const struct in_turn_steps *steps;
	void *context;
	struct findings *found;
	pthread_mutex_t lock; /* of what follows */
	pthread_cond_t changed;
	struct slot slots[WINDOW]; /* of the items given..taken, modulo WINDOW */
	size_t taken;
	size_t given;
	bool ended; /* there are no more items to take */
};

void outcome_note(struct outcome *outcome, bool is_error, const char *format, ...)
{
	struct reason message;
	va_list values;

	va_start(values, format);
	vsnprintf(message.text, sizeof message.text, format, values);
	va_end(values);
	outcome->messages = grow_array(outcome->messages, outcome->message_count,
				       sizeof *outcome->messages);
	outcome->messages[outcome->message_count++] = (struct outcome_message){
		.is_error = is_error,
		.text = copy_text(message.text, strlen(message.text)),
	};
}

static void print_messages(struct outcome *outcome, struct findings *found)
{
	for (size_t i = 0; i < outcome->message_count; i++) {
		struct outcome_message *message = &outcome->messages[i];

		if (message->is_error)
			find_error(found, "%s", message->text);
		else
			find_warning(found, "%s", message->text);
		free(message->text);
	}
	free(outcome->messages);
	outcome->messages = NULL;
	outcome->message_count = 0;
}

/* Gives what is done, up to the first item that is not. */
static void give_done(struct turns *turns)
{
	struct slot *slot = &turns->slots[turns->given % WINDOW];

	while (turns->given < turns->taken && slot->is_done) {
		print_messages(&slot->outcome, turns->found);
		turns->steps->give(turns->context, &slot->outcome);
		buffer_clear(&slot->outcome.output);
		buffer_clear(&slot->item);
		slot->is_done = false;
		slot = &turns->slots[++turns->given % WINDOW];
	}
	pthread_cond_broadcast(&turns->changed);
}

/* The next item, or null when there are no more. */
static struct slot *take(struct turns *turns)
{
	struct slot *slot;

	while (!turns->ended && turns->taken - turns->given == WINDOW)
		pthread_cond_wait(&turns->changed, &turns->lock);
	if (turns->ended)
		return NULL;
	slot = &turns->slots[turns->taken % WINDOW];
	if (turns->steps->take(turns->context, &slot->item)) {
		slot->outcome.number = ++turns->taken;
		return slot;
	}
	turns->ended = true;
	pthread_cond_broadcast(&turns->changed);
	return NULL;
}

static void *run(void *context)
{
	struct turns *turns = context;
	struct slot *slot;

	pthread_mutex_lock(&turns->lock);
	while ((slot = take(turns)) != NULL) {
		pthread_mutex_unlock(&turns->lock);
		turns->steps->work(turns->context, &slot->item, &slot->outcome);
		pthread_mutex_lock(&turns->lock);
		slot->is_done = true;
		give_done(turns);
	}
	pthread_mutex_unlock(&turns->lock);
	return NULL;
}

static unsigned count_cores(void)
{
	cpu_set_t cores;

	if (sched_getaffinity(0, sizeof cores, &cores) != 0)
		return 1;
	return (unsigned)CPU_COUNT(&cores);
}

/* Runs in this thread and as many others as there can be up to jobs in all. */
static void run_all(struct turns *turns, unsigned jobs)
{
	pthread_t *others = allocate(jobs, sizeof *others);
	unsigned count = 0;

	while (count + 1 < jobs && pthread_create(&others[count], NULL, run, turns) == 0)
		count++;
	run(turns);
	while (count > 0)
		pthread_join(others[--count], NULL);
	free(others);
}

void in_turn(const struct in_turn_steps *steps, void *context, unsigned jobs,
	     struct findings *found)
{
	struct turns *turns = allocate(1, sizeof *turns);

	turns->steps = steps;
	turns->context = context;
	turns->found = found;
	pthread_mutex_init(&turns->lock, NULL);
	pthread_cond_init(&turns->changed, NULL);
	run_all(turns, jobs > 0 ? jobs : count_cores());
	for (size_t i = 0; i < WINDOW; i++) {
		buffer_free(&turns->slots[i].item);
		buffer_free(&turns->slots[i].outcome.output);
	}
	pthread_mutex_destroy(&turns->lock);
	pthread_cond_destroy(&turns->changed);
	free(turns);
}
