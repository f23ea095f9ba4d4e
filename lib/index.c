#include "index.h"

#include <stdlib.h>
#include <string.h>

#include "index_members.h"
#include "input.h"
#include "json_check.h"
#include "json_scan.h"
#include "json_stream.h"

/* How many containers are open around an entry. */
enum { ENTRY_LEVELS = 2 };

struct index {
	struct json_stream stream;
	enum { BEFORE_DOCUMENT, IN_MEMBERS, IN_PACKAGES, BEHIND_DOCUMENT } place;
	bool at_first_member, at_first_entry;
	size_t entry_count; /* met so far */
	struct buffer entry;
	struct index_members members;
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
	index_members_start(&index->members);
	return index;
}

void index_close(struct index *index)
{
	input_close(index->stream.input);
	buffer_free(&index->entry);
	index_members_free(&index->members);
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

static bool enter_document(struct index *index, struct reason *why)
{
	if (!json_stream_take(&index->stream, '{', why))
		return false;
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
	index->at_first_entry = true;
	index->place = IN_PACKAGES;
	(void)index_members_check(&index->members, false, &later);
	return true;
}

/* Reads a member, or what ends the document. */
static bool go_through_members(struct index *index, struct reason *why)
{
	bool more, is_packages;

	if (!json_stream_next(&index->stream, '}', &index->at_first_member, &more, why))
		return false;
	if (more)
		return index_members_read(&index->members, &index->stream, &is_packages,
					  why) &&
		       (!is_packages || enter_packages(index, why));
	index->place = BEHIND_DOCUMENT;
	return json_stream_finish(&index->stream, why) &&
	       index_members_check(&index->members, true, why);
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
			       &index->entry, why))
		return refuse_in(why, "entry %zu", index->entry_count);
	if (index->entry.data[0] != '{')
		return refuse(why, "entry %zu: no object [§6.2.2]", index->entry_count);
	put_on_one_line(&index->entry);
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
	*entry = &index->entry;
	while (!found && index->place != BEHIND_DOCUMENT)
		if (!step(index, &found, why))
			return false;
	return found;
}

void index_report(struct index *index, const char *path, const struct reason *why,
		  struct findings *found)
{
	if (index->members.has_faults)
		index_members_report(&index->members, path, found);
	else
		find_error(found, "%s: %s", path, why->text);
}

bool index_read_header(struct index *index, struct reason *why)
{
	bool found;

	while (!index->members.has_header)
		if (!step(index, &found, why))
			return false;
	return true;
}

const struct index_header *index_header(const struct index *index)
{
	return index->members.has_header ? &index->members.header : NULL;
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
