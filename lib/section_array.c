/* Arrays of tables. */
#include <stdio.h>
#include <stdlib.h>

#include "fields.h"
#include "section.h"
#include "table.h"

static void name_element(const struct section *element, const char *what, const char *key,
			 size_t number, char where[static 128])
{
	struct reason why;
	char *name;

	if (field_required_text(element->json, element->table, key, &name, &why))
		snprintf(where, 128, "%s '%.90s'", what, name);
	else
		snprintf(where, 128, "%s #%zu", what, number);
	free(name);
}

void section_each(const struct section *element, const char *array, const char *what,
		  const char *key, element_function *handle)
{
	const struct json *json = element->json;
	json_value tables = json_member(json, 0, array);
	struct name_set names = {0};
	size_t number = 1;

	if (tables == JSON_NONE)
		return;
	if (json_type(json, tables) != JSON_ARRAY) {
		find_error(element->found, "[[%s]]: no array of tables", array);
		return;
	}
	for (json_value table = json_first(json, tables); table != JSON_NONE;
	     table = json_next(json, tables, table)) {
		struct section current = *element;
		char where[128];

		current.table = table;
		current.where = where;
		name_element(&current, what, key, number++, where);
		if (table_check_type(json, table, where, current.found))
			handle(&current, &names);
	}
	name_set_free(&names);
}

char *section_take_name(const struct section *element, const char *key,
			struct name_set *names)
{
	char *name = section_take_required_text(element, key);

	if (name != NULL && !name_set_add(names, name))
		find_error(element->found, "%s: twice", element->where);
	return name;
}
