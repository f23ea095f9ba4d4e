#include "index.h"

#include <stdlib.h>
#include <string.h>

#include "input.h"
#include "json_check.h"
#include "json_scan.h"
#include "json_stream.h"
#include "json_text.h"

/* How many containers are open around the value of a member, and around an entry. */
enum { MEMBER_LEVELS = 1, ENTRY_LEVELS = 2 };

struct index {
	struct json_stream stream;
	enum { BEFORE_DOCUMENT, IN_MEMBERS, IN_PACKAGES, BEHIND_DOCUMENT } place;
	bool at_first_member, at_first_entry;
	size_t entry_count;   /* met so far */
	struct buffer value;  /* the last one that was read */
	struct buffer others; /* the members met so far, `packages` left empty */
	bool has_header;
	struct index_header header;
};

struct index *index_open(const char *path, struct reason *why)
{
	struct input *input = input_open(path, why);
	struct index *index;

	if (input == NULL)
		return NULL;
	index = allocate(1, sizeof *index);
	index->stream.input = input;
	index->stream.limit = INDEX_LIMIT;
	return index;
}

void index_close(struct index *index)
{
	input_close(index->stream.input);
	buffer_free(&index->value);
	buffer_free(&index->others);
	index_header_free(&index->header);
	free(index);
}

const char *index_name(const struct index *index)
{
	return input_name(index->stream.input);
}

size_t index_size(const struct index *index)
{
	return index->stream.before + index->stream.end;
}

/* Looks at the members met so far: none twice, and the header, if it is complete or has
 * to be. */
static bool check_members(struct index *index, bool at_end, struct reason *why)
{
	struct json json;
	bool good;

	buffer_add_byte(&index->others, '}');
	good = json_parse(&json, index->others.data, index->others.length, why);
	index->others.length--;
	if (!good)
		return false;
	if (!index->has_header && (at_end || index_header_is_complete(&json))) {
		good = index_header_parse(&index->header, &json, why);
		index->has_header = good;
		if (!good)
			index_header_free(&index->header);
	}
	if (good && json_member(&json, 0, "packages") == JSON_NONE)
		good = refuse(why, "packages: missing [§6.2.2]");
	json_free(&json);
	return good;
}

static bool enter_document(struct index *index, struct reason *why)
{
	if (!json_stream_take(&index->stream, '{', why))
		return false;
	buffer_add_byte(&index->others, '{');
	index->at_first_member = true;
	index->place = IN_MEMBERS;
	return true;
}

/* What is wrong with the members in front is told at the end: whoever checks an index
 * wants to know what is wrong with its entries, too. */
static bool enter_packages(struct index *index, struct reason *why)
{
	struct reason later;
	char first = '\0';

	if (!json_stream_peek(&index->stream, &first, why))
		return false;
	if (first != '[')
		return refuse(why, "packages: no array [§6.2.2]");
	json_stream_take(&index->stream, '[', why);
	buffer_add_text(&index->others, "[]");
	index->at_first_entry = true;
	index->place = IN_PACKAGES;
	(void)check_members(index, false, &later);
	return true;
}

/* Adds the value read last to `others`. */
static bool keep_value(struct index *index, struct reason *why)
{
	if (index->others.length + index->value.length > INDEX_ENTRY_LIMIT)
		return refuse(why, "members besides packages: over the limit of %d bytes",
			      INDEX_ENTRY_LIMIT);
	buffer_add(&index->others, index->value.data, index->value.length);
	return true;
}

static bool read_key(struct index *index, struct reason *why)
{
	char first = '\0';

	if (!json_stream_peek(&index->stream, &first, why))
		return false;
	if (first != '"')
		return json_stream_take(&index->stream, '"', why);
	if (index->others.length > 1)
		buffer_add_byte(&index->others, ',');
	if (!json_stream_value(&index->stream, MEMBER_LEVELS, INDEX_ENTRY_LIMIT,
			       &index->value, why) ||
	    !keep_value(index, why))
		return refuse_in(why, "a key");
	return json_stream_take(&index->stream, ':', why);
}

