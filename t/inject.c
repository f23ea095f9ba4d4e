/* Runs a command and counts system calls of it and its descendants, from 1: those whose
 * failure a program has to bear. One of them fails, or is interrupted, or moves fewer
 * bytes than it was asked to; without -n, all reads and writes are so.
 *
 * What a process does before its program's own code runs, the loader's work, is not
 * counted; neither are calls that cannot fail where they stand. The log has a line for
 * each call: its name, and the file or the number that it is about; and `injected` behind
 * the one that did not go as it should have. Ends with the status of the command, as a
 * shell would tell it; one that takes over two minutes is killed, with all that it
 * started. */
#include <errno.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "buffer.h"
#include "cli.h"
#include "report.h"
#include "watch.h"

static const char usage[] =
	"usage: inject [-b] [-x GROUP]... [-o LOG] [-n CALL] [-i] [-s SIZE]\n"
	"              COMMAND [ARGUMENT]...\n"
	"-n fails the call, -i interrupts it, -s lets it move SIZE bytes at most; with "
	"-i or\n"
	"-s only reads and writes are counted, without -n all of them are meant\n"
	"-b counts in a process from where it calls cli_start\n"
	"-x does not count: close, file, memory, process, read, write\n";

/* What makes a call one that is counted. */
enum condition { ALWAYS, OF_FILE, OF_REGULAR_FILE, IF_DUPLICATING };

