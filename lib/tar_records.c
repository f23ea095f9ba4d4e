#include "tar_records.h"

#include <string.h>

#include "tar.h"
#include "utf8.h"

static bool take_record(struct tar_records *records, const char *key, size_t key_length,
			const char *value, size_t length, struct reason *why)
{
	struct buffer *record = NULL;

	if (key_length == strlen("path") && memcmp(key, "path", key_length) == 0)
		record = &records->path;
	if (key_length == strlen("linkpath") && memcmp(key, "linkpath", key_length) == 0)
		record = &records->linkpath;
	if (record == NULL)
		return refuse(why, "record '%.*s' in an extended header [§3.1.4 #12]",
			      (int)key_length, key);
	if (record->length > 0)
		return refuse(why, "record '%.*s' twice [§3.1.4 #12]", (int)key_length,
			      key);
	if (memchr(value, '\0', length) != NULL)
		return refuse(why, "record '%.*s' holds a NUL [§3.2.6]", (int)key_length,
			      key);
	if (length <= TAR_NAME_SIZE && utf8_is_ascii(value, length))
		return refuse(why, "record '%.*s' that is not needed [§3.1.4 #12]",
			      (int)key_length, key);
	buffer_add(record, value, length);
	return true;
}

/* "LENGTH KEY=VALUE\n", the length in decimal and of the whole record. Returns it, or 0.
 */
static size_t parse_record(struct tar_records *records, const char *text, size_t left,
			   struct reason *why)
{
	const char *blank = memchr(text, ' ', left);
	const char *equals;
	size_t length = 0;

	for (const char *p = text; blank != NULL && p < blank; p++) {
		if (*p < (p == text ? '1' : '0') || *p > '9' || length > TAR_RECORDS_MOST)
			blank = NULL;
		else
			length = length * 10 + (size_t)(*p - '0');
	}
	if (blank == NULL || length > left || text + length <= blank + 1 ||
	    text[length - 1] != '\n')
		goto malformed;
	equals = memchr(blank, '=', (size_t)(text + length - blank));
	if (equals == NULL)
		goto malformed;
	if (!take_record(records, blank + 1, (size_t)(equals - blank - 1), equals + 1,
			 (size_t)(text + length - 1 - (equals + 1)), why))
		return 0;
	return length;
malformed:
	refuse(why, "malformed extended header [§3.1.4 #12]");
	return 0;
}

bool tar_records_parse(struct tar_records *records, const char *text, size_t length,
		       struct reason *why)
{
	for (size_t at = 0; at < length;) {
		size_t record = parse_record(records, text + at, length - at, why);
		if (record == 0)
			return false;
		at += record;
	}
	return true;
}

void tar_records_free(struct tar_records *records)
{
	buffer_free(&records->path);
	buffer_free(&records->linkpath);
}
