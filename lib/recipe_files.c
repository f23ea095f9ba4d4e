#include "recipe_files.h"

#include <stdlib.h>
#include <string.h>

#include "glob.h"

/* Whether a component of a well-formed pattern keeps it from matching any path. */
static bool matches_no_component(const char *pattern, const char *component,
				 size_t length)
{
	if (component == pattern && length == 0)
		return true;
	/* Asterisks behind a double slash still match a directory, whose own slash is
	 * there to take the first. */
	if (length == 0)
		return component[strspn(component, "*/")] != '\0';
	return (length == 1 && component[0] == '.') ||
	       (length == 2 && memcmp(component, "..", 2) == 0);
}

/* Whether a well-formed pattern is certain to match no path of a staged tree: those are
 * relative and have no empty, "." or ".." component. From the first brace, class or
 * escape on a slash need not end a component, so what comes then is not looked at. */
static bool matches_nothing(const char *pattern)
{
	for (const char *at = pattern;; at++) {
		size_t length = strcspn(at, "/");

		if (strcspn(at, "{[\\") < length)
			return false;
		if (matches_no_component(pattern, at, length))
			return true;
		at += length;
		if (*at == '\0')
			return false;
	}
}

static void check_pattern(const struct json *json, json_value value, const char *where,
			  struct findings *found)
{
	struct reason why;
	size_t length;
	char *pattern;

	if (json_type(json, value) != JSON_STRING) {
		find_error(found, "%s: files: a pattern that is no string [§8.2]", where);
		return;
	}
	pattern = json_string(json, value, &length);
	if (strlen(pattern) != length)
		find_error(found, "%s: files: '%.200s': holds a NUL [§8.2]", where,
			   pattern);
	else if (!glob_check(pattern, &why))
		find_error(found, "%s: files: %s", where, why.text);
	else if (matches_nothing(pattern))
		find_error(found,
			   "%s: files: '%.200s' can match nothing: paths are relative, "
			   "without empty, '.' and '..' components [§8.2]",
			   where, pattern);
	free(pattern);
}

void recipe_check_files(const struct json *json, json_value files, const char *where,
			struct findings *found)
{
	if (files == JSON_NONE) {
		find_warning(found, "%s: no files: the package will be empty", where);
		return;
	}
	if (json_type(json, files) != JSON_ARRAY) {
		find_error(found, "%s: files: no array [§8.2]", where);
		return;
	}
	for (json_value pattern = json_first(json, files); pattern != JSON_NONE;
	     pattern = json_next(json, files, pattern))
		check_pattern(json, pattern, where, found);
}

size_t recipe_patterns_size(const struct json *json, json_value files)
{
	size_t size = 0;

	if (files == JSON_NONE || json_type(json, files) != JSON_ARRAY)
		return 0;
	for (json_value pattern = json_first(json, files); pattern != JSON_NONE;
	     pattern = json_next(json, files, pattern)) {
		size_t length;

		if (json_type(json, pattern) != JSON_STRING)
			continue;
		free(json_string(json, pattern, &length));
		size += length + 16;
	}
	return size;
}