static const struct call {
	int number;
	const char *name, *group;
	int error;
	struct place file;
	enum condition condition;
} calls[] = {
	{SYS_read, "read", "read", EIO, OPEN(0), OF_FILE},
	{SYS_pread64, "pread", "read", EIO, OPEN(0), ALWAYS},
	{SYS_readv, "readv", "read", EIO, OPEN(0), OF_FILE},
	{SYS_getdents64, "getdents", "read", EIO, OPEN(0), ALWAYS},
	{SYS_readlinkat, "readlinkat", "read", EIO, AT(0, 1), ALWAYS},
	{SYS_write, "write", "write", ENOSPC, OPEN(0), ALWAYS},
	{SYS_pwrite64, "pwrite", "write", ENOSPC, OPEN(0), ALWAYS},
	{SYS_writev, "writev", "write", ENOSPC, OPEN(0), ALWAYS},
	{SYS_copy_file_range, "copy_file_range", "write", ENOSPC, OPEN(2), ALWAYS},
	{SYS_sendfile, "sendfile", "write", ENOSPC, OPEN(0), ALWAYS},
	{SYS_ftruncate, "ftruncate", "write", EIO, OPEN(0), ALWAYS},
	{SYS_fallocate, "fallocate", "write", ENOSPC, OPEN(0), ALWAYS},
	{SYS_fsync, "fsync", "write", EIO, OPEN(0), ALWAYS},
	{SYS_fdatasync, "fdatasync", "write", EIO, OPEN(0), ALWAYS},
	{SYS_syncfs, "syncfs", "write", EIO, OPEN(0), ALWAYS},
	{SYS_close, "close", "close", EIO, OPEN(0), OF_REGULAR_FILE},
	{SYS_openat, "openat", "file", EIO, AT(0, 1), ALWAYS},
	{SYS_newfstatat, "fstatat", "file", EIO, AT(0, 1), ALWAYS},
	{SYS_fstat, "fstat", "file", EIO, OPEN(0), ALWAYS},
	{SYS_statx, "statx", "file", EIO, AT(0, 1), ALWAYS},
	{SYS_lseek, "lseek", "file", EIO, OPEN(0), ALWAYS},
	{SYS_fcntl, "fcntl", "file", EMFILE, OPEN(0), IF_DUPLICATING},
	{SYS_dup, "dup", "file", EMFILE, OPEN(0), ALWAYS},
	{SYS_pipe2, "pipe2", "file", EMFILE, NOTHING, ALWAYS},
	{SYS_ioctl, "ioctl", "file", EIO, OPEN(0), ALWAYS},
	{SYS_flock, "flock", "file", EIO, OPEN(0), ALWAYS},
	{SYS_fchdir, "fchdir", "file", EIO, OPEN(0), ALWAYS},
	{SYS_chdir, "chdir", "file", EIO, HERE(0), ALWAYS},
	{SYS_fchmod, "fchmod", "file", EIO, OPEN(0), ALWAYS},
	{SYS_fchmodat, "fchmodat", "file", EIO, AT(0, 1), ALWAYS},
	{SYS_utimensat, "utimensat", "file", EIO, AT(0, 1), ALWAYS},
	{SYS_renameat, "renameat", "file", EIO, AT(0, 1), ALWAYS},
	{SYS_renameat2, "renameat2", "file", EIO, AT(0, 1), ALWAYS},
	{SYS_linkat, "linkat", "file", EIO, AT(0, 1), ALWAYS},
	{SYS_symlinkat, "symlinkat", "file", EIO, AT(1, 2), ALWAYS},
	{SYS_mkdirat, "mkdirat", "file", EIO, AT(0, 1), ALWAYS},
	{SYS_unlinkat, "unlinkat", "file", EIO, AT(0, 1), ALWAYS},
	{SYS_faccessat2, "faccessat2", "file", EIO, AT(0, 1), ALWAYS},
	{SYS_faccessat, "faccessat", "file", EIO, AT(0, 1), ALWAYS},
	{SYS_mmap, "mmap", "memory", ENOMEM, NOTHING, ALWAYS},
	{SYS_mremap, "mremap", "memory", ENOMEM, NOTHING, ALWAYS},
	{SYS_mprotect, "mprotect", "memory", ENOMEM, NOTHING, ALWAYS},
	{SYS_brk, "brk", "memory", ENOMEM, NOTHING, ALWAYS},
	{SYS_clone, "clone", "process", ENOMEM, NOTHING, ALWAYS},
	{SYS_clone3, "clone3", "process", ENOMEM, NOTHING, ALWAYS},
	{SYS_execve, "execve", "process", ENOMEM, HERE(0), ALWAYS},
#ifdef SYS_open /* what newer architectures do without */
	{SYS_open, "open", "file", EIO, HERE(0), ALWAYS},
	{SYS_stat, "stat", "file", EIO, HERE(0), ALWAYS},
	{SYS_lstat, "lstat", "file", EIO, HERE(0), ALWAYS},
	{SYS_access, "access", "file", EIO, HERE(0), ALWAYS},
	{SYS_readlink, "readlink", "read", EIO, HERE(0), ALWAYS},
	{SYS_pipe, "pipe", "file", EMFILE, NOTHING, ALWAYS},
	{SYS_chmod, "chmod", "file", EIO, HERE(0), ALWAYS},
	{SYS_rename, "rename", "file", EIO, HERE(0), ALWAYS},
	{SYS_link, "link", "file", EIO, HERE(0), ALWAYS},
	{SYS_symlink, "symlink", "file", EIO, HERE(1), ALWAYS},
	{SYS_mkdir, "mkdir", "file", EIO, HERE(0), ALWAYS},
	{SYS_unlink, "unlink", "file", EIO, HERE(0), ALWAYS},
	{SYS_rmdir, "rmdir", "file", EIO, HERE(0), ALWAYS},
	{SYS_fork, "fork", "process", ENOMEM, NOTHING, ALWAYS},
	{SYS_vfork, "vfork", "process", ENOMEM, NOTHING, ALWAYS},
#endif
};

enum {
	CALL_COUNT = sizeof calls / sizeof *calls,
	PROCESSES = 1 << 22,
	MOST_BYTES = 1 << 16
};

static struct {
	FILE *log;
	bool from_cli_start;
	const char *excluded[8];
	size_t excluded_count;
	long long at; /* the call to inject a fault into, from 1 */
	bool interrupts;
	size_t size; /* to move at most */
} options;

static bool is_loading[PROCESSES]; /* processes from execve to their own code */
static bool was_interrupted[PROCESSES];

static struct sock_fprog make_filter(void)
{
	static struct sock_filter filter[2 * CALL_COUNT + 16];
	struct sock_filter *at = put_load(filter, offsetof(struct seccomp_data, nr));

	at = put_when(at, SYS_prctl, 0, BPF_JEQ, PR_SET_DUMPABLE, SECCOMP_RET_ERRNO);
	at = put_when(at, SYS_prlimit64, 1, BPF_JEQ, RLIMIT_STACK,
		      SECCOMP_RET_USER_NOTIF);
	for (size_t i = 0; i < CALL_COUNT; i++) {
		at = put(at, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)calls[i].number, 0, 1);
		at = put_verdict(at, SECCOMP_RET_USER_NOTIF);
	}
	at = put_verdict(at, SECCOMP_RET_ALLOW);
	return (struct sock_fprog){(unsigned short)(at - filter), filter};
}

