#include "layout_library.h"

#include <string.h>

#include "path.h"

static bool is_noarch(const char *architecture)
{
	return strcmp(architecture, "noarch") == 0;
}

bool layout_is_triplet(const char *component, size_t length, const char *architecture)
{
	size_t name = strlen(architecture);

	return length == name + strlen("-linux-peios") &&
	       memcmp(component, architecture, name) == 0 &&
	       memcmp(component + name, "-linux-peios", length - name) == 0;
}

const char *layout_library_directory(const char *path, size_t *length)
{
	static const char prefix[] = "usr/lib/";

	if (strncmp(path, prefix, strlen(prefix)) != 0)
		return NULL;
	path += strlen(prefix);
	*length = strcspn(path, "/");
	return path;
}

static bool is_component(const char *component, size_t length, const char *name)
{
	return length == strlen(name) && memcmp(component, name, length) == 0;
}

static void check_usr_lib(const struct layout_subject *subject)
{
	size_t length;
	const char *component = layout_library_directory(subject->path, &length);

	if (!path_is_within(subject->path, "usr/lib"))
		return;
	if (is_noarch(subject->architecture)) {
		layout_wrong(subject, "noarch packages have nothing in usr/lib [§3.4.2]");
		return;
	}
	if (component == NULL)
		return;
	if (subject->type != ENTRY_DIRECTORY && component[length] == '\0') {
		layout_wrong(subject, "directly in usr/lib [§3.4.2]");
		return;
	}
	if (!layout_is_triplet(component, length, subject->architecture) &&
	    !is_component(component, length, "debug") &&
	    !is_component(component, length, "modules"))
		find_error(subject->found,
			   "%s: %s: not in usr/lib/%s-linux-peios [§3.4.2]",
			   subject->owner, subject->path, subject->architecture);
}

static bool is_library(const char *path)
{
	return path_has_extension(path, ".so") || path_ends_with(path, ".a");
}

/* A name alone does not tell one: .ko is the Korean translation of many a text. */
static void check_kernel_module(const struct layout_subject *subject)
{
	if (subject->type == ENTRY_FILE && path_has_extension(subject->path, ".ko") &&
	    !path_is_within(subject->path, "usr/lib") &&
	    !path_is_within(subject->path, "opt"))
		find_warning(subject->found,
			     "%s: %s: a kernel module outside usr/lib/modules/ and "
			     "usr/lib/<triplet>/? [§3.4.2]",
			     subject->owner, subject->path);
}

static void check_machine_code(const struct layout_subject *subject)
{
	size_t length;
	const char *component = layout_library_directory(subject->path, &length);

	if (subject->type == ENTRY_DIRECTORY)
		return;
	if (is_noarch(subject->architecture)) {
		if (is_library(subject->path) || path_has_extension(subject->path, ".ko"))
			layout_wrong(
				subject,
				"noarch packages have no libraries or modules [§3.4.2]");
		return;
	}
	if (subject->type != ENTRY_FILE || !is_library(subject->path) ||
	    path_is_within(subject->path, "opt"))
		return;
	/* Another place within usr/lib has been found already. */
	if (component == NULL || is_component(component, length, "modules"))
		layout_wrong(subject, "a library outside usr/lib/<triplet>/ [§3.4.2]");
}

void layout_check_libraries(const struct layout_subject *subject)
{
	check_usr_lib(subject);
	check_machine_code(subject);
	if (!is_noarch(subject->architecture))
		check_kernel_module(subject);
}

void layout_check_content(const char *owner, const char *architecture, const char *path,
			  const void *start, size_t count, struct findings *found)
{
	if (is_noarch(architecture) && count >= 4 && memcmp(start, "\177ELF", 4) == 0)
		find_warning(found, "%s: %s: machine code in a noarch package [§3.4.2]",
			     owner, path);
}
