#include "descriptor.h"

#include <stdlib.h>
#include <string.h>

#include "descriptor_key.h"
#include "fields.h"
#include "json.h"
#include "name_set.h"

static void add_fault(struct descriptor *descriptor, const struct reason *why)
{
	descriptor->faults = grow_array(descriptor->faults, descriptor->fault_count,
					sizeof *descriptor->faults);
	descriptor->faults[descriptor->fault_count++] =
		copy_text(why->text, strlen(why->text));
}

static void add_key_fault(struct descriptor *descriptor, struct descriptor_key *key,
			  struct reason *why)
{
	if (key->fingerprint[0] != '\0')
		refuse_in(why, "%s", key->fingerprint);
	else
		refuse_in(why, "key %zu", descriptor->key_count);
	refuse_in(why, "%s: repo.signing.keys", descriptor->source);
	add_fault(descriptor, why);
	if (key->fault == NULL)
		key->fault = descriptor->faults[descriptor->fault_count - 1];
}

static void take_key(struct descriptor *descriptor, json_value element,
		     struct name_set *seen)
{
	const struct json *json = &descriptor->document.json;
	struct descriptor_key *key;
	struct reason why;

	descriptor->keys = grow_array(descriptor->keys, descriptor->key_count,
				      sizeof *descriptor->keys);
	key = &descriptor->keys[descriptor->key_count++];
	*key = (struct descriptor_key){.element = element};
	if (!descriptor_key_identify(key, json, seen, &why))
		add_key_fault(descriptor, key, &why);
	if (!descriptor_key_take_standing(key, json, &why))
		add_key_fault(descriptor, key, &why);
}

static json_value signing(const struct json *json)
{
	return json_member(json, json_member(json, 0, "repo"), "signing");
}

static bool check_schema(struct descriptor *descriptor, struct reason *why)
{
	return field_check_schema(&descriptor->document.json, 0, why);
}

static bool check_algorithm(struct descriptor *descriptor, struct reason *why)
{
	const struct json *json = &descriptor->document.json;

	return json_equals(json, json_member(json, signing(json), "algorithm"),
			   "ed25519") ||
	       refuse(why, "repo.signing.algorithm: only ed25519 is known [§6.1]");
}

static bool take_name(struct descriptor *descriptor, struct reason *why)
{
	const struct json *json = &descriptor->document.json;

	return field_required_text(json, json_member(json, 0, "repo"), "name",
				   &descriptor->name, why) ||
	       refuse_in(why, "repo");
}

static bool find_keys(struct descriptor *descriptor, struct reason *why)
{
	const struct json *json = &descriptor->document.json;
	json_value keys = json_member(json, signing(json), "keys");

	descriptor->has_keys = keys != JSON_NONE && json_type(json, keys) == JSON_ARRAY;
	return descriptor->has_keys ||
	       refuse(why, "repo.signing.keys: missing or no array [§6.1]");
}

/* Up to the first fault, unless it goes on. */
static void take_keys(struct descriptor *descriptor, bool goes_on)
{
	const struct json *json = &descriptor->document.json;
	json_value array = json_member(json, signing(json), "keys");
	struct name_set seen = {0};

	for (json_value element = json_first(json, array);
	     element != JSON_NONE && (goes_on || descriptor->fault_count == 0);
	     element = json_next(json, array, element))
		take_key(descriptor, element, &seen);
	name_set_free(&seen);
}

static void take(struct descriptor *descriptor, struct document *document,
		 const char *source, bool goes_on)
{
	static bool (*const parts[])(struct descriptor *, struct reason *) = {
		check_schema,
		check_algorithm,
		take_name,
		find_keys,
	};
	struct reason why;

	*descriptor = (struct descriptor){.document = *document};
	descriptor->source = copy_text(source, strlen(source));
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		if (parts[i](descriptor, &why))
			continue;
		refuse_in(&why, "%s", source);
		add_fault(descriptor, &why);
		if (!goes_on)
			return;
	}
	if (descriptor->has_keys)
		take_keys(descriptor, goes_on);
}

bool descriptor_take(struct descriptor *descriptor, struct document *document,
		     const char *source, struct reason *why)
{
	take(descriptor, document, source, false);
	if (descriptor->fault_count == 0)
		return true;
	refuse(why, "%s", descriptor->faults[0]);
	descriptor_free(descriptor);
	return false;
}

bool descriptor_read(struct descriptor *descriptor, const char *path, struct reason *why)
{
	struct document document;

	return document_read(&document, path, DESCRIPTOR_LIMIT, why) &&
	       descriptor_take(descriptor, &document,
			       path != NULL ? path : "standard input", why);
}

bool descriptor_survey(struct descriptor *descriptor, const char *path)
{
	struct document document;
	struct reason why;

	if (document_read(&document, path, DESCRIPTOR_LIMIT, &why)) {
		take(descriptor, &document, path, true);
		return true;
	}
	*descriptor = (struct descriptor){0};
	add_fault(descriptor, &why);
	return false;
}

void descriptor_free(struct descriptor *descriptor)
{
	document_free(&descriptor->document);
	free(descriptor->source);
	free(descriptor->name);
	free(descriptor->keys);
	for (size_t i = 0; i < descriptor->fault_count; i++)
		free(descriptor->faults[i]);
	free(descriptor->faults);
}

struct descriptor_key *descriptor_find(const struct descriptor *descriptor,
				       const char *fingerprint)
{
	for (size_t i = 0; i < descriptor->key_count; i++)
		if (strcmp(descriptor->keys[i].fingerprint, fingerprint) == 0)
			return &descriptor->keys[i];
	return NULL;
}
