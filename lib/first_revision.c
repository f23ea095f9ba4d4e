#include "first_revision.h"

#include <string.h>

static bool is_same_upstream(const struct first_revision *state,
			     const struct index_entry *entry, size_t length)
{
	return strcmp(state->name, entry->name) == 0 &&
	       state->upstream.length == length &&
	       memcmp(state->upstream.data, entry->version, length) == 0;
}

void first_revision_next(struct first_revision *state, const struct index_entry *entry,
			 bool is_new)
{
	size_t length = (size_t)(strrchr(entry->version, '-') - entry->version);
	bool is_same = is_same_upstream(state, entry, length);

	if (is_same)
		buffer_clear(&state->suspect);
	first_revision_finish(state);
	memcpy(state->name, entry->name, sizeof state->name);
	buffer_clear(&state->upstream);
	buffer_add(&state->upstream, entry->version, length);
	if (is_new && !is_same && entry->parsed_version.revision != 1)
		index_entry_put_file_name(&state->suspect, entry);
}

void first_revision_finish(struct first_revision *state)
{
	if (state->suspect.length > 0)
		warn("%s: the first of its upstream version, and its revision is not 1 "
		     "[§2.2.4]",
		     state->suspect.data);
	buffer_clear(&state->suspect);
}

void first_revision_free(struct first_revision *state)
{
	buffer_free(&state->upstream);
	buffer_free(&state->suspect);
}
