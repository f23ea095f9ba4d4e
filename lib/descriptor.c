#include "descriptor.h"

#include <stdlib.h>
#include <string.h>

#include "fields.h"
#include "json.h"
#include "name_set.h"
#include "timestamp.h"

static const char *const status_names[] = {
	[KEY_ACTIVE] = "active",
	[KEY_TRANSITIONING] = "transitioning",
	[KEY_REVOKED] = "revoked",
};

const char *key_status_name(enum key_status status)
{
	return status_names[status];
}

static bool take_status(struct descriptor_key *key, const struct json *json,
			struct reason *why)
{
	json_value status = json_member(json, key->element, "status");

	for (size_t i = 0; i < sizeof status_names / sizeof status_names[0]; i++) {
		if (json_equals(json, status, status_names[i])) {
			key->status = (enum key_status)i;
			return true;
		}
	}
	return refuse(why, "status: not active, transitioning or revoked [§6.1]");
}

static bool take_valid_until(struct descriptor_key *key, const struct json *json,
			     struct reason *why)
{
	char *text;
	bool good;

	if (!field_required_text(json, key->element, "valid_until", &text, why))
		return false;
	good = timestamp_parse(text, &key->valid_until, why) ||
	       refuse_in(why, "valid_until");
	free(text);
	return good;
}

static bool take_key(struct descriptor_key *key, const struct json *json,
		     struct name_set *seen, struct reason *why)
{
	if (!field_required_hash(json, key->element, "fingerprint", key->fingerprint,
				 why))
		return false;
	/* Two entries could give it two statuses. */
	if (!name_set_add(seen, key->fingerprint))
		return refuse(why, "%s: twice [§6.1]", key->fingerprint);
	if (!take_status(key, json, why))
		return false;
	/* On any other key a date has no meaning (§6.1.3). */
	return key->status != KEY_TRANSITIONING || take_valid_until(key, json, why);
}

static bool take_elements(struct descriptor *descriptor, json_value array,
			  struct reason *why)
{
	const struct json *json = &descriptor->document.json;
	struct name_set seen = {0};
	bool good = true;

	for (json_value element = json_first(json, array); good && element != JSON_NONE;
	     element = json_next(json, array, element)) {
		struct descriptor_key *key;

		descriptor->keys = grow_array(descriptor->keys, descriptor->key_count,
					      sizeof *descriptor->keys);
		key = &descriptor->keys[descriptor->key_count++];
		*key = (struct descriptor_key){.element = element};
		good = take_key(key, json, &seen, why);
	}
	name_set_free(&seen);
	return good;
}

static bool take_members(struct descriptor *descriptor, struct reason *why)
{
	const struct json *json = &descriptor->document.json;
	json_value repo = json_member(json, 0, "repo");
	json_value signing = json_member(json, repo, "signing");
	json_value keys = json_member(json, signing, "keys");

	if (!field_check_schema(json, 0, why))
		return false;
	if (!json_equals(json, json_member(json, signing, "algorithm"), "ed25519"))
		return refuse(why,
			      "repo.signing.algorithm: only ed25519 is known [§6.1]");
	if (keys == JSON_NONE || json_type(json, keys) != JSON_ARRAY)
		return refuse(why, "repo.signing.keys: missing or no array [§6.1]");
	if (!take_elements(descriptor, keys, why))
		return refuse_in(why, "repo.signing.keys");
	return field_required_text(json, repo, "name", &descriptor->name, why) ||
	       refuse_in(why, "repo");
}

bool descriptor_take(struct descriptor *descriptor, struct document *document,
		     const char *source, struct reason *why)
{
	*descriptor = (struct descriptor){.document = *document};
	descriptor->source = copy_text(source, strlen(source));
	if (take_members(descriptor, why))
		return true;
	descriptor_free(descriptor);
	return refuse_in(why, "%s", source);
}

bool descriptor_read(struct descriptor *descriptor, const char *path, struct reason *why)
{
	struct document document;

	return document_read(&document, path, DESCRIPTOR_LIMIT, why) &&
	       descriptor_take(descriptor, &document,
			       path != NULL ? path : "standard input", why);
}

void descriptor_free(struct descriptor *descriptor)
{
	document_free(&descriptor->document);
	free(descriptor->source);
	free(descriptor->name);
	free(descriptor->keys);
}

struct descriptor_key *descriptor_find(const struct descriptor *descriptor,
				       const char *fingerprint)
{
	for (size_t i = 0; i < descriptor->key_count; i++)
		if (strcmp(descriptor->keys[i].fingerprint, fingerprint) == 0)
			return &descriptor->keys[i];
	return NULL;
}
