#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "io.h"
#include "report.h"
#include "timestamp.h"

static const char *usage_text;

/* Opened the wrong way round on purpose: to read a stdin or to write a stdout that was
 * closed is then an error, not an empty file or a silent success. */
static void open_standard_descriptors(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) >= 0)
			continue;
		if (open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
			exit(1);
	}
}

void cli_start(const char *name, const char *usage)
{
	open_standard_descriptors();
	signal(SIGPIPE, SIG_IGN);
	program_name = name;
	io_start();
	usage_text = usage;
}

int cli_option(int argc, char *argv[], const char *options)
{
	static const struct option long_options[] = {
		{"help", no_argument, NULL, 'H'},
		{"version", no_argument, NULL, 'V'},
		{NULL, 0, NULL, 0},
	};
	char all[64];
	int index = -1;
	int option;

	/* '+': the first operand ends the options, whatever POSIXLY_CORRECT says. */
	snprintf(all, sizeof all, "+h%s", options);
	option = getopt_long(argc, argv, all, long_options, &index);
	if (index == 0 || option == 'h') {
		fputs(usage_text, stdout);
		output_finish();
		exit(0);
	}
	if (index == 1) {
		printf("%s %s\n", program_name, PEIPKG_TOOLS_VERSION);
		output_finish();
		exit(0);
	}
	if (option == '?') {
		fputs(usage_text, stderr);
		exit(2);
	}
	return option;
}

void usage_error(const char *format, ...)
{
	struct reason message;
	va_list values;

	va_start(values, format);
	vsnprintf(message.text, sizeof message.text, format, values);
	va_end(values);
	report("%s", message.text);
	fputs(usage_text, stderr);
	exit(2);
}

long long cli_number(char option, const char *text, long long least, long long most)
{
	char *end;
	long long number;

	errno = 0;
	number = strtoll(text, &end, 10);
	if (errno != 0 || *end != '\0' || text[0] < '0' || text[0] > '9' ||
	    number < least || number > most)
		usage_error("-%c: a number from %lld to %lld is wanted, not '%s'", option,
			    least, most, text);
	return number;
}

int64_t cli_timestamp(char option, const char *text)
{
	struct reason why;
	int64_t seconds;

	if (!timestamp_parse(text, &seconds, &why))
		usage_error("-%c: %s", option, why.text);
	return seconds;
}
