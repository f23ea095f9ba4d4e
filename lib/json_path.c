#include "json_path.h"

#include <stdlib.h>
#include <string.h>

static bool ends_step(char byte)
{
	return byte == '\0' || byte == '.' || byte == '?';
}

static bool parse_key(const char **at, struct buffer *key, struct reason *why)
{
	for (; !ends_step(**at); ++*at) {
		if (**at == '*' || **at == '#')
			return refuse(why, "'%c' within a step wants a backslash", **at);
		if (**at == '\\' && *++*at == '\0')
			return refuse(why, "nothing behind the backslash");
		buffer_add_byte(key, **at);
	}
	return key->length > 0 || refuse(why, "an empty step");
}

/* Parses the step at *at, and moves *at behind it. */
static bool parse_step(const char **at, struct json_step *step, struct reason *why)
{
	struct buffer key = {0};

	if ((**at == '*' || **at == '#') && ends_step((*at)[1])) {
		step->kind = **at == '*' ? STEP_EACH : STEP_COUNT;
		step->key = NULL;
		++*at;
		return step->kind == STEP_EACH || **at != '.' ||
		       refuse(why, "a step behind '#'");
	}
	if (!parse_key(at, &key, why)) {
		buffer_free(&key);
		return false;
	}
	step->kind = STEP_KEY;
	step->key = key.data;
	return true;
}

static bool parse_steps(const char **at, struct json_path *path, struct reason *why)
{
	for (;;) {
		path->steps = grow_array(path->steps, path->count, sizeof *path->steps);
		if (!parse_step(at, &path->steps[path->count], why))
			return false;
		path->count++;
		if (**at != '.')
			return true;
		++*at;
	}
}

bool json_path_parse(struct json_path *path, const char *text, struct reason *why)
{
	const char *at = text;

	*path = (struct json_path){0};
	if (strcmp(text, ".") == 0)
		return true;
	if (parse_steps(&at, path, why)) {
		path->optional = *at == '?';
		if (!path->optional || at[1] == '\0')
			return true;
		refuse(why, "'?' before the end wants a backslash");
	}
	json_path_free(path);
	return false;
}

void json_path_free(struct json_path *path)
{
	for (size_t i = 0; i < path->count; i++)
		free(path->steps[i].key);
	free(path->steps);
	*path = (struct json_path){0};
}
