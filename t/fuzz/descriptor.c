/* Descriptors. One that can be read comes out the same; what a change of its keys makes
 * of a good one can be read again. */
#include "descriptor.h"

#include "descriptor_edit.h"
#include "fuzz.h"

enum { VALID_UNTIL = 1772668800 }; /* 2026-03-05T00:00:00Z */

static bool read_text(struct descriptor *descriptor, const char *text, size_t length)
{
	struct document document = {0};
	struct reason why;

	buffer_add(&document.text, text, length);
	if (json_parse(&document.json, document.text.data, length, &why))
		return descriptor_take(descriptor, &document, "descriptor", &why);
	buffer_free(&document.text);
	return false;
}

/* White space in the array of keys may change. */
static void must_come_out(const struct descriptor *descriptor)
{
	struct buffer out = {0}, before = {0}, after = {0};
	struct reason why;
	struct json json;

	descriptor_put(&out, descriptor);
	must(json_parse(&json, out.data, out.length, &why));
	json_put_value(&after, &json, 0);
	json_put_value(&before, &descriptor->document.json, 0);
	must(before.length == after.length &&
	     memcmp(before.data, after.data, after.length) == 0);
	json_free(&json);
	buffer_free(&out);
	buffer_free(&before);
	buffer_free(&after);
}

static void change_keys(struct descriptor *descriptor)
{
	static const char added[] = "00000000000000000000000000000000"
				    "0000000000000000000000000000000f";
	struct reason why;

	(void)descriptor_add(descriptor, added, &why);
	(void)descriptor_phase_out(descriptor, descriptor->keys[0].fingerprint,
				   VALID_UNTIL, &why);
	(void)descriptor_remove(descriptor,
				descriptor->keys[descriptor->key_count / 2].fingerprint,
				&why);
	(void)descriptor_revoke(descriptor,
				descriptor->keys[descriptor->key_count - 1].fingerprint,
				&why);
}

static void must_be_readable(const struct descriptor *descriptor)
{
	struct descriptor again;
	struct buffer out = {0};

	descriptor_put(&out, descriptor);
	must(read_text(&again, out.data, out.length));
	must(strcmp(again.name, descriptor->name) == 0 &&
	     again.key_count == descriptor->key_count);
	for (size_t i = 0; i < again.key_count; i++) {
		const struct descriptor_key *key = &descriptor->keys[i];
		const struct descriptor_key *found =
			descriptor_find(&again, key->fingerprint);
		must(found != NULL && found->status == key->status);
	}
	descriptor_free(&again);
	buffer_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct findings found = {0};
	struct descriptor descriptor;

	if (!read_text(&descriptor, (const char *)data, size))
		return 0;
	descriptor_check(&descriptor, &found);
	must_come_out(&descriptor);
	if (found.errors == 0) {
		change_keys(&descriptor);
		must_be_readable(&descriptor);
	}
	descriptor_free(&descriptor);
	return 0;
}
