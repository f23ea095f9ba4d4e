#include "index_members.h"

#include <string.h>

#include "index.h"
#include "json_text.h"

/* How many containers are open around the value of a member. */
enum { MEMBER_LEVELS = 1 };

void index_members_start(struct index_members *members)
{
	*members = (struct index_members){0};
	buffer_add_byte(&members->text, '{');
}

/* Adds the value read last to `text`. */
static bool keep_value(struct index_members *members, struct reason *why)
{
	if (members->text.length + members->value.length > INDEX_ENTRY_LIMIT)
		return refuse(why, "members besides packages: over the limit of %d bytes",
			      INDEX_ENTRY_LIMIT);
	buffer_add(&members->text, members->value.data, members->value.length);
	return true;
}

static bool read_key(struct index_members *members, struct json_stream *stream,
		     struct reason *why)
{
	char first = '\0';

	if (!json_stream_peek(stream, &first, why))
		return false;
	if (first != '"')
		return json_stream_take(stream, '"', why);
	if (members->text.length > 1)
		buffer_add_byte(&members->text, ',');
	if (!json_stream_value(stream, MEMBER_LEVELS, INDEX_ENTRY_LIMIT, &members->value,
			       why) ||
	    !keep_value(members, why))
		return refuse_in(why, "a key");
	return json_stream_take(stream, ':', why);
}

/* Whether a key, as it stands between its quotes, is `packages`. */
static bool stands_for_packages(const char *key, size_t length)
{
	static const char packages[] = "packages";

	return json_text_compare(key, length, packages, strlen(packages)) == 0;
}

bool index_members_read(struct index_members *members, struct json_stream *stream,
			bool *is_packages, struct reason *why)
{
	size_t key = members->text.length + (members->text.length > 1) + 1, key_length;

	if (!read_key(members, stream, why))
		return false;
	key_length = members->text.length - key - 1;
	buffer_add_byte(&members->text, ':');
	*is_packages = stands_for_packages(members->text.data + key, key_length);
	if (*is_packages) {
		buffer_add_text(&members->text, "[]");
		return true;
	}
	if (json_stream_value(stream, MEMBER_LEVELS, INDEX_ENTRY_LIMIT, &members->value,
			      why) &&
	    keep_value(members, why))
		return true;
	return refuse_in(why, "%.*s", (int)(key_length < 200 ? key_length : 200),
			 members->text.data + key);
}

static bool parse(struct index_members *members, struct json *json, struct reason *why)
{
	bool good;

	buffer_add_byte(&members->text, '}');
	good = json_parse(json, members->text.data, members->text.length, why);
	members->text.length--;
	return good;
}

static bool check_packages(const struct json *json, struct reason *why)
{
	return json_member(json, 0, "packages") != JSON_NONE ||
	       refuse(why, "packages: missing [§6.2.2]");
}

bool index_members_check(struct index_members *members, bool at_end, struct reason *why)
{
	struct json json;
	bool good = true;

	if (!parse(members, &json, why))
		return false;
	if (!members->has_header && (at_end || index_header_is_complete(&json))) {
		good = index_header_parse(&members->header, &json, why);
		members->has_header = good;
		if (!good)
			index_header_free(&members->header);
	}
	good = good && check_packages(&json, why);
	members->has_faults = at_end && !good;
	json_free(&json);
	return good;
}

void index_members_report(struct index_members *members, const char *path,
			  struct findings *found)
{
	struct reason why;
	struct json json;

	if (!parse(members, &json, &why))
		return;
	index_header_report(&json, path, found);
	if (!check_packages(&json, &why))
		find_error(found, "%s: %s", path, why.text);
	json_free(&json);
}

void index_members_free(struct index_members *members)
{
	buffer_free(&members->text);
	buffer_free(&members->value);
	index_header_free(&members->header);
}
