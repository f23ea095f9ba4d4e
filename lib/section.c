#include "section.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "duration.h"
#include "fields.h"
#include "table.h"
#include "unicode.h"

void section_check_keys(const struct section *section, const char *const *known)
{
	if (section->table != JSON_NONE)
		table_check_keys(section->json, section->table, known, section->where,
				 section->found);
}

void section_put_element(struct buffer *out)
{
	if (out->length > 0 && strchr("{[", out->data[out->length - 1]) == NULL)
		buffer_add_byte(out, ',');
}

void section_put_key(struct buffer *out, const char *key)
{
	section_put_element(out);
	json_put_text(out, key);
	buffer_add_byte(out, ':');
}

char *section_take_text(const struct section *section, const char *key)
{
	char *text = table_text(section->json, section->table, key, section->where,
				section->found);

	if (text == NULL || unicode_is_printable_text(text))
		return text;
	/* The text may be that of a key, where its file is wanted. */
	find_error(section->found, "%s: %s: holds what is no printable character",
		   section->where, key);
	free(text);
	return NULL;
}

bool section_has(const struct section *section, const char *key)
{
	return !field_is_absent(section->json,
				json_member(section->json, section->table, key));
}

char *section_take_required_text(const struct section *section, const char *key)
{
	if (!section_has(section, key))
		find_error(section->found, "%s: %s: missing or empty", section->where,
			   key);
	return section_take_text(section, key);
}

void section_put_text(const struct section *section, const char *key, const char *text)
{
	section_put_key(section->out, key);
	json_put_text(section->out, text != NULL ? text : "");
}

void section_text(const struct section *section, const char *key, section_check *check)
{
	char *text = section_take_text(section, key);
	struct reason why;

	if (text != NULL && check != NULL && !check(text, &why))
		find_error(section->found, "%s: %s: %s", section->where, key, why.text);
	section_put_text(section, key, text);
	free(text);
}

void section_required_text(const struct section *section, const char *key)
{
	char *text = section_take_required_text(section, key);

	section_put_text(section, key, text);
	free(text);
}

const char *section_choice(const struct section *section, const char *key,
			   const char *const *choices)
{
	char *text = section_take_text(section, key);
	const char *const *choice = choices;

	while (text != NULL && *choice != NULL && strcmp(text, *choice) != 0)
		choice++;
	if (*choice == NULL) {
		struct buffer list = {0};

		for (choice = choices; *choice != NULL; choice++)
			buffer_printf(&list, "%s%s", choice == choices ? "" : ", ",
				      *choice);
		find_error(section->found, "%s: %s: '%.200s' is none of %s",
			   section->where, key, text, list.data);
		buffer_free(&list);
		choice = choices;
	}
	section_put_text(section, key, *choice);
	free(text);
	return *choice;
}

void section_number(const struct section *section, const char *key, int64_t absent,
		    int64_t least, int64_t most)
{
	json_value value = json_member(section->json, section->table, key);
	int64_t number = absent;

	if (value != JSON_NONE && json_type(section->json, value) != JSON_NULL &&
	    (!json_unsigned(section->json, value, &number) || number < least ||
	     number > most))
		find_error(section->found,
			   "%s: %s: no integer from %" PRId64 " to %" PRId64,
			   section->where, key, least, most);
	section_put_key(section->out, key);
	buffer_printf(section->out, "%" PRId64, number);
}

static bool read_duration(const char *text, const char *least, int64_t *nanoseconds,
			  struct reason *why)
{
	int64_t least_nanoseconds;

	if (!duration_parse(least, &least_nanoseconds, why) ||
	    !duration_parse(text, nanoseconds, why))
		return false;
	return *nanoseconds >= least_nanoseconds ||
	       refuse(why, "'%.200s' is less than %s", text, least);
}

int64_t section_duration(const struct section *section, const char *key,
			 const char *absent, const char *least)
{
	char *text = absent != NULL ? section_take_text(section, key)
				    : section_take_required_text(section, key);
	int64_t nanoseconds = 0, seconds;
	struct reason why;

	if (text != NULL && !read_duration(text, least, &nanoseconds, &why))
		find_error(section->found, "%s: %s: %s", section->where, key, why.text);
	if (text == NULL && absent != NULL)
		duration_parse(absent, &nanoseconds, &why);
	seconds = nanoseconds / NANOSECONDS_A_SECOND +
		  (nanoseconds % NANOSECONDS_A_SECOND > 0);
	section_put_key(section->out, key);
	buffer_printf(section->out, "%" PRId64, seconds);
	free(text);
	return seconds;
}

void section_flag(const struct section *section, const char *key)
{
	bool flag = table_flag(section->json, section->table, key, section->where,
			       section->found);

	section_put_key(section->out, key);
	buffer_add_text(section->out, flag ? "true" : "false");
}
