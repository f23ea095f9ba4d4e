/* fs-commit: temporary names -> final names, synced, all of them or none. */
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <sys/stat.h>

#include "buffer.h"
#include "cli.h"
#include "places.h"
#include "renaming.h"
#include "report.h"

static const char usage[] = "usage: fs-commit TEMPORARY FINAL [TEMPORARY FINAL]...\n"
			    "       fs-commit -x A B\n";

static struct {
	struct renaming *renamings;
	size_t count;
	struct places places;
} plan;

/* The status of a file or directory that is to be renamed; anything else is refused. */
static struct stat check_source(const char *path)
{
	struct stat status;

	if (lstat(path, &status) != 0)
		die_errno("%s", path);
	if (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode))
		die("%s: neither a regular file nor a directory", path);
	return status;
}

static bool is_empty_directory(const char *path)
{
	DIR *stream = opendir(path);
	size_t count = 0;

	if (stream == NULL)
		die_errno("%s", path);
	while (readdir(stream) != NULL)
		count++;
	closedir(stream);
	return count <= 2; /* "." and ".." */
}

/* Whether there is something at the final name, which the temporary may replace. */
static bool check_final(const char *path, bool temporary_is_directory)
{
	struct stat status;

	if (lstat(path, &status) != 0) {
		if (errno != ENOENT)
			die_errno("%s", path);
		return false;
	}
	if (S_ISDIR(status.st_mode) && !temporary_is_directory)
		die("%s: a directory, where a file is to be put", path);
	if (!S_ISDIR(status.st_mode) && temporary_is_directory)
		die("%s: no directory, where one is to be put", path);
	if (S_ISDIR(status.st_mode) && !is_empty_directory(path))
		die("%s: a directory that is not empty (-x exchanges it)", path);
	if (!S_ISDIR(status.st_mode) && !S_ISREG(status.st_mode) &&
	    !S_ISLNK(status.st_mode))
		die("%s: neither a regular file nor a link", path);
	return true;
}

static void note_name(const char *path, struct stat *directory)
{
	struct reason why;

	if (!places_add(&plan.places, path, directory, &why))
		die("%s", why.text);
}

static void check(struct renaming *renaming)
{
	struct stat directory, source = check_source(renaming->temporary);

	note_name(renaming->temporary, &directory);
	note_name(renaming->final, &directory);
	if (source.st_dev != directory.st_dev)
		die("%s: on another file system than %s", renaming->temporary,
		    renaming->final);
	if (renaming->exchange_only) {
		check_source(renaming->final);
		renaming->final_exists = true;
	} else {
		renaming->final_exists =
			check_final(renaming->final, S_ISDIR(source.st_mode));
	}
}

/* Whether a step that every renaming takes went well; says why not otherwise. */
static bool went_well(bool good, const struct reason *why)
{
	if (!good)
		report("%s", why->text);
	return good;
}

static void sync_sources(void)
{
	struct reason why;

	for (size_t i = 0; i < plan.count; i++) {
		const struct renaming *renaming = &plan.renamings[i];

		if (!renaming_sync(renaming->temporary, &why) ||
		    (renaming->exchange_only && !renaming_sync(renaming->final, &why)))
			die("%s", why.text);
	}
}

static bool sync_directories(void)
{
	struct reason why;

	for (size_t i = 0; i < plan.places.directory_count; i++)
		if (!went_well(renaming_sync(plan.places.directories[i].path, &why),
			       &why))
			return false;
	return true;
}

static bool rename_all(void)
{
	struct reason why;

	for (size_t i = 0; i < plan.count; i++)
		if (!went_well(renaming_do(&plan.renamings[i], &why), &why))
			return false;
	return true;
}

static void undo_all(void)
{
	struct reason why;

	for (size_t i = plan.count; i-- > 0;)
		if (!renaming_undo(&plan.renamings[i], &why))
			warn("%s", why.text);
	sync_directories();
}

static void finish_all(void)
{
	struct reason why;

	for (size_t i = 0; i < plan.count; i++)
		if (!plan.renamings[i].exchange_only &&
		    !renaming_finish(&plan.renamings[i], &why))
			warn("%s", why.text);
}

static bool commit(void)
{
	if (rename_all() && sync_directories()) {
		finish_all();
		return true;
	}
	undo_all();
	return false;
}

/* A termination signal comes when everything is new or everything is old again. */
static bool commit_undisturbed(void)
{
	sigset_t termination, before;
	bool committed;

	sigemptyset(&termination);
	sigaddset(&termination, SIGHUP);
	sigaddset(&termination, SIGINT);
	sigaddset(&termination, SIGTERM);
	sigprocmask(SIG_BLOCK, &termination, &before);
	committed = commit();
	sigprocmask(SIG_SETMASK, &before, NULL);
	return committed;
}

enum { STATUS_UNSUPPORTED = 3 };

static int status_of_failure(void)
{
	return plan.renamings[0].exchange_unsupported ? STATUS_UNSUPPORTED : 1;
}

int main(int argc, char *argv[])
{
	bool exchange_only = false;

	cli_start("fs-commit", usage);
	while (cli_option(argc, argv, "x") != -1)
		exchange_only = true;
	plan.count = (size_t)(argc - optind) / 2;
	if (plan.count == 0 || (argc - optind) % 2 != 0)
		usage_error("two names are wanted, or pairs of them");
	if (exchange_only && plan.count != 1)
		usage_error("-x: exactly two names are wanted");
	plan.renamings = allocate(plan.count, sizeof *plan.renamings);
	for (size_t i = 0; i < plan.count; i++) {
		plan.renamings[i].temporary = argv[(size_t)optind + 2 * i];
		plan.renamings[i].final = argv[(size_t)optind + 2 * i + 1];
		plan.renamings[i].exchange_only = exchange_only;
		check(&plan.renamings[i]);
	}
	sync_sources();
	return commit_undisturbed() ? 0 : status_of_failure();
}