static const struct call *find_call(int number)
{
	for (size_t i = 0; i < CALL_COUNT; i++)
		if (calls[i].number == number)
			return &calls[i];
	return NULL;
}

/* Which calls count. */

/* The last thing that the loader asks for is the limit of the stack; the first thing that
 * cli_start does is to look whether descriptor 0 is open. */
static bool begins_program(const struct seccomp_notif *notice)
{
	if (options.from_cli_start)
		return notice->data.nr == SYS_fcntl && notice->data.args[0] == 0 &&
		       notice->data.args[1] == F_GETFD;
	return notice->data.nr == SYS_prlimit64;
}

static mode_t type_of_file(const struct seccomp_notif *notice)
{
	char path[64];
	struct stat status;

	snprintf(path, sizeof path, "/proc/%d/fd/%d", (pid_t)notice->pid,
		 (int)notice->data.args[0]);
	return stat(path, &status) == 0 ? status.st_mode & S_IFMT : 0;
}

/* Pipes can be read without fail. Linux frees a descriptor whatever close says, which
 * matters to the reader of a pipe; and only of files do bytes get lost so late. */
static bool meets_condition(const struct seccomp_notif *notice, enum condition condition)
{
	if (condition == OF_FILE)
		return options.interrupts || options.size > 0 ||
		       type_of_file(notice) != S_IFIFO;
	if (condition == OF_REGULAR_FILE)
		return type_of_file(notice) == S_IFREG;
	if (condition == IF_DUPLICATING)
		return notice->data.args[1] == F_DUPFD ||
		       notice->data.args[1] == F_DUPFD_CLOEXEC;
	return true;
}

static bool is_read(int number)
{
	return number == SYS_read || number == SYS_pread64;
}

static bool moves_bytes(int number)
{
	return is_read(number) || number == SYS_write || number == SYS_pwrite64;
}

static bool is_excluded(const char *group)
{
	for (size_t i = 0; i < options.excluded_count; i++)
		if (strcmp(options.excluded[i], group) == 0)
			return true;
	return false;
}

static bool counts(const struct seccomp_notif *notice, const struct call *call)
{
	if (is_excluded(call->group) || !meets_condition(notice, call->condition))
		return false;
	return (!options.interrupts && options.size == 0) || moves_bytes(call->number);
}

static void note_call(const struct seccomp_notif *notice, const struct call *call)
{
	char path[2 * PATH_MAX];

	if (options.log == NULL)
		return;
	find_path(notice, call->file, path);
	if (*path == '\0')
		fprintf(options.log, "%s\t%llu\n", call->name,
			(unsigned long long)notice->data.args[1]);
	else
		fprintf(options.log, "%s\t%s\n", call->name, path);
}

/* What is done about them. */

static bool write_memory(pid_t process, uint64_t to, const char *from, size_t count)
{
	char path[64];
	bool written;
	int fd;

	snprintf(path, sizeof path, "/proc/%d/mem", process);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	written = fd >= 0 && pwrite(fd, from, count, (off_t)to) == (ssize_t)count;
	close(fd);
	return written;
}

/* The file that the call is about, as a descriptor of ours, or -1. */
static int take_descriptor(const struct seccomp_notif *notice)
{
	int process = (int)syscall(SYS_pidfd_open, notice->pid, 0);
	int fd = process < 0 ? -1
			     : (int)syscall(SYS_pidfd_getfd, process,
					    (int)notice->data.args[0], 0);

	close(process);
	return fd;
}

/* As the call would, on the same open file, but for less than it asks. */
static ssize_t move_bytes(const struct seccomp_notif *notice, int fd, char *bytes,
			  size_t count)
{
	uint64_t address = notice->data.args[1];
	off_t at = (off_t)notice->data.args[3];
	ssize_t moved;

	if (is_read(notice->data.nr)) {
		moved = notice->data.nr == SYS_read ? read(fd, bytes, count)
						    : pread(fd, bytes, count, at);
		if (moved > 0 &&
		    !write_memory((pid_t)notice->pid, address, bytes, (size_t)moved))
			die("what was read cannot be passed on");
		return moved;
	}
	if (!read_memory((pid_t)notice->pid, address, bytes, count, &count) || count == 0)
		return -1;
	return notice->data.nr == SYS_write ? write(fd, bytes, count)
					    : pwrite(fd, bytes, count, at);
}

