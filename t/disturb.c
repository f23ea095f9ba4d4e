/* Runs a command and watches, with all its descendants, each step that changes or syncs
 * something below a directory; at one of them it kills all, fails the step, or sends a
 * signal. Steps wait while it does so: what was killed takes no further one.
 *
 * The log has a line for each step: its kind, the paths and numbers that belong to it, in
 * hexadecimal what is written, all with tabs between; and `disturbed` behind the step
 * that was. Ends with the status of the command, as a shell would tell it; one that takes
 * over two minutes is killed, with all that it started. */
#include <errno.h>
#include <linux/fs.h>
#include <stdlib.h>

#include "buffer.h"
#include "cli.h"
#include "report.h"
#include "watch.h"

static const char usage[] =
	"usage: disturb [-x] [-o LOG] [-n STEP {-k | -e ERROR | -s SIGNAL | -g SIGNAL}]\n"
	"               DIRECTORY COMMAND [ARGUMENT]...\n"
	"-k kills, -e fails the step, -s signals the command, -g its process group;\n"
	"-x exchanges no names, as some file systems do not\n";

static const struct call {
	int number;
	const char *kind;
	struct place first, second;
	int flags;	/* argument that the kind alone does not tell */
	int text, size; /* arguments that are bytes */
} calls[] = {
	{SYS_openat, "open", AT(0, 1), NOTHING, 2, NONE, NONE},
	{SYS_write, "write", OPEN(0), NOTHING, NONE, 1, 2},
	{SYS_pwrite64, "write at", OPEN(0), NOTHING, NONE, NONE, NONE},
	{SYS_writev, "write several", OPEN(0), NOTHING, NONE, NONE, NONE},
	{SYS_ftruncate, "truncate", OPEN(0), NOTHING, 1, NONE, NONE},
	{SYS_copy_file_range, "copy", OPEN(0), OPEN(2), NONE, NONE, NONE},
	{SYS_sendfile, "copy", OPEN(1), OPEN(0), NONE, NONE, NONE},
	{SYS_renameat, "rename", AT(0, 1), AT(2, 3), NONE, NONE, NONE},
	{SYS_renameat2, "rename", AT(0, 1), AT(2, 3), 4, NONE, NONE},
	{SYS_linkat, "link", AT(0, 1), AT(2, 3), NONE, NONE, NONE},
	{SYS_symlinkat, "symlink", AT(1, 2), NOTHING, NONE, 0, NONE},
	{SYS_mkdirat, "mkdir", AT(0, 1), NOTHING, NONE, NONE, NONE},
	{SYS_unlinkat, "remove", AT(0, 1), NOTHING, NONE, NONE, NONE},
	{SYS_fsync, "sync", OPEN(0), NOTHING, NONE, NONE, NONE},
	{SYS_fdatasync, "sync", OPEN(0), NOTHING, NONE, NONE, NONE},
	{SYS_syncfs, "sync all", OPEN(0), NOTHING, NONE, NONE, NONE},
#ifdef SYS_rename /* what newer architectures do without */
	{SYS_open, "open", HERE(0), NOTHING, 1, NONE, NONE},
	{SYS_rename, "rename", HERE(0), HERE(1), NONE, NONE, NONE},
	{SYS_link, "link", HERE(0), HERE(1), NONE, NONE, NONE},
	{SYS_symlink, "symlink", HERE(1), NOTHING, NONE, 0, NONE},
	{SYS_mkdir, "mkdir", HERE(0), NOTHING, NONE, NONE, NONE},
	{SYS_unlink, "remove", HERE(0), NOTHING, NONE, NONE, NONE},
	{SYS_rmdir, "remove", HERE(0), NOTHING, NONE, NONE, NONE},
#endif
};

enum { CALL_COUNT = sizeof calls / sizeof *calls };

static struct {
	const char *directory;
	FILE *log;
	bool exchanges_nothing;
	long long at; /* the step to disturb, from 1 */
	bool kills;
	int error;
	int signal;
	bool signals_group;
} options;

/* The filter: which calls wait for us. */

/* Files only opened for reading do not wait; a program that hides its memory from others
 * does not hide it from us; and files are copied by calls that we see. */
static struct sock_fprog make_filter(void)
{
	static struct sock_filter filter[5 * (CALL_COUNT + 4)];
	struct sock_filter *at = put_load(filter, offsetof(struct seccomp_data, nr));

	at = put_when(at, SYS_prctl, 0, BPF_JEQ, PR_SET_DUMPABLE, SECCOMP_RET_ERRNO);
	at = put_when(at, SYS_ioctl, 1, BPF_JEQ, FICLONE, SECCOMP_RET_ERRNO | EOPNOTSUPP);
	for (size_t i = 0; i < CALL_COUNT; i++) {
		if (strcmp(calls[i].kind, "open") == 0) {
			at = put_when(at, calls[i].number, calls[i].flags, BPF_JSET,
				      O_CREAT | O_TRUNC, SECCOMP_RET_USER_NOTIF);
		} else {
			at = put(at, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)calls[i].number,
				 0, 1);
			at = put_verdict(at, SECCOMP_RET_USER_NOTIF);
		}
	}
	at = put_verdict(at, SECCOMP_RET_ALLOW);
	return (struct sock_fprog){(unsigned short)(at - filter), filter};
}