/* Whether a key, as it stands between its quotes, is `packages`. */
static bool is_packages(const char *key, size_t length)
{
	static const char packages[] = "packages";

	return json_text_compare(key, length, packages, strlen(packages)) == 0;
}

static bool read_member(struct index *index, struct reason *why)
{
	size_t key = index->others.length + (index->others.length > 1) + 1, key_length;

	if (!read_key(index, why))
		return false;
	key_length = index->others.length - key - 1;
	buffer_add_byte(&index->others, ':');
	if (is_packages(index->others.data + key, key_length))
		return enter_packages(index, why);
	if (json_stream_value(&index->stream, MEMBER_LEVELS, INDEX_ENTRY_LIMIT,
			      &index->value, why) &&
	    keep_value(index, why))
		return true;
	return refuse_in(why, "%.*s", (int)(key_length < 200 ? key_length : 200),
			 index->others.data + key);
}

/* Reads a member, or what ends the document. */
static bool go_through_members(struct index *index, struct reason *why)
{
	bool more;

	if (!json_stream_next(&index->stream, '}', &index->at_first_member, &more, why))
		return false;
	if (more)
		return read_member(index, why);
	index->place = BEHIND_DOCUMENT;
	return json_stream_finish(&index->stream, why) && check_members(index, true, why);
}

/* A line break stands between tokens only: strings hold none as it is. */
static void put_on_one_line(struct buffer *value)
{
	char *at = value->data, *end = value->data + value->length;

	while ((at = memchr(at, '\n', (size_t)(end - at))) != NULL)
		*at++ = ' ';
}

/* Reads an entry, or what ends `packages`. */
static bool read_entry(struct index *index, bool *found, struct reason *why)
{
	if (!json_stream_next(&index->stream, ']', &index->at_first_entry, found, why))
		return false;
	if (!*found) {
		index->place = IN_MEMBERS;
		return true;
	}
	index->entry_count++;
	if (!json_stream_value(&index->stream, ENTRY_LEVELS, INDEX_ENTRY_LIMIT,
			       &index->value, why))
		return refuse_in(why, "entry %zu", index->entry_count);
	if (index->value.data[0] != '{')
		return refuse(why, "entry %zu: no object [§6.2.2]", index->entry_count);
	put_on_one_line(&index->value);
	return true;
}

/* Takes the next step through the document. *found says whether it led over an entry. */
static bool step(struct index *index, bool *found, struct reason *why)
{
	*found = false;
	if (index->place == BEFORE_DOCUMENT)
		return enter_document(index, why);
	if (index->place == IN_PACKAGES)
		return read_entry(index, found, why);
	return go_through_members(index, why);
}

bool index_next(struct index *index, struct buffer **entry, struct reason *why)
{
	bool found = false;

	why->text[0] = '\0';
	*entry = &index->value;
	while (!found && index->place != BEHIND_DOCUMENT)
		if (!step(index, &found, why))
			return false;
	return found;
}

bool index_read_header(struct index *index, struct reason *why)
{
	bool found;

	while (!index->has_header)
		if (!step(index, &found, why))
			return false;
	return true;
}

const struct index_header *index_header(const struct index *index)
{
	return index->has_header ? &index->header : NULL;
}

bool index_check_entry(const char *text, size_t length, struct reason *why)
{
	struct json_scan scan = {0};
	size_t blanks = 0;

	while (blanks < length && memchr(" \t\r\n", text[blanks], 4) != NULL)
		blanks++;
	if (blanks == length || text[blanks] != '{')
		return refuse(why, "no object [§6.2.2]");
	json_scan(&scan, text + blanks, length - blanks);
	if (scan.deepest + ENTRY_LEVELS > JSON_DEPTH)
		return refuse(why, "nested deeper than %d levels in an index [§1.3]",
			      JSON_DEPTH);
	return json_check(text, length, why);
}
