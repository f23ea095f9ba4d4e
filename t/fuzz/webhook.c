/* The body of a webhook, behind a first line with its signature. What is read of it are
 * at most four lines, all different and plain, and the same of its canonical form. */
#include "webhook.h"

#include "fuzz.h"
#include "json.h"

enum { LINES_MOST = 4 };

static const char secret[] = "It's a Secret to Everybody";

static void check_lines(const struct buffer *lines)
{
	const char *starts[LINES_MOST];
	size_t lengths[LINES_MOST], count = 0;

	for (size_t start = 0, at = 0; at < lines->length; at++) {
		if (lines->data[at] != '\n') {
			must((unsigned char)lines->data[at] >= 0x20);
			continue;
		}
		must(at > start && count < LINES_MOST);
		starts[count] = lines->data + start;
		lengths[count] = at - start;
		for (size_t i = 0; i < count; i++)
			must(lengths[i] != lengths[count] ||
			     memcmp(starts[i], starts[count], lengths[i]) != 0);
		count++;
		start = at + 1;
	}
	must(lines->length == 0 || lines->data[lines->length - 1] == '\n');
}

static void check_canonical(const char *body, size_t length, const struct buffer *lines)
{
	struct buffer text = {0}, again = {0};
	struct json json;
	struct reason why;

	must(json_parse(&json, body, length, &why));
	json_put_value(&text, &json, 0);
	json_free(&json);
	must(webhook_put_repositories(&again, text.data, text.length, &why));
	must(again.length == lines->length &&
	     (again.length == 0 || memcmp(again.data, lines->data, again.length) == 0));
	buffer_free(&text);
	buffer_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buffer lines = {0};
	const char *signature, *body;
	struct reason why;
	size_t length;
	char *text;

	two_texts(data, size, &text, &body);
	signature = text;
	length = *body != '\0' ? size - (size_t)(body - text) : 0;
	must(!webhook_check_signature(signature, secret, sizeof secret - 1, body, length,
				      &why));
	if (webhook_put_repositories(&lines, body, length, &why)) {
		check_lines(&lines);
		check_canonical(body, length, &lines);
	} else {
		must(lines.length == 0);
	}
	buffer_free(&lines);
	free(text);
	return 0;
}