/* What a call is about. */

static bool is_below(const char *path)
{
	size_t length = strlen(options.directory);

	return strncmp(path, options.directory, length) == 0 &&
	       (path[length] == '/' || path[length] == '\0');
}

static void log_bytes(const struct seccomp_notif *notice, const struct call *call)
{
	size_t size = call->size == NONE ? PATH_MAX - 1 : notice->data.args[call->size];
	struct buffer bytes = {0};
	size_t count;

	read_memory((pid_t)notice->pid, notice->data.args[call->text],
		    buffer_reserve(&bytes, size), size, &count);
	if (call->size == NONE)
		count = strnlen(bytes.data, count);
	else if (count < size && still_waits(notice))
		die("what is written cannot be read");
	fputc('\t', options.log);
	for (size_t i = 0; i < count; i++)
		fprintf(options.log, "%02x", (unsigned char)bytes.data[i]);
	buffer_free(&bytes);
}

/* Whether the call is a step; logs it, if so. */
static bool note_step(const struct seccomp_notif *notice, const struct call *call)
{
	char first[2 * PATH_MAX], second[2 * PATH_MAX];

	find_path(notice, call->first, first);
	find_path(notice, call->second, second);
	if (!is_below(first) && !is_below(second))
		return false;
	if (options.log == NULL)
		return true;
	fprintf(options.log, "%s\t%s", call->kind, first);
	if (*second != '\0')
		fprintf(options.log, "\t%s", second);
	if (call->flags != NONE)
		fprintf(options.log, "\t%lld", (long long)notice->data.args[call->flags]);
	if (call->text != NONE)
		log_bytes(notice, call);
	fputc('\n', options.log);
	return true;
}

static const struct call *find_call(int number)
{
	const struct call *call = calls;

	while (call->number != number)
		call++;
	return call;
}

/* What is done about it. */

static void disturb(struct seccomp_notif_resp *response)
{
	if (options.log != NULL)
		fprintf(options.log, "disturbed\n");
	if (options.kills) {
		kill_all();
		exit(128 + SIGKILL);
	} else if (options.signal != 0) {
		kill(options.signals_group ? -command : command, options.signal);
	} else {
		response->flags = 0;
		response->error = -options.error;
	}
}

static void answer(void)
{
	static long long step;
	struct seccomp_notif notice = {0};
	struct seccomp_notif_resp response = {0};
	const struct call *call;

	if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &notice) != 0)
		return; /* it was killed meanwhile */
	response.id = notice.id;
	response.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
	call = find_call(notice.data.nr);
	if (options.exchanges_nothing && call->number == SYS_renameat2 &&
	    (notice.data.args[call->flags] & RENAME_EXCHANGE) != 0) {
		response.flags = 0;
		response.error = -EINVAL;
	} else if (note_step(&notice, call) && ++step == options.at) {
		disturb(&response);
	}
	ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &response);
}

static int find_signal(const char *name)
{
	for (int number = 1; number < NSIG; number++)
		if (sigabbrev_np(number) != NULL &&
		    strcmp(sigabbrev_np(number), name) == 0)
			return number;
	usage_error("no signal '%s'", name);
}

static int find_error_number(const char *name)
{
	for (int number = 1; number < 4096; number++)
		if (strerrorname_np(number) != NULL &&
		    strcmp(strerrorname_np(number), name) == 0)
			return number;
	usage_error("no error '%s'", name);
}

static void take_option(int option)
{
	if (option == 'x') {
		options.exchanges_nothing = true;
	} else if (option == 'k') {
		options.kills = true;
	} else if (option == 'n') {
		options.at = cli_number('n', optarg, 1, LLONG_MAX);
	} else if (option == 'e') {
		options.error = find_error_number(optarg);
	} else if (option == 'o') {
		options.log = fopen(optarg, "we");
		if (options.log == NULL)
			die_errno("%s", optarg);
	} else {
		options.signal = find_signal(optarg);
		options.signals_group = option == 'g';
	}
}

int main(int argc, char *argv[])
{
	int option, status;

	cli_start("disturb", usage);
	while ((option = cli_option(argc, argv, "xo:n:ke:s:g:")) != -1)
		take_option(option);
	if (argc - optind < 2)
		usage_error("a directory and a command are wanted");
	options.directory = argv[optind];
	start_command(make_filter(), argv + optind + 1);
	status = watch(answer);
	if (options.log != NULL && fclose(options.log) != 0)
		die_errno("the log");
	return status;
}
