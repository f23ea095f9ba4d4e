/* Work on many items by several threads at a time, with results in the order of the
 * items: what comes out does not hang on the number of threads or on who is faster. */
#ifndef IN_TURN_H
#define IN_TURN_H

#include <stdbool.h>
#include <stddef.h>

#include "buffer.h"
#include "report.h"

/* What was found out about one item; in the order in which it was noted. */
struct outcome {
	size_t number;	      /* which item it is, the first being 1 */
	struct buffer output; /* data */
	struct outcome_message {
		bool is_error; /* else a warning */
		char *text;
	} * messages;
	size_t message_count;
};

/* Notes an error, or else a warning, that is printed when the item's turn comes. */
void outcome_note(struct outcome *outcome, bool is_error, const char *format, ...)
	PRINTF_LIKE(3, 4);

/* What is done with each item. All get the context given to in_turn. */
struct in_turn_steps {
	/* Puts the next item into the empty buffer. False when there are no more. Called
	 * by one thread at a time. */
	bool (*take)(void *context, struct buffer *item);
	/* Called by several threads at a time. */
	void (*work)(void *context, const struct buffer *item, struct outcome *outcome);
	/* Called by one thread at a time, in the order of the items, after the messages
	 * of the outcome were printed. */
	void (*give)(void *context, const struct outcome *outcome);
};

/* Runs until all items are through. jobs says how many threads; 0, one for each core that
 * this process may use. Messages are counted in *found. Memory: the items and outcomes of
 * a thousand items. */
void in_turn(const struct in_turn_steps *steps, void *context, unsigned jobs,
	     struct findings *found);

#endif
