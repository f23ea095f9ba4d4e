#include "json_check.h"

#include "json.h"
#include "json_token.h"

struct scanner {
	struct json_cursor cursor;
	char closers[JSON_DEPTH]; /* of the containers that are open */
	size_t depth;
};

static void skip_space(struct json_cursor *cursor)
{
	char byte = json_peek(cursor);

	while (byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r') {
		cursor->at++;
		byte = json_peek(cursor);
	}
}

static bool scan_name(struct scanner *scanner)
{
	skip_space(&scanner->cursor);
	if (!json_token_string(&scanner->cursor))
		return false;
	skip_space(&scanner->cursor);
	if (json_peek(&scanner->cursor) != ':')
		return json_refuse(&scanner->cursor, "':' is wanted");
	scanner->cursor.at++;
	return true;
}

static bool in_object(const struct scanner *scanner)
{
	return scanner->depth > 0 && scanner->closers[scanner->depth - 1] == '}';
}

/* Enters the container at hand. *more is whether a value follows: not in an empty one. */
static bool open_container(struct scanner *scanner, bool *more)
{
	char closer = json_peek(&scanner->cursor) == '{' ? '}' : ']';

	if (scanner->depth == JSON_DEPTH)
		return json_refuse(&scanner->cursor, "nested deeper than 64 levels");
	scanner->closers[scanner->depth++] = closer;
	scanner->cursor.at++;
	skip_space(&scanner->cursor);
	*more = json_peek(&scanner->cursor) != closer;
	return !*more || !in_object(scanner) || scan_name(scanner);
}

/* Behind a value: leaves the containers that end here. *more is whether another value
 * follows in the one that is open then. */
static bool close_containers(struct scanner *scanner, bool *more)
{
	*more = false;
	while (scanner->depth > 0) {
		skip_space(&scanner->cursor);
		if (json_peek(&scanner->cursor) == ',') {
			scanner->cursor.at++;
			*more = true;
			return !in_object(scanner) || scan_name(scanner);
		}
		if (scanner->cursor.at == scanner->cursor.length)
			return json_refuse(&scanner->cursor, "cut short");
		if (json_peek(&scanner->cursor) != scanner->closers[scanner->depth - 1])
			return json_refuse(&scanner->cursor,
					   "',' or the end of the container is wanted");
		scanner->cursor.at++;
		scanner->depth--;
	}
	return true;
}

bool json_check(const char *text, size_t length, struct reason *why)
{
	struct scanner scanner = {.cursor = {text, length, 0, why}};
	bool more = true;

	while (more) {
		skip_space(&scanner.cursor);
		if (json_peek(&scanner.cursor) == '{' ||
		    json_peek(&scanner.cursor) == '[') {
			if (!open_container(&scanner, &more))
				return false;
			if (more)
				continue;
		} else if (!json_token_scalar(&scanner.cursor)) {
			return false;
		}
		if (!close_containers(&scanner, &more))
			return false;
	}
	skip_space(&scanner.cursor);
	if (scanner.cursor.at < scanner.cursor.length)
		return json_refuse(&scanner.cursor, "something behind the value");
	return true;
}
