#include "listing.h"

#include <stdlib.h>
#include <string.h>

void listing_set(struct listing *listing, const struct index_entry *entry)
{
	struct buffer text = {0};

	json_put_value(&text, &entry->json, 0);
	hash_bytes(text.data, text.length, listing->digest);
	buffer_clear(&text);
	index_entry_put_file_name(&text, entry);
	free(listing->file_name);
	/* A copy, for there may be many, and the buffer is much larger. */
	listing->file_name = copy_text(text.data, text.length);
	buffer_free(&text);
	memcpy(listing->name, entry->name, sizeof listing->name);
	memcpy(listing->hash, entry->hash, sizeof listing->hash);
}

void listing_free(struct listing *listing)
{
	free(listing->file_name);
	*listing = (struct listing){0};
}
