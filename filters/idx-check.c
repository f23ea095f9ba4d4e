/* idx-check: descriptor and both indexes of a repository -> every rule that they break.
 */
#include <time.h>
#include <unistd.h>

#include "cli.h"
#include "descriptor.h"
#include "index_check.h"
#include "index_header_check.h"
#include "index_walk.h"
#include "io.h"
#include "published_keys.h"

static const char usage[] = "usage: idx-check [-f] [-t NOW] DESCRIPTOR ACTIVE ARCHIVE\n"
			    "       idx-check -o DESCRIPTOR ACTIVE ARCHIVE\n";

/* What clients fetch of an index at most, and from where on that is near: bytes, not
 * compressed. */
enum { MEBIBYTE = 1024 * 1024, FETCHED_MOST = 64 * MEBIBYTE, NEAR_MOST = 48 * MEBIBYTE };

/* Under which conditions the documents pass. */
struct conditions {
	int64_t now; /* seconds since 1970 */
	bool large_active;
	bool is_old; /* what another state is to be made of, which may mend it */
};

static void check_size(const struct index_walk *walk, enum index_kind kind,
		       const struct conditions *conditions, struct findings *found)
{
	size_t size = walk->index != NULL ? index_size(walk->index) : 0;

	if (size > FETCHED_MOST && kind == INDEX_ACTIVE && !conditions->large_active)
		find_error(found, "%s: over 64 MiB, which clients do not fetch [§6.2.11]",
			   walk->path);
	else if (size > FETCHED_MOST)
		find_warning(found, "%s: over 64 MiB, which clients do not fetch [%s]",
			     walk->path, kind == INDEX_ACTIVE ? "§6.2.11" : "§6.3.9");
	else if (size >= NEAR_MOST && kind == INDEX_ACTIVE)
		find_warning(found,
			     "%s: 48 MiB or more; clients fetch 64 MiB at most [§6.2.11]",
			     walk->path);
}

static void check_indexes(const char *active_path, const char *archive_path,
			  const char *repo, const struct conditions *conditions,
			  struct findings *found)
{
	struct index_walk active, archive;

	index_walk_start(&active, active_path, found);
	index_walk_start(&archive, archive_path, found);
	index_check_entries(&active, &archive, found);
	index_header_check(&active, INDEX_ACTIVE, repo, found);
	index_header_check(&archive, INDEX_ARCHIVE, repo, found);
	index_header_check_pair(&active, &archive, conditions->now, found);
	check_size(&active, INDEX_ACTIVE, conditions, found);
	check_size(&archive, INDEX_ARCHIVE, conditions, found);
	index_walk_end(&active);
	index_walk_end(&archive);
}

static void check_descriptor(const struct descriptor *descriptor, const char *path,
			     const struct conditions *conditions, struct findings *found)
{
	descriptor_check(descriptor, found);
	published_keys_check(descriptor, path, conditions->now, found);
}

static void check(char *paths[], const struct conditions *conditions,
		  struct findings *found)
{
	struct descriptor descriptor;
	bool has_document = descriptor_survey(&descriptor, paths[0]);

	for (size_t i = 0; i < descriptor.fault_count; i++)
		find_error(found, "%s", descriptor.faults[i]);
	if (has_document && !conditions->is_old)
		check_descriptor(&descriptor, paths[0], conditions, found);
	check_indexes(paths[1], paths[2], descriptor.name, conditions, found);
	descriptor_free(&descriptor);
}

int main(int argc, char *argv[])
{
	struct findings found = {0};
	struct conditions conditions = {.now = time(NULL)};
	bool has_others = false;
	int option;

	cli_start("idx-check", usage);
	while ((option = cli_option(argc, argv, "fot:")) != -1) {
		has_others |= option != 'o';
		if (option == 'f')
			conditions.large_active = true;
		else if (option == 'o')
			conditions.is_old = true;
		else
			conditions.now = cli_timestamp('t', optarg);
	}
	if (conditions.is_old && has_others)
		usage_error("-o excludes the other options");
	if (argc - optind != 3)
		usage_error("a descriptor, an active index and an archive are wanted");
	if (conditions.is_old)
		found.hides_warnings = conditions.large_active = true;
	check(argv + optind, &conditions, &found);
	output_finish();
	return found.errors > 0 ? 1 : 0;
}
