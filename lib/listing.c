#include "listing.h"

#include <stdlib.h>
#include <string.h>

#include "fields.h"

/* What an optional member says, with a comma behind it: nothing if it is absent. */
static void put_value(struct buffer *out, const struct json *json, json_value value)
{
	if (!field_is_absent(json, value))
		json_put_value(out, json, value);
	buffer_add_byte(out, ',');
}

static void put_members(struct buffer *out, const struct json *json, json_value object,
			const char *const names[])
{
	buffer_add_byte(out, '{');
	for (; *names != NULL; names++)
		put_value(out, json, json_member(json, object, *names));
}

/* An optional array that is empty says no more than one that is absent; one that has to
 * be there does. */
static void put_relation(struct buffer *out, const struct json *json,
			 enum relation relation)
{
	static const char *const members[RELATION_COUNT][4] = {
		[RELATION_DEPENDENCIES] = {"name", "constraint", "arch"},
		[RELATION_OPTIONAL_DEPENDENCIES] = {"name", "constraint", "arch"},
		[RELATION_CONFLICTS] = {"name", "constraint", "arch"},
		[RELATION_PROVIDES] = {"name", "version"},
		[RELATION_REPLACES] = {"name", "constraint"},
	};
	json_value array = json_member(json, 0, relation_name(relation));

	if (array == JSON_NONE || json_type(json, array) != JSON_ARRAY) {
		put_value(out, json, array);
		return;
	}
	if (relation_is_required(relation))
		buffer_add_byte(out, '[');
	for (json_value element = json_first(json, array); element != JSON_NONE;
	     element = json_next(json, array, element))
		put_members(out, json, element, members[relation]);
	buffer_add_byte(out, ',');
}

static void put_side_effects(struct buffer *out, const struct json *json)
{
	json_value array = json_member(json, 0, "side_effects");

	if (array != JSON_NONE && json_type(json, array) == JSON_ARRAY &&
	    json_size(json, array) == 0)
		array = JSON_NONE;
	put_value(out, json, array);
}

static void put_build(struct buffer *out, const struct json *json)
{
	static const char *const members[] = {"timestamp", "farm_id", NULL};
	json_value build = json_member(json, 0, "build");

	if (!field_is_absent(json, build) && json_type(json, build) != JSON_OBJECT)
		put_value(out, json, build);
	else
		put_members(out, json, build, members);
}

/* What an entry says besides what the rest of a listing holds, in a form that hangs
 * neither on the order of members, nor on how an absent one is written, nor on any that
 * are not known (§1.3). What is wrong with a member shows in it. */
static void put_statements(struct buffer *out, const struct json *json)
{
	static const char *const members[] = {
		"description",	  "license", "homepage", "size_compressed",
		"size_installed", "url",     NULL,
	};

	put_members(out, json, 0, members);
	for (enum relation relation = 0; relation < RELATION_COUNT; relation++)
		put_relation(out, json, relation);
	put_side_effects(out, json);
	put_build(out, json);
}

void listing_set(struct listing *listing, const struct index_entry *entry)
{
	struct buffer text = {0};

	put_statements(&text, &entry->json);
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