/* Of what fits there, Linux writes all to a pipe or nothing. */
static bool is_atomic(int fd, const struct seccomp_notif *notice)
{
	struct stat status;

	return !is_read(notice->data.nr) && notice->data.args[2] <= PIPE_BUF &&
	       fstat(fd, &status) == 0 && S_ISFIFO(status.st_mode);
}

/* Not where we would have to wait: then the call is left to do all of it. */
static ssize_t move_less(const struct seccomp_notif *notice)
{
	struct pollfd event = {
		.fd = take_descriptor(notice),
		.events = is_read(notice->data.nr) ? POLLIN : POLLOUT,
	};
	char bytes[MOST_BYTES];
	ssize_t moved = -1;

	if (event.fd < 0)
		return -1;
	if (!is_atomic(event.fd, notice) && poll(&event, 1, 0) == 1 &&
	    (event.revents & event.events) != 0)
		moved = move_bytes(notice, event.fd, bytes, options.size);
	close(event.fd);
	return moved;
}

static void let_move_less(const struct seccomp_notif *notice,
			  struct seccomp_notif_resp *response)
{
	ssize_t moved;

	if (notice->data.args[2] <= options.size)
		return;
	moved = move_less(notice);
	if (moved < 0)
		return;
	response->flags = 0;
	response->val = moved;
}

static void fail(const struct call *call, struct seccomp_notif_resp *response)
{
	response->flags = 0;
	if (call->number != SYS_brk) /* which then tells an end of memory of 0 */
		response->error = -call->error;
}

static void inject(const struct seccomp_notif *notice, const struct call *call,
		   struct seccomp_notif_resp *response)
{
	bool *interrupted = &was_interrupted[notice->pid % PROCESSES];

	*interrupted = options.interrupts && !*interrupted;
	if (*interrupted) {
		response->flags = 0;
		response->error = -EINTR;
	} else if (options.size > 0) {
		let_move_less(notice, response);
	} else if (!options.interrupts) {
		fail(call, response);
	}
	if (options.log != NULL && response->flags == 0)
		fputs("injected\n", options.log);
}

static bool is_meant(void)
{
	static long long number;

	if (options.at == 0)
		return options.interrupts || options.size > 0;
	return ++number == options.at;
}

static void consider(const struct seccomp_notif *notice,
		     struct seccomp_notif_resp *response)
{
	const struct call *call = find_call(notice->data.nr);
	bool *loading = &is_loading[notice->pid % PROCESSES];

	if (begins_program(notice))
		*loading = false;
	if (*loading || call == NULL)
		return;
	if (counts(notice, call)) {
		note_call(notice, call);
		if (is_meant())
			inject(notice, call, response);
	}
	if (call->number == SYS_execve && response->flags != 0)
		*loading = true;
}

static void answer(void)
{
	struct seccomp_notif notice = {0};
	struct seccomp_notif_resp response = {0};

	if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &notice) != 0)
		return; /* it was killed meanwhile */
	response.id = notice.id;
	response.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
	consider(&notice, &response);
	ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &response);
}

static void take_option(int option)
{
	if (option == 'b') {
		options.from_cli_start = true;
	} else if (option == 'i') {
		options.interrupts = true;
	} else if (option == 'n') {
		options.at = cli_number('n', optarg, 1, LLONG_MAX);
	} else if (option == 's') {
		options.size = (size_t)cli_number('s', optarg, 1, MOST_BYTES);
	} else if (option == 'x') {
		if (options.excluded_count == 8)
			usage_error("-x: eight times at most");
		options.excluded[options.excluded_count++] = optarg;
	} else {
		options.log = fopen(optarg, "we");
		if (options.log == NULL)
			die_errno("%s", optarg);
	}
}

int main(int argc, char *argv[])
{
	int option, status;

	cli_start("inject", usage);
	while ((option = cli_option(argc, argv, "bx:o:n:is:")) != -1)
		take_option(option);
	if (argc == optind)
		usage_error("a command is wanted");
	start_command(make_filter(), argv + optind);
	is_loading[command] = true;
	status = watch(answer);
	if (options.log != NULL && fclose(options.log) != 0)
		die_errno("the log");
	return status;
}
