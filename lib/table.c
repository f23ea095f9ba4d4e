#include "table.h"

#include <stdlib.h>
#include <string.h>

#include "fields.h"

/* How much of an unknown key a message shows, so that what is behind it has room. */
enum { SHOWN_MOST = 200 };

/* The section that an error cites. */
static const char *cited(const struct findings *found)
{
	return found->is_of_farm ? "" : " [§8.2]";
}

bool table_check_type(const struct json *json, json_value value, const char *where,
		      struct findings *found)
{
	if (json_type(json, value) == JSON_OBJECT)
		return true;
	find_error(found, "%s: no table%s", where, cited(found));
	return false;
}

static bool is_known(const struct json *json, json_value key, const char *const *known)
{
	for (; *known != NULL; known++)
		if (json_equals(json, key, *known))
			return true;
	return false;
}

void table_check_keys(const struct json *json, json_value table, const char *const *known,
		      const char *where, struct findings *found)
{
	for (json_value key = json_first(json, table); key != JSON_NONE;
	     key = json_next(json, table, key)) {
		size_t length;
		const char *raw = json_raw(json, key, &length);

		if (!is_known(json, key, known))
			find_error(found, "%s: unknown key '%.*s'%s", where,
				   (int)(length < SHOWN_MOST ? length : SHOWN_MOST), raw,
				   cited(found));
	}
}

char *table_text(const struct json *json, json_value table, const char *key,
		 const char *where, struct findings *found)
{
	json_value value = json_member(json, table, key);
	size_t length;
	char *text;

	if (field_is_absent(json, value))
		return NULL;
	if (json_type(json, value) != JSON_STRING) {
		find_error(found, "%s: %s: no string%s", where, key, cited(found));
		return NULL;
	}
	text = json_string(json, value, &length);
	if (strlen(text) == length)
		return text;
	find_error(found, "%s: %s: holds a NUL%s", where, key, cited(found));
	free(text);
	return NULL;
}

char *table_required_text(const struct json *json, json_value table, const char *key,
			  const char *where, struct findings *found)
{
	if (field_is_absent(json, json_member(json, table, key)))
		find_error(found, "%s: %s: missing or empty%s", where, key, cited(found));
	return table_text(json, table, key, where, found);
}

bool table_flag(const struct json *json, json_value table, const char *key,
		const char *where, struct findings *found)
{
	json_value value = json_member(json, table, key);
	enum json_type type = value != JSON_NONE ? json_type(json, value) : JSON_NULL;

	if (type != JSON_TRUE && type != JSON_FALSE && type != JSON_NULL)
		find_error(found, "%s: %s: neither true nor false%s", where, key,
			   cited(found));
	return type == JSON_TRUE;
}
