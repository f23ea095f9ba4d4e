#include "io.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

/* Of the first write that failed: later ones must not fill in behind a hole. */
static int output_error;

ssize_t read_full(int fd, void *bytes, size_t count)
{
	size_t done = 0;

	while (done < count) {
		ssize_t got = read(fd, (char *)bytes + done, count - done);
		if (got == 0)
			break;
		if (got > 0)
			done += (size_t)got;
		else if (errno != EINTR)
			return -1;
	}
	return (ssize_t)done;
}

bool write_full(int fd, const void *bytes, size_t count)
{
	size_t done = 0;

	while (done < count) {
		ssize_t put = write(fd, (const char *)bytes + done, count - done);
		if (put >= 0)
			done += (size_t)put;
		else if (errno != EINTR)
			return false;
	}
	return true;
}

static ssize_t read_input(void *cookie, char *bytes, size_t count)
{
	ssize_t got;

	(void)cookie;
	do
		got = read(STDIN_FILENO, bytes, count);
	while (got < 0 && errno == EINTR);
	return got;
}

static ssize_t write_output(void *cookie, const char *bytes, size_t count)
{
	(void)cookie;
	if (output_error == 0 && !write_full(STDOUT_FILENO, bytes, count))
		output_error = errno;
	return output_error == 0 ? (ssize_t)count : 0;
}

static ssize_t write_message(void *cookie, const char *bytes, size_t count)
{
	(void)cookie;
	return write_full(STDERR_FILENO, bytes, count) ? (ssize_t)count : 0;
}

static FILE *open_stream(const char *mode, cookie_io_functions_t functions)
{
	FILE *stream = fopencookie(NULL, mode, functions);

	if (stream == NULL)
		die("out of memory");
	return stream;
}

void io_start(void)
{
	static char message_buffer[BUFSIZ];

	stderr = open_stream("w", (cookie_io_functions_t){.write = write_message});
	setvbuf(stderr, message_buffer, _IOLBF, sizeof message_buffer);
	stdout = open_stream("w", (cookie_io_functions_t){.write = write_output});
	setvbuf(stdout, NULL, isatty(STDOUT_FILENO) ? _IOLBF : _IOFBF, BUFSIZ);
	stdin = open_stream("r", (cookie_io_functions_t){.read = read_input});
}

void output(const void *bytes, size_t count)
{
	if (!write_full(STDOUT_FILENO, bytes, count))
		die_errno("standard output");
}

void output_gathered(const void *bytes, size_t count)
{
	fwrite(bytes, 1, count, stdout);
	output_check();
}

void output_line(const void *bytes, size_t count)
{
	fwrite(bytes, 1, count, stdout);
	putchar('\n');
	output_check();
}

void output_check(void)
{
	errno = output_error;
	if (output_error != 0)
		die_errno("standard output");
}

void output_finish(void)
{
	fflush(stdout);
	output_check();
	if (close(STDOUT_FILENO) != 0)
		die_errno("standard output");
}
