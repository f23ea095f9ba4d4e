#include "package_list.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "path.h"

void package_list_add(struct package_list *list, const char *path)
{
	buffer_add(&list->paths, path, strlen(path) + 1);
	list->count++;
}

/* Reads up to the byte that ends a path. *path is empty at the end of the input. */
static bool read_path(struct buffer *path, char end, struct reason *why)
{
	int byte;

	buffer_clear(path);
	while ((byte = getc_unlocked(stdin)) != end && byte != EOF) {
		if (byte == '\0')
			return refuse(why, "a NUL byte; -0 reads paths that end in one");
		if (path->length == PATH_MOST)
			return refuse(why, "longer than %d bytes", PATH_MOST);
		buffer_add_byte(path, (char)byte);
	}
	if (ferror(stdin))
		return refuse_errno(why, "cannot be read");
	if (byte == EOF && path->length > 0)
		return refuse(why, "cut short");
	return byte == EOF || path->length > 0 || refuse(why, "empty");
}

bool package_list_read(struct package_list *list, char end, struct reason *why)
{
	struct buffer path = {0};
	bool good;

	while ((good = read_path(&path, end, why)) && path.length > 0)
		package_list_add(list, path.data);
	buffer_free(&path);
	return good || refuse_in(why, "standard input: path %zu", list->count + 1);
}

/* By file name; the same ones as they stand in the list. */
static int compare(const void *a, const void *b)
{
	const struct listed_package *left = *(struct listed_package *const *)a;
	const struct listed_package *right = *(struct listed_package *const *)b;
	int order = strcmp(path_base(left->path), path_base(right->path));

	if (order != 0)
		return order;
	return left < right ? -1 : left > right;
}

void package_list_finish(struct package_list *list)
{
	const char *path = list->paths.data;

	list->packages = allocate(list->count, sizeof *list->packages);
	list->by_name = allocate(list->count, sizeof *list->by_name);
	for (size_t i = 0; i < list->count; i++) {
		list->packages[i].path = path;
		list->by_name[i] = &list->packages[i];
		path += strlen(path) + 1;
	}
	qsort(list->by_name, list->count, sizeof *list->by_name, compare);
	for (size_t i = 1; i < list->count; i++)
		list->by_name[i]->is_repeated =
			strcmp(path_base(list->by_name[i - 1]->path),
			       path_base(list->by_name[i]->path)) == 0;
}

struct listed_package *package_list_find(const struct package_list *list,
					 const char *file_name)
{
	size_t low = 0, high = list->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(path_base(list->by_name[middle]->path), file_name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == list->count ||
	    strcmp(path_base(list->by_name[low]->path), file_name) != 0)
		return NULL;
	return list->by_name[low];
}

/* Not to wait for the writer of a FIFO. */
int package_list_open(const struct listed_package *package, struct reason *why)
{
	int fd = open(package->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat status;

	if (fd < 0 || fstat(fd, &status) != 0) {
		refuse_errno(why, "cannot be opened");
	} else if (!S_ISREG(status.st_mode)) {
		refuse(why, "no regular file");
	} else {
		return fd;
	}
	if (fd >= 0)
		close(fd);
	return -1;
}

void package_list_free(struct package_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->packages[i].url);
	free(list->packages);
	free(list->by_name);
	buffer_free(&list->paths);
}
