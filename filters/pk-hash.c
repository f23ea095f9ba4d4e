/* pk-hash: bytes, files or entries -> SHA-256. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "entry.h"
#include "hash.h"
#include "input.h"
#include "io.h"
#include "tree.h"

static const char usage[] = "usage: pk-hash [-e portable|fast] [FILE...]\n"
			    "       pk-hash [-e portable|fast] -C DIRECTORY\n";

/* Returns false with errno set when something cannot be read. */
static bool hash_descriptor(int fd, char hex[HASH_HEX_SIZE + 1])
{
	static char bytes[256 * 1024];
	struct hash hash;
	ssize_t count;

	hash_start(&hash);
	while ((count = read_full(fd, bytes, sizeof bytes)) > 0)
		hash_update(&hash, bytes, (size_t)count);
	hash_digest_hex(&hash, hex);
	return count == 0;
}

/* As sha256sum writes it: a name with a backslash, newline or carriage return is escaped,
 * and a backslash before the digest says so. */
static void print_line(const char *hex, const char *name)
{
	printf("%s%s  ", strpbrk(name, "\\\n\r") != NULL ? "\\" : "", hex);
	for (const char *p = name; *p != '\0'; p++) {
		if (*p == '\\')
			fputs("\\\\", stdout);
		else if (*p == '\n')
			fputs("\\n", stdout);
		else if (*p == '\r')
			fputs("\\r", stdout);
		else
			putchar(*p);
	}
	putchar('\n');
	output_check();
}

static bool hash_file(const char *name)
{
	char hex[HASH_HEX_SIZE + 1];
	int fd = open(name, O_RDONLY | O_CLOEXEC);
	bool good = fd >= 0 && hash_descriptor(fd, hex);

	if (!good)
		report_errno("%s", name);
	if (fd >= 0)
		close(fd);
	if (good)
		print_line(hex, name);
	return good;
}

/* Adds the hash to the entries of regular files. */
static void hash_entries(const char *directory)
{
	struct reason why;
	struct tree tree;
	struct entry entry;
	struct buffer line = {0};
	struct input *in;

	if (!tree_open(&tree, directory, &why))
		die("%s", why.text);
	in = input_open(NULL, &why);
	while (entry_read(in, &entry, &why)) {
		if (entry.type == ENTRY_FILE &&
		    !tree_hash_file(&tree, &entry, NULL, NULL, entry.hash, &why))
			die("%s", why.text);
		buffer_clear(&line);
		entry_put(&line, &entry);
		output_gathered(line.data, line.length);
		entry_free(&entry);
	}
	if (why.text[0] != '\0')
		die("%s", why.text);
	input_close(in);
	buffer_free(&line);
	tree_close(&tree);
}

int main(int argc, char *argv[])
{
	const char *directory = NULL;
	int option, status = 0;

	cli_start("pk-hash", usage);
	while ((option = cli_option(argc, argv, "C:e:")) != -1) {
		if (option == 'C')
			directory = optarg;
		else if (!hash_choose_engine(optarg))
			usage_error("-e: no engine '%s'", optarg);
	}
	if (directory != NULL && optind < argc)
		usage_error("-C takes its entries from standard input");
	if (directory != NULL) {
		hash_entries(directory);
	} else if (optind == argc) {
		char hex[HASH_HEX_SIZE + 1];
		if (!hash_descriptor(STDIN_FILENO, hex))
			die_errno("standard input");
		puts(hex);
	}
	for (int i = optind; i < argc; i++)
		if (!hash_file(argv[i]))
			status = 1;
	output_finish();
	return status;
}
