#include "tree.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "beneath.h"
#include "io.h"
#include "path.h"

bool tree_open(struct tree *tree, const char *directory, struct reason *why)
{
	*tree = (struct tree){.directory = -1};
	tree->root = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return tree->root >= 0 || refuse_errno(why, "%s", directory);
}

static bool enter_directory(struct tree *tree, const char *path, size_t length,
			    struct reason *why)
{
	int fd = beneath_open_parent(tree->root, path, false);

	if (fd < 0)
		return refuse_errno(why, "%s", path);
	if (tree->directory >= 0)
		close(tree->directory);
	tree->directory = fd;
	buffer_clear(&tree->directory_path);
	buffer_add(&tree->directory_path, path, length);
	return true;
}

static bool is_in_directory(const struct tree *tree, const char *path, size_t length)
{
	return tree->directory >= 0 && tree->directory_path.length == length &&
	       memcmp(tree->directory_path.data, path, length) == 0;
}

static bool check_file(int fd, const struct entry *entry, struct reason *why)
{
	struct stat status;

	if (fstat(fd, &status) != 0)
		return refuse_errno(why, "%s", entry->path);
	if (!S_ISREG(status.st_mode))
		return refuse(why, "%s: no regular file", entry->path);
	return status.st_size == entry->size ||
	       refuse(why, "%s: changed, %lld bytes instead of %lld", entry->path,
		      (long long)status.st_size, (long long)entry->size);
}

int tree_open_file(struct tree *tree, const struct entry *entry, struct reason *why)
{
	const char *base = path_base(entry->path);
	size_t length = (size_t)(base - entry->path);
	int fd;

	if (!path_check(entry->path, why)) {
		refuse_in(why, "%s", entry->path);
		return -1;
	}
	if (!is_in_directory(tree, entry->path, length) &&
	    !enter_directory(tree, entry->path, length, why))
		return -1;
	/* Not to wait for the writer of a FIFO that took the file's place. */
	fd = openat(tree->directory, base,
		    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0) {
		refuse_errno(why, "%s", entry->path);
		return -1;
	}
	if (check_file(fd, entry, why))
		return fd;
	close(fd);
	return -1;
}

void tree_close(struct tree *tree)
{
	if (tree->directory >= 0)
		close(tree->directory);
	close(tree->root);
	buffer_free(&tree->directory_path);
}

bool tree_hash_file(struct tree *tree, const struct entry *entry,
		    void (*sink)(void *context, const void *bytes, size_t count),
		    void *context, char hex[HASH_HEX_SIZE + 1], struct reason *why)
{
	static char bytes[256 * 1024];
	int fd = tree_open_file(tree, entry, why);
	int64_t left = entry->size;
	struct hash hash;
	ssize_t count = 0;

	if (fd < 0)
		return false;
	hash_start(&hash);
	/* One byte more is asked for than should be there, to notice a file that grew. */
	while (left >= 0) {
		size_t wanted =
			left < (int64_t)sizeof bytes ? (size_t)left + 1 : sizeof bytes;

		count = read_full(fd, bytes, wanted);
		if (count <= 0 || count > left)
			break;
		hash_update(&hash, bytes, (size_t)count);
		if (sink != NULL)
			sink(context, bytes, (size_t)count);
		left -= count;
	}
	if (count < 0)
		refuse_errno(why, "%s", entry->path);
	close(fd);
	if (count < 0)
		return false;
	if (count > 0 || left > 0)
		return refuse(why, "%s: changed while it was read", entry->path);
	hash_digest_hex(&hash, hex);
	return true;
}
