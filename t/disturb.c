/* Runs a command and watches, with all its descendants, each step that changes or syncs
 * something below a directory; at one of them it kills all, fails the step, or sends a
 * signal. Steps wait while it does so: what was killed takes no further one.
 *
 * The log has a line for each step: its kind, the paths and numbers that belong to it, in
 * hexadecimal what is written, all with tabs between; and `disturbed` behind the step
 * that was. Ends with the status of the command, as a shell would tell it. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/filter.h>
#include <linux/fs.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "buffer.h"
#include "cli.h"
#include "report.h"

static const char usage[] =
	"usage: disturb [-x] [-o LOG] [-n STEP {-k | -e ERROR | -s SIGNAL | -g SIGNAL}]\n"
	"               DIRECTORY COMMAND [ARGUMENT]...\n"
	"-k kills, -e fails the step, -s signals the command, -g its process group;\n"
	"-x exchanges no names, as some file systems do not\n";

enum { NONE = -1, WORKING_DIRECTORY = -2 };

/* Which arguments of a call name a file: a directory's descriptor and a path, or, without
 * a path, a descriptor. */
struct place {
	int descriptor, path;
};

static const struct call {
	int number;
	const char *kind;
	struct place first, second;
	int flags;	/* argument that the kind alone does not tell */
	int text, size; /* arguments that are bytes */
} calls[] = {
#define AT(descriptor, path)                                                             \
	{                                                                                \
		descriptor, path                                                         \
	}
#define HERE(path) AT(WORKING_DIRECTORY, path)
#define OPEN(descriptor) AT(descriptor, NONE)
#define NOTHING AT(NONE, NONE)
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

static pid_t command;
static int listener;

/* The filter: which calls wait for us. */

static struct sock_filter *put(struct sock_filter *at, int code, uint32_t value,
			       int if_true, int if_false)
{
	*at = (struct sock_filter)BPF_JUMP((uint16_t)code, value, (uint8_t)if_true,
					   (uint8_t)if_false);
	return at + 1;
}

static struct sock_filter *put_load(struct sock_filter *at, size_t offset)
{
	return put(at, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

static struct sock_filter *put_verdict(struct sock_filter *at, uint32_t verdict)
{
	return put(at, BPF_RET | BPF_K, verdict, 0, 0);
}

/* The half of an argument that counts. */
static size_t argument_offset(int argument)
{
	return offsetof(struct seccomp_data, args) + 8 * (size_t)argument;
}

/* Of a call, when an argument has one of these bits, or is that value. */
static struct sock_filter *put_when(struct sock_filter *at, int number, int argument,
				    int test, uint32_t value, uint32_t verdict)
{
	at = put(at, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0, 4);
	at = put_load(at, argument_offset(argument));
	at = put(at, BPF_JMP | test | BPF_K, value, 0, 1);
	at = put_verdict(at, verdict);
	return put_verdict(at, SECCOMP_RET_ALLOW);
}

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

/* The listener goes from the command's process to ours by way of a socket. */

union descriptor_message {
	struct cmsghdr header;
	char space[CMSG_SPACE(sizeof(int))];
};

static struct msghdr message_of(union descriptor_message *control, struct iovec *byte)
{
	return (struct msghdr){.msg_iov = byte,
			       .msg_iovlen = 1,
			       .msg_control = control,
			       .msg_controllen = sizeof *control};
}

static void send_descriptor(int socket, int descriptor)
{
	union descriptor_message control = {0};
	struct iovec byte = {"", 1};
	struct msghdr message = message_of(&control, &byte);

	control.header = (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof descriptor),
					  .cmsg_level = SOL_SOCKET,
					  .cmsg_type = SCM_RIGHTS};
	memcpy(CMSG_DATA(&control.header), &descriptor, sizeof descriptor);
	if (sendmsg(socket, &message, 0) != 1)
		die_errno("the listener cannot be passed on");
}

static int receive_descriptor(int socket)
{
	union descriptor_message control = {0};
	char first;
	struct iovec byte = {&first, 1};
	struct msghdr message = message_of(&control, &byte);
	int descriptor;

	if (recvmsg(socket, &message, MSG_CMSG_CLOEXEC) != 1)
		die("calls cannot be watched here");
	memcpy(&descriptor, CMSG_DATA(&control.header), sizeof descriptor);
	return descriptor;
}

static _Noreturn void run_command(int socket, char *arguments[])
{
	static const int signals[] = {SIGHUP, SIGINT, SIGPIPE, SIGTERM};
	struct sock_fprog filter = make_filter();

	setpgid(0, 0);
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		signal(signals[i], SIG_DFL);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		die_errno("no_new_privs");
	listener = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
				SECCOMP_FILTER_FLAG_NEW_LISTENER |
					SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV,
				&filter);
	if (listener < 0)
		die_errno("seccomp");
	send_descriptor(socket, listener);
	close(listener);
	close(socket);
	execvp(arguments[0], arguments);
	die_errno("%s", arguments[0]);
}

static void start_command(char *arguments[])
{
	int sockets[2];

	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0 ||
	    (command = fork()) < 0)
		die_errno("%s", arguments[0]);
	if (command == 0)
		run_command(sockets[1], arguments);
	setpgid(command, command);
	close(sockets[1]);
	listener = receive_descriptor(sockets[0]);
	close(sockets[0]);
}

