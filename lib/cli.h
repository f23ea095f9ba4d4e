/* How every filter starts: standard descriptors, messages, options, help. */
#ifndef CLI_H
#define CLI_H

#include <stdint.h>

/* First call of main. Opens what is closed of descriptors 0 to 2 (so that no data file
 * becomes one of them), ignores SIGPIPE (a closed pipe is then a write error), names the
 * program in messages. usage is the text of --help and of usage errors, "usage: ..." with
 * a final newline; it must stay valid. */
void cli_start(const char *name, const char *usage);

/* Next option as getopt has it, -1 when there are no more; optarg and optind are set.
 * --help and -h print the usage and exit 0, --version
 * prints name and version and exits 0, an unknown option exits 2. Operands end options.
 */
int cli_option(int argc, char *argv[], const char *options);

/* Says what is wrong with the command line, prints the usage, exits 2. */
_Noreturn void usage_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The number in text, from least to most in plain decimal digits; else a usage error that
 * names the option. */
long long cli_number(char option, const char *text, long long least, long long most);

/* The seconds since 1970 that text says (see timestamp.h); else a usage error that names
 * the option. */
int64_t cli_timestamp(char option, const char *text);

#endif
