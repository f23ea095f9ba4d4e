#include "layout.h"

#include <string.h>

#include "layout_library.h"
#include "path.h"

static const char *const destinations[] = {
	"usr/bin", "usr/lib", "usr/share", "usr/include", "etc",
	"var",	   "opt",     "boot",	   "system",	  "usr/src/debug",
};

void layout_wrong(const struct layout_subject *subject, const char *what)
{
	find_error(subject->found, "%s: %s: %s", subject->owner, subject->path, what);
}

static void unwise(const struct layout_subject *subject, const char *what)
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

static bool is_place(const struct layout_subject *subject)
{
	static const char *const bare[] = {"usr", "usr/src", "dev", "proc",
					   "run", "sys",     "tmp"};

	if (subject->type == ENTRY_DIRECTORY)
		return is_destination_or_below(subject->path) ||
		       IS_ONE_OF(subject->path, bare);
	return is_destination_or_below(subject->path) &&
	       !IS_ONE_OF(subject->path, destinations);
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

static void check_habits(const struct layout_subject *subject)
{
	if (subject->type == ENTRY_FILE && path_is_within(subject->path, "boot") &&
	    !path_is_within(subject->path, "boot/initramfs") &&
	    strcmp(subject->path, "boot/cmdline") != 0)
		unwise(subject, "should be a link into usr/lib/<triplet>/ [§3.4.1]");
	if (subject->type == ENTRY_FILE && is_drop_in(subject->path))
		unwise(subject,
		       "a drop-in that is taken from official repositories only [§3.4]");
}

static void check_target(const struct layout_subject *subject, const char *target)
{
	struct buffer resolved = {0};
	struct reason why;

	if (!path_check_target(target, &why)) {
		layout_wrong(subject, why.text);
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
	struct layout_subject subject = {owner, architecture, type, path, found};
	struct reason why;

	if (!path_check(path, &why)) {
		layout_wrong(&subject, why.text);
		return;
	}
	if (!is_place(&subject)) {
		layout_wrong(&subject, "not under a permitted destination [§3.4.1]");
	} else {
		layout_check_libraries(&subject);
		if (type != ENTRY_DIRECTORY && path_is_within(path, "var"))
			layout_wrong(&subject, "var holds directories only [§3.4.4]");
		check_habits(&subject);
	}
	if (type == ENTRY_LINK)
		check_target(&subject, target);
}
