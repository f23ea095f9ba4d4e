/* repo-place: index entries -> their packages, in place in a repository. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "beneath.h"
#include "cli.h"
#include "index_entry.h"
#include "input.h"
#include "io.h"
#include "package_sidecars.h"
#include "path.h"
#include "url.h"

static const char usage[] = "usage: repo-place -C PACKAGES REPOSITORY\n";

static int packages, repository; /* directories */

static int open_directory(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		die_errno("%s", path);
	return fd;
}

/* A package on its way. */
struct placing {
	const char *file; /* name in packages, and in its place */
	int source;
	int directory; /* of its place */
};

static struct stat open_source(struct placing *placing, const struct index_entry *entry)
{
	struct stat status;

	placing->source = openat(packages, placing->file,
				 O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (placing->source < 0 || fstat(placing->source, &status) != 0)
		die_errno("%s", placing->file);
	if (!S_ISREG(status.st_mode))
		die("%s: no regular file", placing->file);
	if (status.st_size != entry->size_compressed)
		die("%s: %lld bytes, its entry says %lld [§6.2.5]", placing->file,
		    (long long)status.st_size, (long long)entry->size_compressed);
	if ((status.st_mode & ALLPERMS) != PUBLISHED_MODE &&
	    fchmod(placing->source, PUBLISHED_MODE) != 0)
		die_errno("%s", placing->file);
	return status;
}

static void open_place(struct placing *placing, const char *path)
{
	if (strcmp(path_base(path), placing->file) != 0)
		die("%s: url '/%s' does not end in that name [§6.4.3]", placing->file,
		    path);
	placing->directory = beneath_open_parent(repository, path, true);
	if (placing->directory < 0)
		die_errno("%s: the directory of /%s", placing->file, path);
}

static void place_sidecars(const struct placing *placing)
{
	struct package_sidecars sidecars;
	struct reason why;

	if (!package_sidecars_read(&sidecars, placing->source, &why) ||
	    !package_sidecars_place(&sidecars, packages, placing->directory, &why))
		die("%s: %s", placing->file, why.text);
	package_sidecars_free(&sidecars);
}

/* Before the first package that is replaced, all that replace others are on the disk. */
static void sync_replacements(void)
{
	static bool are_synced;

	if (!are_synced && syncfs(packages) != 0)
		die_errno("cannot sync");
	are_synced = true;
}

static void place_package(const struct placing *placing, const struct stat *source)
{
	struct stat status;

	if (fstatat(placing->directory, placing->file, &status, AT_SYMLINK_NOFOLLOW) ==
	    0) {
		if (status.st_dev == source->st_dev && status.st_ino == source->st_ino)
			return;
		sync_replacements();
	} else if (errno != ENOENT) {
		die_errno("%s: in its place", placing->file);
	}
	if (renameat(packages, placing->file, placing->directory, placing->file) != 0)
		die_errno("%s: cannot be renamed to its place", placing->file);
}

static void place(const struct index_entry *entry, const char *path)
{
	struct buffer file = {0};
	struct placing placing;
	struct stat source;

	index_entry_put_file_name(&file, entry);
	placing.file = file.data;
	source = open_source(&placing, entry);
	open_place(&placing, path);
	place_sidecars(&placing);
	place_package(&placing, &source);
	close(placing.directory);
	close(placing.source);
	buffer_free(&file);
}

static void place_all(void)
{
	struct reason why;
	struct input *in = input_open(NULL, &why);
	struct index_entry entry;
	struct buffer line = {0};

	while (index_entry_read(in, &line, &entry, &why)) {
		const char *path = url_local_path(entry.url);
		if (path != NULL)
			place(&entry, path);
		index_entry_free(&entry);
	}
	if (why.text[0] != '\0')
		die("%s", why.text);
	buffer_free(&line);
	input_close(in);
}

int main(int argc, char *argv[])
{
	const char *from = NULL;

	cli_start("repo-place", usage);
	while (cli_option(argc, argv, "C:") != -1)
		from = optarg;
	if (from == NULL || argc - optind != 1)
		usage_error("-C and one repository are wanted");
	umask(S_IWGRP | S_IWOTH);
	packages = open_directory(from);
	repository = open_directory(argv[optind]);
	place_all();
	if (syncfs(repository) != 0)
		die_errno("%s: cannot be synced", argv[optind]);
	output_finish();
	return 0;
}
