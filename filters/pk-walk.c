/* pk-walk: a directory -> payload entries, in on-wire order. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buffer.h"
#include "cli.h"
#include "entry.h"
#include "io.h"
#include "path.h"
#include "tar.h"
#include "utf8.h"

static const char usage[] = "usage: pk-walk DIRECTORY\n";

struct child {
	char *name;
	mode_t mode;
	off_t size;
};

struct children {
	struct child *items;
	size_t count;
};

static struct {
	const char *root;
	struct buffer path; /* of what is looked at, below the root */
	size_t names;	    /* found so far */
	struct buffer lines;
	struct findings found;
	bool is_incomplete; /* something could not be read */
} walk;

static const char *shown_path(void)
{
	return walk.path.length > 0 ? walk.path.data : walk.root;
}

/* By errno. What else there is remains unknown then. */
static void find_unreadable(const char *path)
{
	find_error(&walk.found, "%s: %s", path, strerror(errno));
	walk.is_incomplete = true;
}

static int compare_children(const void *one, const void *other)
{
	const struct child *a = one, *b = other;

	return entry_compare(a->name, S_ISDIR(a->mode), b->name, S_ISDIR(b->mode));
}

/* Takes what readdir found; a tree of too many names is not searched any further. */
static void add_child(struct children *children, int directory, const char *name)
{
	struct stat status;

	if (++walk.names > TREE_ENTRIES_MOST)
		die("%s: more than %d entries", walk.root, TREE_ENTRIES_MOST);
	if (fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
		find_error(&walk.found, "%s/%s: %s", shown_path(), name, strerror(errno));
		walk.is_incomplete = true;
		return;
	}
	children->items =
		grow_array(children->items, children->count, sizeof *children->items);
	children->items[children->count++] = (struct child){
		copy_text(name, strlen(name)), status.st_mode, status.st_size};
}

/* The directory's children, in on-wire order, so that neither entries nor messages hang
 * on the order in which the file system gives them. */
static struct children list_children(DIR *stream)
{
	struct children children = {0};
	const struct dirent *entry;

	while (errno = 0, (entry = readdir(stream)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			add_child(&children, dirfd(stream), entry->d_name);
	if (errno != 0)
		find_unreadable(shown_path());
	if (children.count > 1)
		qsort(children.items, children.count, sizeof *children.items,
		      compare_children);
	return children;
}

/* JSON holds no path that is not UTF-8; the name in it has been told. */
static void put_entry(struct entry entry)
{
	entry.path = walk.path.data;
	if (utf8_valid(walk.path.data, walk.path.length))
		entry_put(&walk.lines, &entry);
}

static void visit_file(off_t size)
{
	if (size > TAR_NUMBER_MOST)
		find_error(&walk.found, "%s: %lld bytes, more than 8 GiB - 1 [§3.1.2]",
			   walk.path.data, (long long)size);
	put_entry((struct entry){.type = ENTRY_FILE, .size = size});
}

static void visit_link(int parent, const char *name)
{
	char target[PATH_MAX + 1]; /* longer ones Linux does not make */
	ssize_t length = readlinkat(parent, name, target, PATH_MAX);

	if (length < 0) {
		find_unreadable(walk.path.data);
		return;
	}
	target[length] = '\0';
	if (utf8_valid(target, (size_t)length))
		put_entry((struct entry){.type = ENTRY_LINK, .target = target});
	else
		find_error(&walk.found, "%s: target '%s' is not UTF-8 [§3.2.6]",
			   walk.path.data, target);
}

static const char *kind_name(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFIFO:
		return "a FIFO";
	case S_IFSOCK:
		return "a socket";
	case S_IFCHR:
		return "a character device";
	case S_IFBLK:
		return "a block device";
	default:
		return "of unknown type";
	}
}

/* Returns false when the path is too long or too deep, as all that is below it is then:
 * one message will do. */
static bool check_path(const char *name, size_t components)
{
	if (!utf8_valid(name, strlen(name)))
		find_error(&walk.found, "%s: name is not UTF-8 [§3.2.6]", walk.path.data);
	if (components > COMPONENTS_MOST)
		find_error(&walk.found, "%s: more than %d components [§3.2.7]",
			   walk.path.data, COMPONENTS_MOST);
	else if (walk.path.length > PATH_MOST)
		find_error(&walk.found, "%s: longer than %d bytes [§3.2.7]",
			   walk.path.data, PATH_MOST);
	else
		return true;
	return false;
}

static void visit_directory(int parent, const char *name, size_t components);

static void visit_child(int parent, const struct child *child, size_t components)
{
	mode_t mode = child->mode;

	if (!check_path(child->name, components))
		return;
	if (S_ISREG(mode)) {
		visit_file(child->size);
	} else if (S_ISLNK(mode)) {
		visit_link(parent, child->name);
	} else if (S_ISDIR(mode)) {
		put_entry((struct entry){.type = ENTRY_DIRECTORY});
		visit_directory(parent, child->name, components);
	} else {
		find_error(&walk.found,
			   "%s: %s, neither file, directory nor symbolic link [§3.2.5]",
			   walk.path.data, kind_name(mode));
	}
}

/* Opened from its parent, so that the length of the whole path does not matter; no link
 * that took its place meanwhile is followed. */
static void visit_directory(int parent, const char *name, size_t components)
{
	int follow = parent == AT_FDCWD ? 0 : O_NOFOLLOW;
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | follow);
	DIR *stream = fd < 0 ? NULL : fdopendir(fd);
	size_t length = walk.path.length;
	struct children children;

	if (stream == NULL) {
		find_unreadable(shown_path());
		return;
	}
	children = list_children(stream);
	for (size_t i = 0; i < children.count; i++) {
		buffer_printf(&walk.path, "%s%s", length > 0 ? "/" : "",
			      children.items[i].name);
		visit_child(dirfd(stream), &children.items[i], components + 1);
		walk.path.length = length;
		walk.path.data[length] = '\0';
		free(children.items[i].name);
	}
	free(children.items);
	closedir(stream);
}

int main(int argc, char *argv[])
{
	cli_start("pk-walk", usage);
	cli_option(argc, argv, "");
	if (argc - optind != 1)
		usage_error("one directory is wanted");
	walk.root = argv[optind];
	visit_directory(AT_FDCWD, walk.root, 0);
	if (!walk.is_incomplete)
		output(walk.lines.data, walk.lines.length);
	output_finish();
	return walk.found.errors > 0 ? 1 : 0;
}
