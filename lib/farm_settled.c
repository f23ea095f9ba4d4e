#include "farm_settled.h"

#include <string.h>

/* In the order in which they stand in a configuration; of those without a name for people
 * another one says that they differ. */
static const struct {
	const char *section, *key, *name;
} settled[] = {
	{"manager", "id", "[manager]: id"},
	{"manager", "state_dir", "[manager]: state_dir"},
	{"http", "addr", "[http]: addr"},
	{"http", "host", NULL},
	{"http", "port", NULL},
};

static const char *find_value(const struct json *json, size_t i, size_t *length)
{
	json_value section = json_member(json, 0, settled[i].section);
	json_value value = JSON_NONE;

	if (section != JSON_NONE)
		value = json_member(json, section, settled[i].key);
	return value == JSON_NONE ? NULL : json_raw(json, value, length);
}

void farm_settled_put(struct buffer *out, const struct json *made,
		      const struct json *running, struct findings *found)
{
	size_t length, made_length, running_length;
	const char *at = json_raw(made, 0, &length);
	const char *end = at + length;

	for (size_t i = 0; i < sizeof settled / sizeof settled[0]; i++) {
		const char *new = find_value(made, i, &made_length);
		const char *old = find_value(running, i, &running_length);

		if (new == NULL || old == NULL ||
		    (made_length == running_length && memcmp(new, old, made_length) == 0))
			continue;
		buffer_add(out, at, (size_t)(new - at));
		buffer_add(out, old, running_length);
		at = new + made_length;
		if (settled[i].name != NULL)
			find_warning(found, "%s: stays %.*s until a restart",
				     settled[i].name, (int)running_length, old);
	}
	buffer_add(out, at, (size_t)(end - at));
}
