/* An envelope that parses says the same when it is written again, member by member. */
#include "envelope.h"

#include "fuzz.h"
#include "json.h"

static void must_say_the_same(const char *text, size_t length,
			      const struct buffer *written)
{
	struct json json, again;
	struct reason why;

	must(json_parse(&json, text, length, &why));
	must(json_parse(&again, written->data, written->length, &why));
	must(json_size(&json, 0) == json_size(&again, 0));
	for (json_value name = json_first(&again, 0); name != JSON_NONE;
	     name = json_next(&again, 0, name)) {
		struct buffer before = {0}, after = {0};
		char *member = json_string(&again, name, NULL);
		json_value value = json_member(&json, 0, member);

		must(value != JSON_NONE);
		json_put_value(&before, &json, value);
		json_put_value(&after, &again, name + 1);
		must(before.length == after.length &&
		     memcmp(before.data, after.data, after.length) == 0);
		buffer_free(&before);
		buffer_free(&after);
		free(member);
	}
	json_free(&json);
	json_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct envelope envelope, again;
	struct buffer out = {0};
	struct reason why;

	if (!envelope_parse(&envelope, (const char *)data, size, &why))
		return 0;
	envelope_put(&out, &envelope);
	must(envelope_parse(&again, out.data, out.length, &why));
	must(strcmp(envelope.fingerprint, again.fingerprint) == 0 &&
	     memcmp(envelope.signature, again.signature, SIGNATURE_SIZE) == 0);
	must_say_the_same((const char *)data, size, &out);
	buffer_free(&out);
	return 0;
}
