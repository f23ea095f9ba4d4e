/* What a path leads to. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json_path.h"

/* What a walk along a path takes with it. */
struct walk {
	const struct json *json;
	const struct json_path *path;
	struct buffer *out;
	char end;
	struct buffer trail; /* the steps taken, as messages show them */
	struct reason *why;
};

static bool refuse_here(const struct walk *walk, const char *text)
{
	return refuse(walk->why, "%s: %s",
		      walk->trail.length > 0 ? walk->trail.data : ".", text);
}

/* U+0000 to U+001F and U+007F to U+009F, in UTF-8. */
static bool has_control_character(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)text[i];

		if (byte < 0x20 || byte == 0x7F ||
		    (byte == 0xC2 && (unsigned char)text[i + 1] < 0xA0))
			return true;
	}
	return false;
}

static bool put_string(struct walk *walk, json_value value)
{
	size_t length;
	char *text = json_string(walk->json, value, &length);
	bool good = true;

	if (memchr(text, '\0', length) != NULL)
		good = refuse_here(walk, "holds a NUL");
	else if (walk->end != '\0' && has_control_character(text, length))
		good = refuse_here(walk, "holds a control character");
	else
		buffer_add(walk->out, text, length);
	free(text);
	return good;
}

static bool put_value(struct walk *walk, json_value value)
{
	if (value != JSON_NONE && json_type(walk->json, value) == JSON_STRING) {
		if (!put_string(walk, value))
			return false;
	} else if (value != JSON_NONE) {
		json_put_value(walk->out, walk->json, value);
	}
	buffer_add_byte(walk->out, walk->end);
	return true;
}

static json_value array_element(const struct json *json, json_value array,
				const char *index)
{
	json_value element = json_first(json, array);
	char *end;
	unsigned long long number = strtoull(index, &end, 10);

	if (*end != '\0' || strspn(index, "0123456789") != strlen(index) ||
	    (index[0] == '0' && index[1] != '\0') || number >= json_size(json, array))
		return JSON_NONE;
	for (; number > 0; number--)
		element = json_next(json, array, element);
	return element;
}

static json_value find_child(const struct json *json, json_value value, const char *key)
{
	if (value != JSON_NONE && json_type(json, value) == JSON_ARRAY)
		return array_element(json, value, key);
	return json_member(json, value, key);
}

static bool take_steps(struct walk *walk, size_t at, json_value value);

/* Goes on to a child that is known as label. */
static bool descend(struct walk *walk, size_t at, json_value child, const char *label)
{
	size_t trail_length = walk->trail.length;
	bool good;

	buffer_printf(&walk->trail, "%s%s", trail_length > 0 ? "." : "", label);
	if (child == JSON_NONE && !walk->path->optional)
		good = refuse_here(walk, "not there");
	else
		good = take_steps(walk, at, child);
	walk->trail.length = trail_length;
	walk->trail.data[trail_length] = '\0';
	return good;
}

static bool descend_each(struct walk *walk, size_t at, json_value value)
{
	const struct json *json = walk->json;
	bool is_object = json_type(json, value) == JSON_OBJECT, good = true;
	size_t index = 0;

	for (json_value child = json_first(json, value); good && child != JSON_NONE;
	     child = json_next(json, value, child)) {
		char number[24];
		char *name = is_object ? json_string(json, child, NULL) : NULL;

		snprintf(number, sizeof number, "%zu", index++);
		good = descend(walk, at, is_object ? child + 1 : child,
			       is_object ? name : number);
		free(name);
	}
	return good;
}

static bool is_container(const struct json *json, json_value value)
{
	return json_type(json, value) == JSON_OBJECT ||
	       json_type(json, value) == JSON_ARRAY;
}

static bool take_steps(struct walk *walk, size_t at, json_value value)
{
	const struct json *json = walk->json;
	const struct json_step *step;

	if (walk->path->optional && value != JSON_NONE &&
	    json_type(json, value) == JSON_NULL)
		value = JSON_NONE;
	if (at == walk->path->count)
		return put_value(walk, value);
	step = &walk->path->steps[at];
	if (step->kind == STEP_KEY)
		return descend(walk, at + 1, find_child(json, value, step->key),
			       step->key);
	if (value != JSON_NONE && !is_container(json, value))
		return refuse_here(walk, "neither an array nor an object");
	if (step->kind == STEP_EACH)
		return value == JSON_NONE || descend_each(walk, at + 1, value);
	buffer_printf(walk->out, "%zu%c", value != JSON_NONE ? json_size(json, value) : 0,
		      walk->end);
	return true;
}

bool json_path_put(struct buffer *out, const struct json *json,
		   const struct json_path *path, char end, struct reason *why)
{
	struct walk walk = {
		.json = json, .path = path, .out = out, .end = end, .why = why};
	bool good = take_steps(&walk, 0, 0);

	buffer_free(&walk.trail);
	return good;
}
