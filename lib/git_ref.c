#include "git_ref.h"

#include <string.h>

#include "utf8.h"

static bool is_object(const char *text)
{
	size_t digits = strspn(text, "0123456789abcdef");

	return text[digits] == '\0' &&
	       (digits == GIT_OBJECT_LEAST || digits == GIT_OBJECT_MOST);
}

bool git_ref_parse(struct git_ref *ref, struct buffer *line, struct reason *why)
{
	char *tab = line->length > 0 ? memchr(line->data, '\t', line->length) : NULL;

	if (tab == NULL || memchr(line->data, '\0', line->length) != NULL)
		return refuse(why, "no object and name with a tab between them");
	*tab = '\0';
	ref->object = line->data;
	ref->name = tab + 1;
	return is_object(ref->object) || refuse(why, "no object in front of the name");
}

/* name[0..length) up to a slash or the name's end. */
static bool check_component(const char *name, size_t length, struct reason *why)
{
	static const char lock[] = ".lock";
	const size_t lock_length = sizeof lock - 1;

	if (length == 0)
		return refuse(why, "an empty component");
	if (name[0] == '.')
		return refuse(why, "a component that starts with '.'");
	return length < lock_length ||
	       memcmp(name + length - lock_length, lock, lock_length) != 0 ||
	       refuse(why, "a component that ends in .lock");
}

static bool check_components(const char *name, struct reason *why)
{
	for (;;) {
		size_t length = strcspn(name, "/");

		if (!check_component(name, length, why))
			return false;
		if (name[length] == '\0')
			return true;
		name += length + 1;
	}
}

bool git_ref_check_tag(const char *name, struct reason *why)
{
	size_t length = strlen(name);

	if (length > GIT_TAG_MOST)
		return refuse(why, "over %d bytes", GIT_TAG_MOST);
	if (!utf8_valid(name, length))
		return refuse(why, "not UTF-8");
	for (const char *p = name; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7F)
			return refuse(why, "a control character");
	if (strpbrk(name, " ~^:?*[\\") != NULL)
		return refuse(why, "a blank or one of ~^:?*[\\");
	if (strstr(name, "..") != NULL || strstr(name, "@{") != NULL)
		return refuse(why, "'..' or '@{'");
	if (length > 0 && name[length - 1] == '.')
		return refuse(why, "'.' at its end");
	return check_components(name, why);
}
