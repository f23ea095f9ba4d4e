#include "descriptor_edit.h"

#include <string.h>

#include "json.h"

static void put_start(struct buffer *out, const char *name, const char *description)
{
	buffer_add_text(out, "{\"schema_version\":1,\"repo\":{\"name\":");
	json_put_text(out, name);
	buffer_add_text(out, ",\"description\":");
	json_put_text(out, description);
	buffer_add_text(out, ",\"signing\":{\"algorithm\":\"ed25519\",\"keys\":[]}},"
			     "\"indexes\":{\"active\":{\"url\":\"/index/active.json\","
			     "\"signature_url\":\"/index/active.json.sig\"},"
			     "\"archive\":{\"url\":\"/index/archive.json\","
			     "\"signature_url\":\"/index/archive.json.sig\"}}}\n");
}

bool descriptor_start(struct descriptor *descriptor, const char *name,
		      const char *description, struct reason *why)
{
	static const char source[] = "new descriptor";
	struct document document = {0};

	put_start(&document.text, name, description);
	if (json_parse(&document.json, document.text.data, document.text.length, why))
		return descriptor_take(descriptor, &document, source, why);
	buffer_free(&document.text);
	return refuse_in(why, "%s", source);
}

bool descriptor_add(struct descriptor *descriptor, const char *fingerprint,
		    struct reason *why)
{
	const struct descriptor_key *listed = descriptor_find(descriptor, fingerprint);
	struct descriptor_key *keys;
	size_t at = descriptor->key_count;

	if (listed != NULL)
		return refuse(why, "%s: listed already, as %s [§6.1.3]", fingerprint,
			      key_status_name(listed->status));
	keys = grow_array(descriptor->keys, descriptor->key_count, sizeof *keys);
	for (; at > 0 && strcmp(keys[at - 1].fingerprint, fingerprint) > 0; at--)
		keys[at] = keys[at - 1];
	keys[at] = (struct descriptor_key){.element = JSON_NONE, .is_changed = true};
	memcpy(keys[at].fingerprint, fingerprint, sizeof keys[at].fingerprint);
	descriptor->keys = keys;
	descriptor->key_count++;
	return true;
}

static bool is_only_active(const struct descriptor *descriptor,
			   const struct descriptor_key *key)
{
	for (size_t i = 0; i < descriptor->key_count; i++)
		if (descriptor->keys[i].status == KEY_ACTIVE &&
		    &descriptor->keys[i] != key)
			return false;
	return key->status == KEY_ACTIVE;
}

/* The key that is to lose its status; null with a reason when it has to stay what it is.
 */
static struct descriptor_key *find_replaceable(const struct descriptor *descriptor,
					       const char *fingerprint,
					       struct reason *why)
{
	struct descriptor_key *key = descriptor_find(descriptor, fingerprint);

	if (key == NULL)
		refuse(why, "%s: not listed", fingerprint);
	else if (key->status == KEY_REVOKED)
		refuse(why, "%s: revoked, and has to stay listed so [§6.1.4]",
		       fingerprint);
	else if (is_only_active(descriptor, key))
		refuse(why,
		       "%s: the only active key, another has to be added first "
		       "[§6.1.3]",
		       fingerprint);
	else
		return key;
	return NULL;
}

bool descriptor_phase_out(struct descriptor *descriptor, const char *fingerprint,
			  int64_t valid_until, struct reason *why)
{
	struct descriptor_key *key = find_replaceable(descriptor, fingerprint, why);

	if (key == NULL)
		return false;
	key->status = KEY_TRANSITIONING;
	key->valid_until = valid_until;
	key->is_changed = true;
	return true;
}

bool descriptor_revoke(struct descriptor *descriptor, const char *fingerprint,
		       struct reason *why)
{
	struct descriptor_key *key = find_replaceable(descriptor, fingerprint, why);

	if (key == NULL)
		return false;
	key->status = KEY_REVOKED;
	key->is_changed = true;
	return true;
}

bool descriptor_remove(struct descriptor *descriptor, const char *fingerprint,
		       struct reason *why)
{
	struct descriptor_key *key = find_replaceable(descriptor, fingerprint, why);
	const struct descriptor_key *end = descriptor->keys + descriptor->key_count;

	if (key == NULL)
		return false;
	memmove(key, key + 1, (size_t)(end - (key + 1)) * sizeof *key);
	descriptor->key_count--;
	return true;
}
