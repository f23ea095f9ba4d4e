#include "io.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

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

void output(const void *bytes, size_t count)
{
	if (!write_full(STDOUT_FILENO, bytes, count))
		die_errno("standard output");
}

void output_check(void)
{
	if (ferror(stdout))
		die_errno("standard output");
}

void output_finish(void)
{
	if (fflush(stdout) != 0 || ferror(stdout) || close(STDOUT_FILENO) != 0)
		die_errno("standard output");
}
