/* Runs a command and sends it a signal, SIGTERM, in the moment in which one of its calls
 * of wait4 has reaped a child, before the command gets to know of which; with -n the nth
 * such call, from 1. Ends with the status of the command, as a shell would tell it. */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli.h"
#include "report.h"

static const char usage[] = "usage: reaped [-n CALL] COMMAND [ARGUMENT]...\n";

enum { SYSTEM_CALL_STOP = SIGTRAP | 0x80 };

static _Noreturn void run_command(char *arguments[])
{
	if (ptrace(PTRACE_TRACEME) != 0)
		die_errno("ptrace");
	signal(SIGPIPE, SIG_DFL);
	execvp(arguments[0], arguments);
	die_errno("%s", arguments[0]);
}

/* Whether the system call that the process begins or ends with this stop is a wait that
 * ends, having reaped a child. */
static bool has_reaped(pid_t process)
{
	static bool waits;
	struct __ptrace_syscall_info info;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, process, sizeof info, &info) <= 0)
		die_errno("ptrace");
	if (info.op == PTRACE_SYSCALL_INFO_ENTRY)
		waits = info.entry.nr == SYS_wait4;
	return info.op == PTRACE_SYSCALL_INFO_EXIT && waits && info.exit.rval > 0;
}

/* Until the process ends: its status as wait tells it. */
static int watch(pid_t process, long long call)
{
	int status, passed_on = 0;

	while (ptrace(PTRACE_SYSCALL, process, 0, passed_on) == 0 &&
	       waitpid(process, &status, 0) == process) {
		if (!WIFSTOPPED(status))
			return status;
		passed_on = WSTOPSIG(status);
		if (passed_on != SYSTEM_CALL_STOP)
			continue;
		passed_on = 0;
		if (has_reaped(process) && --call == 0)
			kill(process, SIGTERM);
	}
	die_errno("ptrace");
}

int main(int argc, char *argv[])
{
	long long call = 1;
	int status;
	pid_t process;

	cli_start("reaped", usage);
	while (cli_option(argc, argv, "n:") != -1)
		call = cli_number('n', optarg, 1, 1000000);
	if (optind == argc)
		usage_error("a command is wanted");
	process = fork();
	if (process == 0)
		run_command(argv + optind);
	if (process < 0 || waitpid(process, &status, 0) != process ||
	    !WIFSTOPPED(status) ||
	    ptrace(PTRACE_SETOPTIONS, process, 0,
		   PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD) != 0)
		die_errno("%s", argv[optind]);
	status = watch(process, call);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
