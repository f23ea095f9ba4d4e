#include "package_walk.h"

#include <stdatomic.h>
#include <unistd.h>

#include "cli.h"
#include "index.h"
#include "input.h"
#include "io.h"

/* The most threads that make sense to ask for. */
enum { JOBS_MOST = 1024 };

void package_walk_option(struct package_walk *walk, int option, const char *value)
{
	if (option == 'C')
		walk->packages = value;
	else if (option == 'j')
		walk->jobs = (unsigned)cli_number('j', value, 1, JOBS_MOST);
	else
		walk->repository = value;
}

void package_walk_check(const struct package_walk *walk, int operands)
{
	if (operands > 0)
		usage_error("the entries come on standard input");
	if ((walk->packages != NULL) == (walk->repository != NULL))
		usage_error("either -C or -r is wanted");
}

/* A walk under way. */
struct progress {
	const struct package_walk *walk;
	struct package_directory directory;
	struct input *in;
	struct reason input_failure;
	atomic_size_t elsewhere;
};

static bool take_line(void *context, struct buffer *line)
{
	struct progress *progress = context;

	return input_line(progress->in, line, INDEX_ENTRY_LIMIT,
			  &progress->input_failure);
}

static void look(struct progress *progress, const struct index_entry *entry,
		 struct outcome *outcome)
{
	const struct package_walk *walk = progress->walk;
	struct reason why;
	int fd;

	switch (package_directory_find(&progress->directory, entry, &fd, &why)) {
	case PACKAGE_PRESENT:
		walk->look(walk->context, entry, fd, outcome);
		close(fd);
		break;
	case PACKAGE_ELSEWHERE:
		progress->elsewhere++;
		break;
	case PACKAGE_MISSING:
		outcome_note(outcome, walk->needs_all, "%s", why.text);
		break;
	case PACKAGE_BAD:
		outcome_note(outcome, true, "%s", why.text);
	}
}

static void work(void *context, const struct buffer *line, struct outcome *outcome)
{
	struct progress *progress = context;
	const struct package_walk *walk = progress->walk;
	struct index_entry entry;
	struct reason why;

	if (!index_entry_parse(&entry, line->data, line->length, &why)) {
		outcome_note(outcome, true, "%s: entry %zu: %s", input_name(progress->in),
			     outcome->number, why.text);
		return;
	}
	if (walk->wants == NULL || walk->wants(walk->context, &entry))
		look(progress, &entry, outcome);
	index_entry_free(&entry);
}

static void give(void *context, const struct outcome *outcome)
{
	(void)context;
	if (outcome->output.length > 0)
		output_gathered(outcome->output.data, outcome->output.length);
}

static void walk_all(struct progress *progress, struct findings *found)
{
	static const struct in_turn_steps steps = {take_line, work, give};

	in_turn(&steps, progress, progress->walk->jobs, found);
	if (progress->elsewhere > 0)
		find_warning(found,
			     "%zu packages are at URLs outside of %s, and not looked at",
			     (size_t)progress->elsewhere, progress->directory.path);
}

bool package_walk(const struct package_walk *walk, struct findings *found,
		  struct reason *why)
{
	struct progress progress = {.walk = walk};
	bool is_repository = walk->packages == NULL;

	if (!package_directory_open(&progress.directory,
				    is_repository ? walk->repository : walk->packages,
				    is_repository, why))
		return false;
	progress.in = input_open(NULL, why);
	walk_all(&progress, found);
	input_close(progress.in);
	package_directory_close(&progress.directory);
	*why = progress.input_failure;
	return why->text[0] == '\0';
}