/* What a call is about. */

static bool read_memory(pid_t process, uint64_t from, char *to, size_t most,
			size_t *count)
{
	char path[64];
	ssize_t got;
	int fd;

	snprintf(path, sizeof path, "/proc/%d/mem", process);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	got = fd < 0 ? -1 : pread(fd, to, most, (off_t)from);
	close(fd);
	*count = got < 0 ? 0 : (size_t)got;
	return got >= 0;
}

static void read_text(const struct seccomp_notif *notice, int argument,
		      char text[PATH_MAX])
{
	size_t count;

	read_memory((pid_t)notice->pid, notice->data.args[argument], text, PATH_MAX - 1,
		    &count);
	text[count] = '\0';
}

static void read_link(const struct seccomp_notif *notice, int descriptor,
		      char target[PATH_MAX])
{
	char path[64];
	ssize_t length;

	if (descriptor == AT_FDCWD)
		snprintf(path, sizeof path, "/proc/%d/cwd", (pid_t)notice->pid);
	else
		snprintf(path, sizeof path, "/proc/%d/fd/%d", (pid_t)notice->pid,
			 descriptor);
	length = readlink(path, target, PATH_MAX - 1);
	target[length < 0 ? 0 : length] = '\0';
}

/* The absolute path of a place; empty when there is none. */
static void find_path(const struct seccomp_notif *notice, struct place place,
		      char path[2 * PATH_MAX])
{
	char text[PATH_MAX];
	int descriptor = AT_FDCWD;

	*path = '\0';
	if (place.descriptor == NONE)
		return;
	if (place.descriptor != WORKING_DIRECTORY)
		descriptor = (int)notice->data.args[place.descriptor];
	if (place.path == NONE) {
		read_link(notice, descriptor, path);
		return;
	}
	read_text(notice, place.path, text);
	if (*text != '/') {
		read_link(notice, descriptor, path);
		strcat(path, "/");
	}
	strcat(path, text);
}

static bool is_below(const char *path)
{
	size_t length = strlen(options.directory);

	return strncmp(path, options.directory, length) == 0 &&
	       (path[length] == '/' || path[length] == '\0');
}

/* Whether the process still waits; what it writes cannot be read if it was killed. */
static bool still_waits(const struct seccomp_notif *notice)
{
	return ioctl(listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &notice->id) == 0;
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

static _Noreturn void kill_all(void)
{
	char line[32], path[64];

	snprintf(path, sizeof path, "/proc/self/task/%d/children", getpid());
	for (;;) {
		FILE *children = fopen(path, "r");
		bool found = false;
		if (children == NULL)
			die_errno("%s", path);
		while (fscanf(children, "%31s", line) == 1) {
			kill(atoi(line), SIGKILL);
			found = true;
		}
		fclose(children);
		if (!found)
			exit(128 + SIGKILL);
		while (waitpid(-1, NULL, WNOHANG) > 0)
			continue;
	}
}

static void disturb(struct seccomp_notif_resp *response)
{
	if (options.log != NULL)
		fprintf(options.log, "disturbed\n");
	if (options.kills) {
		kill_all();
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

/* Until the command and all that it started have ended. */
static void watch(void)
{
	struct pollfd events = {.fd = listener, .events = POLLIN};

	while (poll(&events, 1, -1) > 0 && (events.revents & POLLIN) != 0)
		answer();
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
	start_command(argv + optind + 1);
	watch();
	if (waitpid(command, &status, 0) != command)
		die_errno("%s", argv[optind + 1]);
	if (options.log != NULL && fclose(options.log) != 0)
		die_errno("the log");
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
