#include "layout.h"

#include <stdlib.h>
#include <string.h>

#include "path.h"

static const char *const destinations[] = {
	"usr/bin", "usr/lib", "usr/share", "usr/include", "etc",
	"var",	   "opt",     "boot",	   "system",	  "usr/src/debug",
};

/* The entry at hand, and where to say what is wrong with it. */
struct subject {
	const char *owner;
	const char *architecture;
	enum entry_type type;
	const char *path;
	struct findings *found;
};

static void wrong(const struct subject *subject, const char *what)
{
	find_error(subject->found, "%s: %s: %s", subject->owner, subject->path, what);
}

static void unwise(const struct subject *subject, const char *what)
{
	find_warning(subject->found, "%s: %s: %s", subject->owner, subject->path, what);
}

static bool is_one_of(const char *path, const char *const list[], size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(path, list[i]) == 0)
			return true;
	return false;
}

#define IS_ONE_OF(path, list) is_one_of(path, list, sizeof(list) / sizeof(list)[0])

static bool is_destination_or_below(const char *path)
{
	for (size_t i = 0; i < sizeof destinations / sizeof destinations[0]; i++)
		if (path_is_within(path, destinations[i]))
			return true;
	return false;
}

static bool is_noarch(const char *architecture)
{
	return strcmp(architecture, "noarch") == 0;
}

static bool is_place(const struct subject *subject)
{
	static const char *const bare[] = {"usr", "usr/src", "dev", "proc",
					   "run", "sys",     "tmp"};

	if (subject->type == ENTRY_DIRECTORY)
		return is_destination_or_below(subject->path) ||
		       IS_ONE_OF(subject->path, bare);
	return is_destination_or_below(subject->path) &&
	       !IS_ONE_OF(subject->path, destinations);
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

static void check_usr_lib(const struct subject *subject)
{
	size_t length;
	const char *component = layout_library_directory(subject->path, &length);

	if (!path_is_within(subject->path, "usr/lib"))
		return;
	if (is_noarch(subject->architecture)) {
		wrong(subject, "noarch packages have nothing in usr/lib [§3.4.2]");
		return;
	}
	if (component == NULL)
		return;
	if (subject->type != ENTRY_DIRECTORY && component[length] == '\0') {
		wrong(subject, "directly in usr/lib [§3.4.2]");
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

static void check_machine_code(const struct subject *subject)
{
	size_t length;
	const char *component = layout_library_directory(subject->path, &length);

	if (subject->type == ENTRY_DIRECTORY)
		return;
	if (is_noarch(subject->architecture)) {
		if (is_library(subject->path) || path_has_extension(subject->path, ".ko"))
			wrong(subject,
			      "noarch packages have no libraries or modules [§3.4.2]");
		return;
	}
	if (subject->type != ENTRY_FILE || !is_library(subject->path) ||
	    path_is_within(subject->path, "opt"))
		return;
	/* Another place within usr/lib has been found already. */
	if (component == NULL || is_component(component, length, "modules"))
		wrong(subject, "a library outside usr/lib/<triplet>/ [§3.4.2]");
}

static bool is_drop_in(const char *path)
{
	static const char *const directories[] = {
		"etc/ld.so.conf.d", "etc/profile.d",	  "etc/sudoers.d",
		"etc/sysctl.d",	    "etc/modules-load.d", "etc/modprobe.d",
		"etc/binfmt.d",	    "etc/cron.d",	  "etc/cron.daily",
		"etc/cron.hourly",  "etc/cron.weekly",	  "etc/cron.monthly",
	};
	size_t directory = (size_t)(path_base(path) - path);

	for (size_t i = 0; i < sizeof directories / sizeof directories[0]; i++)
		if (directory == strlen(directories[i]) + 1 &&
		    path_is_within(path, directories[i]))
			return true;
	return false;
}

static void check_habits(const struct subject *subject)
{
	if (subject->type == ENTRY_FILE && path_is_within(subject->path, "boot") &&
	    !path_is_within(subject->path, "boot/initramfs") &&
	    strcmp(subject->path, "boot/cmdline") != 0)
		unwise(subject, "should be a link into usr/lib/<triplet>/ [§3.4.1]");
	if (subject->type == ENTRY_FILE && is_drop_in(subject->path))
		unwise(subject,
		       "a drop-in that is taken from official repositories only [§3.4]");
}

static void check_target(const struct subject *subject, const char *target)
{
	struct buffer resolved = {0};
	struct reason why;

	if (!path_check_target(target, &why)) {
		wrong(subject, why.text);
	} else if (!path_resolve_target(subject->path, target, &resolved)) {
		find_error(subject->found, "%s: %s -> %s: leaves the package [§3.4]",
			   subject->owner, subject->path, target);
	} else if (!is_destination_or_below(resolved.length > 0 ? resolved.data : "")) {
		find_error(
			subject->found,
			"%s: %s -> %s: points outside the permitted destinations [§3.4]",
			subject->owner, subject->path, target);
	}
	buffer_free(&resolved);
}

void layout_check(const char *owner, const char *architecture, enum entry_type type,
		  const char *path, const char *target, struct findings *found)
{
	struct subject subject = {owner, architecture, type, path, found};
	struct reason why;

	if (!path_check(path, &why)) {
		wrong(&subject, why.text);
		return;
	}
	if (!is_place(&subject)) {
		wrong(&subject, "not under a permitted destination [§3.4.1]");
	} else {
		check_usr_lib(&subject);
		check_machine_code(&subject);
		if (type != ENTRY_DIRECTORY && path_is_within(path, "var"))
			wrong(&subject, "var holds directories only [§3.4.4]");
		check_habits(&subject);
	}
	if (type == ENTRY_LINK)
		check_target(&subject, target);
}

void layout_check_content(const char *owner, const char *architecture, const char *path,
			  const void *start, size_t count, struct findings *found)
{
	if (is_noarch(architecture) && count >= 4 && memcmp(start, "\177ELF", 4) == 0)
		find_warning(found, "%s: %s: machine code in a noarch package [§3.4.2]",
			     owner, path);
}
