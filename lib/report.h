/* Messages, refusals and findings: everything a program says on standard error.
 *
 * A message is one line, "PROGRAM: text". Whatever is not printable text in it (control
 * bytes, bytes that are not UTF-8, characters that reorder or hide others) is written as
 * \xNN, so that a name taken from a package can neither drive a terminal nor forge a
 * line.
 */
#ifndef REPORT_H
#define REPORT_H

#include <stdbool.h>
#include <stddef.h>

#define PRINTF_LIKE(text, first) __attribute__((format(printf, text, first)))

/* Why a library function refused. A function that takes one fills it when it fails and
 * leaves it alone otherwise. Text past the end of the array is cut. */
struct reason {
	char text[8192];
};

/* What a check of many things has found so far. */
struct findings {
	size_t errors;
	size_t warnings;
	bool hides_warnings; /* they were shown at an earlier stage: only count them */
	bool is_of_farm;     /* of a farm's own configuration: table.h cites no section */
};

/* The name that starts every message; set once, by cli_start. A null pointer silences
 * messages (the fuzzers do that). */
extern const char *program_name;

/* Fills *why and returns false, so that a check can end in "return refuse(why, ...)". */
bool refuse(struct reason *why, const char *format, ...) PRINTF_LIKE(2, 3);

/* As refuse, with ": " and the message of errno behind the text. */
bool refuse_errno(struct reason *why, const char *format, ...) PRINTF_LIKE(2, 3);

/* Puts "CONTEXT: " before a reason that is filled already; returns false. */
bool refuse_in(struct reason *why, const char *format, ...) PRINTF_LIKE(2, 3);

/* Prints the message and ends the process with status 1. */
_Noreturn void die(const char *format, ...) PRINTF_LIKE(1, 2);

/* As die, with ": " and the message of errno behind the text. */
_Noreturn void die_errno(const char *format, ...) PRINTF_LIKE(1, 2);

/* Prints the message and goes on. */
void report(const char *format, ...) PRINTF_LIKE(1, 2);

/* As report, with ": " and the message of errno behind the text. */
void report_errno(const char *format, ...) PRINTF_LIKE(1, 2);

/* Prints "warning: " and the message and goes on. */
void warn(const char *format, ...) PRINTF_LIKE(1, 2);

/* Prints the message as one more error, and counts it. */
void find_error(struct findings *found, const char *format, ...) PRINTF_LIKE(2, 3);

/* Prints "warning: " and the message, and counts it. */
void find_warning(struct findings *found, const char *format, ...) PRINTF_LIKE(2, 3);

#endif
