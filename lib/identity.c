#include "identity.h"

#include <string.h>

#define LOWER_CASE "abcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"

/* How much of a bad name a message shows, so that the reason behind it has room. */
enum { SHOWN_MOST = 200 };

static bool consists_of(const char *text, const char *allowed)
{
	return text[strspn(text, allowed)] == '\0';
}

/* Whether byte, which may be the NUL, is one of a set. */
static bool is_one_of(char byte, const char *set)
{
	return byte != '\0' && strchr(set, byte) != NULL;
}

/* '+' is no separator, although §2.1.2's text has it so: libstdc++, which the section
 * itself gives as an example, could not be named. */
static bool has_double_separator(const char *name)
{
	for (const char *p = name; p[0] != '\0'; p++)
		if (is_one_of(p[0], "-.") && is_one_of(p[1], "-."))
			return true;
	return false;
}

/* What is wrong with a name, or null. */
static const char *name_fault(const char *name)
{
	size_t length = strlen(name);

	if (!consists_of(name, LOWER_CASE DIGITS "-.+"))
		return "only a-z, 0-9, '-', '.' and '+' are allowed";
	if (length < 2)
		return "shorter than 2 bytes";
	if (length > NAME_MOST)
		return "longer than 64 bytes";
	if (!is_one_of(name[0], LOWER_CASE DIGITS))
		return "the first byte has to be one of a-z and 0-9";
	if (!is_one_of(name[length - 1], LOWER_CASE DIGITS "+"))
		return "the last byte has to be one of a-z, 0-9 and '+'";
	if (has_double_separator(name))
		return "two of '-' and '.' side by side";
	return NULL;
}

bool identity_check_name(const char *name, struct reason *why)
{
	const char *fault = name_fault(name);

	if (fault != NULL)
		return refuse(why, "name '%.*s': %s [§2.1]", SHOWN_MOST, name, fault);
	return true;
}

/* What is wrong with an architecture, or null. */
static const char *architecture_fault(const char *architecture)
{
	if (!consists_of(architecture, LOWER_CASE DIGITS "_"))
		return "only a-z, 0-9 and '_' are allowed";
	if (!is_one_of(architecture[0], LOWER_CASE))
		return "the first byte has to be one of a-z";
	if (strlen(architecture) > ARCHITECTURE_MOST)
		return "longer than 16 bytes";
	return NULL;
}

bool identity_check_architecture(const char *architecture, struct reason *why)
{
	const char *fault = architecture_fault(architecture);

	if (fault != NULL)
		return refuse(why, "architecture '%.*s': %s [§2.3]", SHOWN_MOST,
			      architecture, fault);
	return true;
}

void identity_put_file_name(struct buffer *out, const char *name, const char *version,
			    const char *architecture)
{
	buffer_printf(out, "%s_%s_%s.peipkg", name, version, architecture);
}
