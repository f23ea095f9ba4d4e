/* fs-commit: temporary names -> final names, synced, all of them or none. */
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

static void note_name(const char *path, struct stat *directory)
{
	struct reason why;

	if (!places_add(&plan.places, path, directory, &why))
		die("%s", why.text);
}

static void check(struct renaming *renaming)
{
	struct stat directory, source;
	struct reason why;

	if (!renaming_check_source(renaming->temporary, &source, &why))
		die("%s", why.text);
	note_name(renaming->temporary, &directory);
	note_name(renaming->final, &directory);
	if (source.st_dev != directory.st_dev)
		die("%s: on another file system than %s", renaming->temporary,
		    renaming->final);
	if (!renaming_check_final(renaming, S_ISDIR(source.st_mode), &why))
		die("%s", why.text);
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
		if (!went_well(renaming_sync_directory(plan.places.directories[i].path,
						       &why),
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
