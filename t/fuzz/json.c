/* Whatever parses comes out canonical, and canonical text comes out as it is. */
#include "json.h"

#include "fuzz.h"

static void put(struct buffer *out, const char *text, size_t length)
{
	struct json json;
	struct reason why;

	must(json_parse(&json, text, length, &why));
	json_put_value(out, &json, 0);
	json_free(&json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buffer once = {0}, twice = {0};
	struct reason why;
	struct json json;

	if (!json_parse(&json, (const char *)data, size, &why))
		return 0;
	json_free(&json);
	put(&once, (const char *)data, size);
	put(&twice, once.data, once.length);
	must(once.length == twice.length &&
	     memcmp(once.data, twice.data, once.length) == 0);
	buffer_free(&once);
	buffer_free(&twice);
	return 0;
}
