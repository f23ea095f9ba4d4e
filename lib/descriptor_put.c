/* A descriptor whose keys changed, written. */
#include "descriptor_edit.h"
#include "json.h"
#include "timestamp.h"

/* The value of a key's url; of one that has none, where its file goes. */
static void put_url(struct buffer *out, const struct json *json,
		    const struct descriptor_key *key)
{
	json_value url = json_member(json, key->element, "url");

	if (url == JSON_NONE)
		buffer_printf(out, "\"/keys/%s.pub\"", key->fingerprint);
	else
		json_put_value(out, json, url);
}

/* The members of an element besides those that descriptor_put writes itself. */
static void put_others(struct buffer *out, const struct json *json, json_value element)
{
	for (json_value name = json_first(json, element); name != JSON_NONE;
	     name = json_next(json, element, name)) {
		if (json_equals(json, name, "fingerprint") ||
		    json_equals(json, name, "url") || json_equals(json, name, "status") ||
		    json_equals(json, name, "valid_until"))
			continue;
		buffer_add_byte(out, ',');
		json_put_value(out, json, name);
		buffer_add_byte(out, ':');
		json_put_value(out, json, name + 1);
	}
}

static void put_changed_key(struct buffer *out, const struct json *json,
			    const struct descriptor_key *key)
{
	char valid_until[TIMESTAMP_SIZE + 1];

	buffer_printf(out, "{\"fingerprint\":\"%s\",\"url\":", key->fingerprint);
	put_url(out, json, key);
	buffer_printf(out, ",\"status\":\"%s\"", key_status_name(key->status));
	if (key->status == KEY_TRANSITIONING) {
		timestamp_format(key->valid_until, valid_until);
		buffer_printf(out, ",\"valid_until\":\"%s\"", valid_until);
	}
	if (key->element != JSON_NONE)
		put_others(out, json, key->element);
	buffer_add_byte(out, '}');
}

static void put_keys(struct buffer *out, const struct descriptor *descriptor)
{
	const struct json *json = &descriptor->document.json;

	buffer_add_byte(out, '[');
	for (size_t i = 0; i < descriptor->key_count; i++) {
		const struct descriptor_key *key = &descriptor->keys[i];
		size_t length;

		if (i > 0)
			buffer_add_byte(out, ',');
		if (key->is_changed) {
			put_changed_key(out, json, key);
		} else {
			const char *element = json_raw(json, key->element, &length);
			buffer_add(out, element, length);
		}
	}
	buffer_add_byte(out, ']');
}

void descriptor_put(struct buffer *out, const struct descriptor *descriptor)
{
	const struct json *json = &descriptor->document.json;
	json_value signing = json_member(json, json_member(json, 0, "repo"), "signing");
	size_t length, keys_length;
	const char *start = json_raw(json, 0, &length), *end = start + length;
	const char *keys =
		json_raw(json, json_member(json, signing, "keys"), &keys_length);

	buffer_add(out, start, (size_t)(keys - start));
	put_keys(out, descriptor);
	keys += keys_length;
	buffer_add(out, keys, (size_t)(end - keys));
	buffer_add_byte(out, '\n');
}
