/* Runs a command whose output nobody wants, and holds what it took of memory and of
 * processor time against what it may take. It has to end by itself, with status 0 or 1.
 *
 * Prints what it took: KiB and milliseconds. */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli.h"
#include "io.h"
#include "report.h"

static const char usage[] =
	"usage: spend [-m KIB] [-t MILLISECONDS] COMMAND [ARGUMENT]...\n";

/* Enough for a slow machine to show how much too long it takes. */
enum { KILLED_AFTER = 60 };

static _Noreturn void run_command(char *arguments[])
{
	struct rlimit limit = {KILLED_AFTER, KILLED_AFTER};
	int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);

	setrlimit(RLIMIT_CPU, &limit);
	dup2(nowhere, STDOUT_FILENO);
	dup2(nowhere, STDERR_FILENO);
	execvp(arguments[0], arguments);
	_exit(127);
}

static long long milliseconds(const struct timeval *time)
{
	return (long long)time->tv_sec * 1000 + time->tv_usec / 1000;
}

int main(int argc, char *argv[])
{
	long long most_memory = LLONG_MAX, most_time = LLONG_MAX, time;
	struct rusage spent;
	int option, status;
	pid_t process;

	cli_start("spend", usage);
	while ((option = cli_option(argc, argv, "m:t:")) != -1) {
		if (option == 'm')
			most_memory = cli_number('m', optarg, 1, LLONG_MAX);
		else
			most_time = cli_number('t', optarg, 1, LLONG_MAX);
	}
	if (optind == argc)
		usage_error("a command is wanted");
	process = fork();
	if (process == 0)
		run_command(argv + optind);
	if (process < 0 || wait4(process, &status, 0, &spent) != process)
		die_errno("%s", argv[optind]);
	time = milliseconds(&spent.ru_utime) + milliseconds(&spent.ru_stime);
	printf("%ld KiB, %lld ms\n", spent.ru_maxrss, time);
	output_finish();
	return !WIFEXITED(status) || WEXITSTATUS(status) > 1 ||
	       spent.ru_maxrss > most_memory || time > most_time;
}
