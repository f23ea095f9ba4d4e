/* idx-hash: index entries -> nothing, unless a package's file is not what they say. */
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "hash.h"
#include "io.h"
#include "package_walk.h"

static const char usage[] =
	"usage: idx-hash [-j JOBS] [-n NAME]... {-C PACKAGES | -r REPOSITORY}\n";

/* The packages that were asked for; none: all are. */
static struct {
	struct wanted {
		const char *name;
		atomic_bool is_met;
	} * list;
	size_t count;
} wanted;

static void want(const char *name)
{
	wanted.list = grow_array(wanted.list, wanted.count, sizeof *wanted.list);
	wanted.list[wanted.count++] = (struct wanted){.name = name};
}

static bool is_wanted(void *context, const struct index_entry *entry)
{
	bool found = wanted.count == 0;

	(void)context;
	for (size_t i = 0; i < wanted.count; i++) {
		if (strcmp(wanted.list[i].name, entry->name) != 0)
			continue;
		wanted.list[i].is_met = true;
		found = true;
	}
	return found;
}

static void report_unmet(struct findings *found)
{
	for (size_t i = 0; i < wanted.count; i++)
		if (!wanted.list[i].is_met)
			find_error(found, "%s: no package of that name",
				   wanted.list[i].name);
}

static bool hash_file(int fd, char hex[HASH_HEX_SIZE + 1], int64_t *size)
{
	char bytes[128 * 1024];
	struct hash hash;
	ssize_t count;

	*size = 0;
	hash_start(&hash);
	while ((count = read_full(fd, bytes, sizeof bytes)) > 0) {
		hash_update(&hash, bytes, (size_t)count);
		*size += count;
	}
	hash_digest_hex(&hash, hex);
	return count == 0;
}

/* Holds what was found of a file against its entry. */
static void compare(const struct index_entry *entry, const char *file, const char *hash,
		    int64_t size, struct outcome *outcome)
{
	if (strcmp(hash, entry->hash) != 0)
		outcome_note(outcome, true,
			     "hash mismatch: %s computed %s index claims %s", file, hash,
			     entry->hash);
	if (size != entry->size_compressed)
		outcome_note(outcome, true,
			     "size mismatch: %s computed %lld index claims %lld", file,
			     (long long)size, (long long)entry->size_compressed);
}

static void check_package(void *context, const struct index_entry *entry, int fd,
			  struct outcome *outcome)
{
	struct buffer file = {0};
	char hash[HASH_HEX_SIZE + 1];
	int64_t size;

	(void)context;
	index_entry_put_file_name(&file, entry);
	if (hash_file(fd, hash, &size))
		compare(entry, file.data, hash, size, outcome);
	else
		outcome_note(outcome, true, "%s: %s", file.data, strerror(errno));
	buffer_free(&file);
}

int main(int argc, char *argv[])
{
	struct package_walk walk = {
		.needs_all = true,
		.wants = is_wanted,
		.look = check_package,
	};
	struct findings found = {0};
	struct reason why;
	int option;

	cli_start("idx-hash", usage);
	while ((option = cli_option(argc, argv, PACKAGE_WALK_OPTIONS "n:")) != -1) {
		if (option == 'n')
			want(optarg);
		else
			package_walk_option(&walk, option, optarg);
	}
	package_walk_check(&walk, argc - optind);
	if (!package_walk(&walk, &found, &why))
		die("%s", why.text);
	report_unmet(&found);
	free(wanted.list);
	output_finish();
	return found.errors > 0 ? 1 : 0;
}
