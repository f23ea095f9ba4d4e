/* Not jsmn's strict mode: json_check is stricter than that, and it would want something
 * behind a number that is all of the text. */
#define JSMN_STATIC
#define JSMN_PARENT_LINKS
#include <jsmn.h>

#include "json.h"

#include <stdlib.h>
#include <string.h>

#include "json_check.h"
#include "json_text.h"

/* A name in an object, as it stands between its quotes. */
struct name {
	const char *text;
	size_t length;
};

static int compare_names(const void *a, const void *b)
{
	const struct name *left = a, *right = b;

	return json_text_compare(left->text, left->length, right->text, right->length);
}

static struct name take_name(const struct json *json, json_value value)
{
	struct name name;

	name.text = json_raw(json, value, &name.length);
	return name;
}

static bool refuse_twice(const struct name *name, struct reason *why)
{
	return refuse(why, "key '%.*s' twice in one object [§1.3]",
		      (int)(name->length < 200 ? name->length : 200), name->text);
}

/* For few names, none of which has an escape in it. */
static bool check_few(const struct name *names, size_t count, struct reason *why)
{
	for (size_t i = 1; i < count; i++)
		for (size_t j = 0; j < i; j++)
			if (names[i].length == names[j].length &&
			    memcmp(names[i].text, names[j].text, names[i].length) == 0)
				return refuse_twice(&names[i], why);
	return true;
}

static bool check_many(struct name *names, size_t count, struct reason *why)
{
	qsort(names, count, sizeof *names, compare_names);
	for (size_t i = 1; i < count; i++)
		if (compare_names(&names[i - 1], &names[i]) == 0)
			return refuse_twice(&names[i], why);
	return true;
}

static bool check_names(const struct json *json, json_value object, struct reason *why)
{
	enum { FEW = 32 };
	size_t count = json_size(json, object), filled = 0;
	struct name few[FEW], *names = few;
	bool unique;

	if (count < 2)
		return true;
	if (count > FEW)
		names = allocate(count, sizeof *names);
	for (json_value name = json_first(json, object); name != JSON_NONE;
	     name = json_next(json, object, name))
		names[filled++] = take_name(json, name);
	unique = count > FEW || json->has_escapes ? check_many(names, filled, why)
						  : check_few(names, filled, why);
	if (names != few)
		free(names);
	return unique;
}

static bool check_objects(const struct json *json, struct reason *why)
{
	for (json_value value = 0; value < json->count; value++)
		if (json->tokens[value].type == JSMN_OBJECT &&
		    !check_names(json, value, why))
			return false;
	return true;
}

/* Gives the parser room until the text fits; it goes on where the room ended. The guess
 * is close for what packages are described in. */
static bool tokenise(struct json *json, struct reason *why)
{
	size_t guess = json->length / 16 + 16;
	size_t room = guess < JSON_VALUES_MOST / 2 ? guess : JSON_VALUES_MOST / 2;
	jsmn_parser parser;

	jsmn_init(&parser);
	do {
		if (room >= JSON_VALUES_MOST)
			return refuse(why, "more than %d values", JSON_VALUES_MOST);
		room = 2 * room < JSON_VALUES_MOST ? 2 * room : JSON_VALUES_MOST;
		json->tokens = reallocarray(json->tokens, room, sizeof *json->tokens);
		if (json->tokens == NULL)
			die("out of memory");
		json->count = jsmn_parse(&parser, json->text, json->length, json->tokens,
					 (unsigned)room);
	} while (json->count == JSMN_ERROR_NOMEM);
	return json->count > 0 || refuse(why, "not JSON [§1.3]");
}

bool json_parse(struct json *json, const char *text, size_t length, struct reason *why)
{
	if (length >= 1 << 30)
		return refuse(why, "a document of %zu bytes", length);
	return json_check(text, length, why) &&
	       json_parse_checked(json, text, length, why);
}

bool json_parse_checked(struct json *json, const char *text, size_t length,
			struct reason *why)
{
	*json = (struct json){
		.text = text,
		.length = length,
		.has_escapes = memchr(text, '\\', length) != NULL,
	};
	if (tokenise(json, why) && check_objects(json, why))
		return true;
	json_free(json);
	return false;
}

void json_free(struct json *json)
{
	free(json->tokens);
	json->tokens = NULL;
	json->count = 0;
}
