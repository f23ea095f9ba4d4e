#include "tag_pattern.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static const char *const group_names[] = {"major", "minor", "patch", "prerelease"};

enum { GROUPS = sizeof group_names / sizeof group_names[0], GROUPS_REQUIRED = 2 };

static pcre2_code *compile(const char *pattern, struct reason *why)
{
	static const uint32_t options =
		PCRE2_NEVER_UTF | PCRE2_NEVER_UCP | PCRE2_DOLLAR_ENDONLY;
	pcre2_compile_context *context = pcre2_compile_context_create(NULL);
	PCRE2_UCHAR message[256];
	PCRE2_SIZE offset;
	pcre2_code *code;
	int error;

	if (context == NULL)
		die("out of memory");
	pcre2_set_max_pattern_length(context, TAG_PATTERN_MOST);
	code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, options, &error,
			     &offset, context);
	pcre2_compile_context_free(context);
	if (code != NULL)
		return code;
	pcre2_get_error_message(error, message, sizeof message);
	refuse(why, "byte %zu: %s", offset + 1, (const char *)message);
	return NULL;
}

static uint32_t pattern_number(const pcre2_code *code, uint32_t what)
{
	uint32_t number;

	pcre2_pattern_info(code, what, &number);
	return number;
}

static bool take_name(const char *name, bool taken[GROUPS], struct reason *why)
{
	for (size_t i = 0; i < GROUPS; i++) {
		if (strcmp(name, group_names[i]) != 0)
			continue;
		if (taken[i])
			return refuse(why, "two groups named '%s'", name);
		taken[i] = true;
		return true;
	}
	return refuse(why,
		      "a group named '%s': only major, minor, patch and prerelease "
		      "are known",
		      name);
}

static bool check_names(const pcre2_code *code, struct reason *why)
{
	uint32_t count = pattern_number(code, PCRE2_INFO_NAMECOUNT);
	uint32_t entry_size = pattern_number(code, PCRE2_INFO_NAMEENTRYSIZE);
	bool taken[GROUPS] = {false};
	const char *entry;

	/* Each entry is the group's number, in two bytes, and its name. */
	pcre2_pattern_info(code, PCRE2_INFO_NAMETABLE, &entry);
	for (; count > 0; count--, entry += entry_size)
		if (!take_name(entry + 2, taken, why))
			return false;
	for (size_t i = 0; i < GROUPS_REQUIRED; i++)
		if (!taken[i])
			return refuse(why, "no group named '%s'", group_names[i]);
	return true;
}

static bool check_groups(const pcre2_code *code, struct reason *why)
{
	uint32_t groups = pattern_number(code, PCRE2_INFO_CAPTURECOUNT);
	uint32_t names = pattern_number(code, PCRE2_INFO_NAMECOUNT);

	if (names == 0)
		return groups == 1 || refuse(why,
					     "%u groups, where one for the version or "
					     "named ones are wanted",
					     groups);
	if (!check_names(code, why))
		return false;
	return names == groups ||
	       refuse(why, "groups with a name and groups without one");
}

pcre2_code *tag_pattern_compile(const char *pattern, struct reason *why)
{
	pcre2_code *code = compile(pattern, why);

	if (code == NULL || check_groups(code, why))
		return code;
	pcre2_code_free(code);
	return NULL;
}
