#include "path.h"

#include <string.h>

#include "unicode.h"
#include "utf8.h"

static bool check_bytes(const char *path, struct reason *why)
{
	size_t length = strlen(path);

	if (length > PATH_MOST)
		return refuse(why, "longer than %d bytes [§3.2.7]", PATH_MOST);
	for (const char *p = path; *p != '\0'; p++) {
		if ((unsigned char)*p < 0x20 || *p == 0x7F)
			return refuse(why, "control character [§3.2.6]");
		if (*p == '\\')
			return refuse(why, "backslash [§3.2.6]");
	}
	return utf8_valid(path, length) || refuse(why, "not UTF-8 [§3.2.6]");
}

/* The component at *path; moves *path behind it and its slash, to null after the last. */
static size_t next_component(const char **path, const char **component)
{
	size_t length = strcspn(*path, "/");

	*component = *path;
	*path = (*path)[length] == '/' ? *path + length + 1 : NULL;
	return length;
}

static bool check_lengths(const char *path, struct reason *why)
{
	const char *component;

	for (size_t count = 1; path != NULL; count++) {
		if (next_component(&path, &component) > COMPONENT_MOST)
			return refuse(why, "component longer than %d bytes [§3.2.7]",
				      COMPONENT_MOST);
		if (count > COMPONENTS_MOST)
			return refuse(why, "more than %d components [§3.2.7]",
				      COMPONENTS_MOST);
	}
	return true;
}

/* To put the marks behind a letter in order takes a time that grows with the square of
 * their number: lengths are checked first. */
static bool check_text(const char *path, struct reason *why)
{
	if (!check_bytes(path, why) || !check_lengths(path, why))
		return false;
	return unicode_is_nfc(path, strlen(path)) ||
	       refuse(why, "not in Unicode normalization form C [§3.2.6]");
}

static bool is_dots(const char *component, size_t length)
{
	return (length == 1 && component[0] == '.') ||
	       (length == 2 && memcmp(component, "..", 2) == 0);
}

bool path_check_entry(const char *path, struct reason *why)
{
	const char *component;

	if (path[0] == '/')
		return refuse(why, "absolute path [§3.2.6]");
	if (!check_text(path, why))
		return false;
	while (path != NULL) {
		size_t length = next_component(&path, &component);
		if (length == 0)
			return refuse(why, "empty component [§3.2.6]");
		if (is_dots(component, length))
			return refuse(why, "'.' or '..' component [§3.2.6]");
	}
	return true;
}

bool path_check(const char *path, struct reason *why)
{
	if (path_is_within(path, ".peipkg"))
		return refuse(why, "reserved for metadata [§3.2.1]");
	return path_check_entry(path, why);
}

bool path_check_target(const char *target, struct reason *why)
{
	if (target[0] == '\0')
		return refuse(why, "empty link target [§3.4]");
	if (target[0] == '/')
		return refuse(why, "absolute link target [§3.4]");
	return check_text(target, why) || refuse_in(why, "link target");
}

bool path_is_within(const char *path, const char *directory)
{
	size_t length = strlen(directory);

	return strncmp(path, directory, length) == 0 &&
	       (path[length] == '/' || path[length] == '\0');
}

const char *path_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

bool path_ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), end_length = strlen(end);

	return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

bool path_has_extension(const char *path, const char *extension)
{
	const char *base = path_base(path);
	const char *found = strstr(base, extension);

	while (found != NULL && found[strlen(extension)] != '.')
		found = strstr(found + 1, extension);
	return found != NULL || path_ends_with(path, extension);
}

static void remove_last_component(struct buffer *path)
{
	while (path->length > 0 && path->data[path->length - 1] != '/')
		path->length--;
	if (path->length > 0)
		path->length--;
	path->data[path->length] = '\0';
}

bool path_resolve_target(const char *path, const char *target, struct buffer *resolved)
{
	size_t directory = (size_t)(path_base(path) - path);
	const char *component;

	buffer_clear(resolved);
	buffer_add(resolved, path, directory > 0 ? directory - 1 : 0);
	while (target != NULL) {
		size_t length = next_component(&target, &component);

		if (length == 0 || (length == 1 && component[0] == '.'))
			continue;
		if (length == 2 && memcmp(component, "..", 2) == 0) {
			if (resolved->length == 0)
				return false;
			remove_last_component(resolved);
			continue;
		}
		if (resolved->length > 0)
			buffer_add_byte(resolved, '/');
		buffer_add(resolved, component, length);
	}
	return true;
}
