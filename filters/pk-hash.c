/* pk-hash: bytes, files or entries -> SHA-256. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "hash.h"
#include "io.h"

static const char usage[] = "usage: pk-hash [-e portable|fast] [FILE...]\n";

static void hash_descriptor(int fd, const char *name, char hex[HASH_HEX_SIZE + 1])
{
	static char bytes[256 * 1024];
	struct hash hash;
	ssize_t count;

	hash_start(&hash);
	while ((count = read_full(fd, bytes, sizeof bytes)) > 0)
		hash_update(&hash, bytes, (size_t)count);
	if (count < 0)
		die_errno("%s", name);
	hash_digest_hex(&hash, hex);
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

	if (fd < 0) {
		report_errno("%s", name);
		return false;
	}
	hash_descriptor(fd, name, hex);
	close(fd);
	print_line(hex, name);
	return true;
}

int main(int argc, char *argv[])
{
	int option, status = 0;

	cli_start("pk-hash", usage);
	while ((option = cli_option(argc, argv, "e:")) != -1) {
		if (option == 'e' && !hash_choose_engine(optarg))
			usage_error("-e: no engine '%s'", optarg);
	}
	if (optind == argc) {
		char hex[HASH_HEX_SIZE + 1];
		hash_descriptor(STDIN_FILENO, "standard input", hex);
		puts(hex);
	}
	for (int i = optind; i < argc; i++)
		if (!hash_file(argv[i]))
			status = 1;
	output_finish();
	return status;
}
