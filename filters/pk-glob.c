/* pk-glob: paths -> those that match a pattern. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli.h"
#include "glob.h"
#include "io.h"
#include "path.h"

static const char usage[] = "usage: pk-glob [-0] PATTERN...\n";

static void check_patterns(char *patterns[])
{
	struct reason why;

	for (size_t i = 0; patterns[i] != NULL; i++) {
		if (!glob_check(patterns[i], &why)) {
			report("%s", why.text);
			exit(2);
		}
	}
}

/* Reads up to the byte that ends a path, into a text. Returns false at the end of the
 * input. */
static bool read_path(char path[PATH_MOST + 1], int end, size_t number)
{
	size_t length = 0;
	int byte;

	while ((byte = getc_unlocked(stdin)) != end && byte != EOF) {
		if (length == PATH_MOST)
			die("standard input: path %zu: longer than %d bytes [§3.2.6]",
			    number, PATH_MOST);
		if (byte == '\0')
			die("standard input: path %zu: holds a NUL byte; -0 reads paths "
			    "that end in one",
			    number);
		path[length++] = (char)byte;
	}
	path[length] = '\0';
	if (ferror(stdin))
		die_errno("standard input");
	if (byte == EOF && length > 0)
		die("standard input: path %zu: cut short", number);
	return byte != EOF;
}

static bool matches_any(char *patterns[], const char *path)
{
	for (size_t i = 0; patterns[i] != NULL; i++)
		if (glob_match(patterns[i], path))
			return true;
	return false;
}

int main(int argc, char *argv[])
{
	char path[PATH_MOST + 1];
	int end = '\n', status = 1;

	cli_start("pk-glob", usage);
	while (cli_option(argc, argv, "0") != -1)
		end = '\0';
	if (optind == argc)
		usage_error("a pattern is wanted");
	check_patterns(argv + optind);
	for (size_t number = 1; read_path(path, end, number); number++) {
		if (!matches_any(argv + optind, path))
			continue;
		status = 0;
		printf("%s%c", path, end);
		output_check();
	}
	output_finish();
	return status;
}
