/* What drivers share that watch the system calls of a command and its descendants: a
 * filter has those calls wait until the driver answers. */
#ifndef WATCH_H
#define WATCH_H

#include <fcntl.h>
#include <limits.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "report.h"

enum { NONE = -1, WORKING_DIRECTORY = -2, MILLISECONDS_AT_MOST = 120000 };

/* Which arguments of a call name a file: a directory's descriptor and a path, or, without
 * a path, a descriptor. */
struct place {
	int descriptor, path;
};

#define AT(descriptor, path)                                                             \
	{                                                                                \
		descriptor, path                                                         \
	}
#define HERE(path) AT(WORKING_DIRECTORY, path)
#define OPEN(descriptor) AT(descriptor, NONE)
#define NOTHING AT(NONE, NONE)

static pid_t command;
static int listener;

static inline struct sock_filter *put(struct sock_filter *at, int code, uint32_t value,
				      int if_true, int if_false)
{
	*at = (struct sock_filter)BPF_JUMP((uint16_t)code, value, (uint8_t)if_true,
					   (uint8_t)if_false);
	return at + 1;
}

static inline struct sock_filter *put_load(struct sock_filter *at, size_t offset)
{
	return put(at, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

static inline struct sock_filter *put_verdict(struct sock_filter *at, uint32_t verdict)
{
	return put(at, BPF_RET | BPF_K, verdict, 0, 0);
}

/* The half of an argument that counts. */
static inline size_t argument_offset(int argument)
{
	return offsetof(struct seccomp_data, args) + 8 * (size_t)argument;
}

/* Of a call, when an argument has one of these bits, or is that value. */
static inline struct sock_filter *put_when(struct sock_filter *at, int number,
					   int argument, int test, uint32_t value,
					   uint32_t verdict)
{
	at = put(at, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0, 4);
	at = put_load(at, argument_offset(argument));
	at = put(at, BPF_JMP | test | BPF_K, value, 0, 1);
	at = put_verdict(at, verdict);
	return put_verdict(at, SECCOMP_RET_ALLOW);
}

/* The listener goes from the command's process to ours by way of a socket. */

union descriptor_message {
	struct cmsghdr header;
	char space[CMSG_SPACE(sizeof(int))];
};

static inline struct msghdr message_of(union descriptor_message *control,
				       struct iovec *byte)
{
	return (struct msghdr){.msg_iov = byte,
			       .msg_iovlen = 1,
			       .msg_control = control,
			       .msg_controllen = sizeof *control};
}

static inline void send_descriptor(int socket, int descriptor)
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

static inline int receive_descriptor(int socket)
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

static inline _Noreturn void run_command(int socket, struct sock_fprog filter,
					 char *arguments[])
{
	static const int signals[] = {SIGHUP, SIGINT, SIGPIPE, SIGTERM};

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

/* In a process group of its own; what it leaves behind becomes our child. */
static inline void start_command(struct sock_fprog filter, char *arguments[])
{
	int sockets[2];

	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0 ||
	    (command = fork()) < 0)
		die_errno("%s", arguments[0]);
	if (command == 0)
		run_command(sockets[1], filter, arguments);
	setpgid(command, command);
	close(sockets[1]);
	listener = receive_descriptor(sockets[0]);
	close(sockets[0]);
}

/* What a call is about. */

static inline bool read_memory(pid_t process, uint64_t from, char *to, size_t most,
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

static inline void read_text(const struct seccomp_notif *notice, int argument,
			     char text[PATH_MAX])
{
	size_t count;

	read_memory((pid_t)notice->pid, notice->data.args[argument], text, PATH_MAX - 1,
		    &count);
	text[count] = '\0';
}

static inline void read_link(const struct seccomp_notif *notice, int descriptor,
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
static inline void find_path(const struct seccomp_notif *notice, struct place place,
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

/* Whether the process still waits; what it writes cannot be read if it was killed. */
static inline bool still_waits(const struct seccomp_notif *notice)
{
	return ioctl(listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &notice->id) == 0;
}

/* All that the command started, and itself. */
static inline void kill_all(void)
{
	char line[32], path[64];
	bool found = true;

	snprintf(path, sizeof path, "/proc/self/task/%d/children", getpid());
	while (found) {
		FILE *children = fopen(path, "re");
		if (children == NULL)
			die_errno("%s", path);
		found = false;
		while (fscanf(children, "%31s", line) == 1) {
			kill(atoi(line), SIGKILL);
			found = true;
		}
		fclose(children);
		while (waitpid(-1, NULL, WNOHANG) > 0)
			continue;
	}
}

static inline long long milliseconds_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* Until the command and all that it started have ended; false if it is late. */
static inline bool answer_until(long long end, void (*answer)(void))
{
	struct pollfd events = {.fd = listener, .events = POLLIN};
	long long left;

	while ((left = end - milliseconds_now()) > 0) {
		int ready = poll(&events, 1, (int)left);
		if (ready > 0 && (events.revents & POLLIN) == 0)
			return true;
		if (ready > 0)
			answer();
	}
	return false;
}

/* How the command ended, as a shell would tell it. After two minutes it is killed, with
 * all that it started, so that nobody waits for what hangs: 124, as of timeout(1). */
static inline int watch(void (*answer)(void))
{
	int status;

	if (!answer_until(milliseconds_now() + MILLISECONDS_AT_MOST, answer)) {
		kill_all();
		return 124;
	}
	if (waitpid(command, &status, 0) != command)
		die_errno("the command cannot be waited for");
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

#endif
