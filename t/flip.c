/* Flips each bit of a file in turn and gives what comes of it to a command, which has to
 * refuse it: exit with status 1. The command reads it from standard input, or with -i as
 * /dev/fd/3, and INPUT from standard input. The file itself it has to accept.
 *
 * Prints a line for each flip that was not refused, bytes and bits counted from 0, and
 * how many there were. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zstd.h>

#include "buffer.h"
#include "cli.h"
#include "io.h"
#include "report.h"

static const char usage[] =
	"usage: flip [-z] [-i INPUT] [-n EVERY] [-a DIRECTORY] FILE COMMAND "
	"[ARGUMENT]...\n"
	"-z compresses what was flipped; -n takes only one bit in so many;\n"
	"-a writes what was accepted into a directory, as BYTE.BIT\n";

enum { FLIPPED = 3, NO_BIT = -1 };

static struct {
	bool compresses;
	const char *input;
	long long every;
	const char *accepted; /* directory */
	char **command;
} options = {.every = 1};

/* A command that may be running. */
struct run {
	pid_t process; /* 0 if none is */
	long long bit; /* of the file; NO_BIT if none is flipped */
	int bytes;     /* a file without a name: what it is given */
};

static struct run *runs;
static size_t run_count;
static struct buffer file;
static long long refused, others;

static void read_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat status;

	if (fd < 0 || fstat(fd, &status) != 0)
		die_errno("%s", path);
	buffer_reserve(&file, (size_t)status.st_size);
	if (read_full(fd, file.data, (size_t)status.st_size) != status.st_size)
		die_errno("%s", path);
	file.length = (size_t)status.st_size;
	close(fd);
}

static void flip(long long bit)
{
	if (bit != NO_BIT)
		file.data[bit / 8] = (char)(file.data[bit / 8] ^ 1 << bit % 8);
}

static void write_bytes(const struct run *run, const void *bytes, size_t count)
{
	if (ftruncate(run->bytes, 0) != 0 || lseek(run->bytes, 0, SEEK_SET) != 0 ||
	    !write_full(run->bytes, bytes, count) || lseek(run->bytes, 0, SEEK_SET) != 0)
		die_errno("a file in memory");
}

static void write_frame(const struct run *run)
{
	static struct buffer frame;
	size_t room = ZSTD_compressBound(file.length);
	size_t length = ZSTD_compress(buffer_reserve(&frame, room), room, file.data,
				      file.length, 1);

	if (ZSTD_isError(length))
		die("%s", ZSTD_getErrorName(length));
	write_bytes(run, frame.data, length);
}

static void give_bytes(const struct run *run)
{
	flip(run->bit);
	if (options.compresses)
		write_frame(run);
	else
		write_bytes(run, file.data, file.length);
	flip(run->bit);
}

static void start(struct run *run, long long bit)
{
	posix_spawn_file_actions_t actions;

	run->bit = bit;
	give_bytes(run);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY,
					 0);
	if (options.input != NULL)
		posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, options.input,
						 O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, run->bytes,
					 options.input != NULL ? FLIPPED : STDIN_FILENO);
	errno = posix_spawnp(&run->process, options.command[0], &actions, NULL,
			     options.command, environ);
	if (errno != 0)
		die_errno("%s", options.command[0]);
	posix_spawn_file_actions_destroy(&actions);
}

static void keep_accepted(const struct run *run)
{
	char path[PATH_MAX];
	int fd;

	snprintf(path, sizeof path, "%s/%lld.%lld", options.accepted, run->bit / 8,
		 run->bit % 8);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	flip(run->bit);
	if (fd < 0 || !write_full(fd, file.data, file.length) || close(fd) != 0)
		die_errno("%s", path);
	flip(run->bit);
}

static void take_status(const struct run *run, int status)
{
	bool accepted = WIFEXITED(status) && WEXITSTATUS(status) == 0;

	if (run->bit == NO_BIT) {
		if (!accepted)
			die("%s does not accept the file itself", options.command[0]);
	} else if (WIFEXITED(status) && WEXITSTATUS(status) == 1) {
		refused++;
	} else if (accepted && options.accepted != NULL) {
		keep_accepted(run);
		others++;
	} else {
		printf("byte %lld, bit %lld: %s %d\n", run->bit / 8, run->bit % 8,
		       WIFSIGNALED(status) ? "signal" : "status",
		       WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
		output_check();
		others++;
	}
}

/* Waits until one of the commands ends. */
static struct run *wait_for_one(void)
{
	int status;
	pid_t process = wait(&status);

	for (size_t i = 0; i < run_count; i++) {
		if (process <= 0 || runs[i].process != process)
			continue;
		take_status(&runs[i], status);
		runs[i].process = 0;
		return &runs[i];
	}
	die_errno("wait");
}

static void make_runs(void)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);

	run_count = processors > 0 ? 2 * (size_t)processors : 2;
	runs = allocate(run_count, sizeof *runs);
	for (size_t i = 0; i < run_count; i++) {
		runs[i].bytes = memfd_create("flipped", MFD_CLOEXEC);
		if (runs[i].bytes < 0)
			die_errno("a file in memory");
	}
}

static void flip_all(void)
{
	size_t running = 0;

	start(&runs[0], NO_BIT);
	wait_for_one();
	for (long long bit = 0; bit < 8 * (long long)file.length; bit += options.every) {
		if (running < run_count)
			start(&runs[running++], bit);
		else
			start(wait_for_one(), bit);
	}
	for (; running > 0; running--)
		wait_for_one();
}

int main(int argc, char *argv[])
{
	int option;

	cli_start("flip", usage);
	while ((option = cli_option(argc, argv, "za:i:n:")) != -1) {
		if (option == 'z')
			options.compresses = true;
		else if (option == 'a')
			options.accepted = optarg;
		else if (option == 'i')
			options.input = optarg;
		else
			options.every = cli_number('n', optarg, 1, INT_MAX);
	}
	if (argc - optind < 2)
		usage_error("a file and a command are wanted");
	read_file(argv[optind]);
	options.command = argv + optind + 1;
	make_runs();
	flip_all();
	printf("%lld flips, %lld refused\n", refused + others, refused);
	output_finish();
	return 0;
}
