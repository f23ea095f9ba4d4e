#include "report.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "utf8.h"

const char *program_name;

/* C0, DEL, C1, soft hyphen, zero-width and bidirectional controls, line and paragraph
 * separators, byte order mark, interlinear and tag characters. A short list of our own:
 * messages should not cost every program the tables of a Unicode library. */
static bool is_hidden(uint32_t code_point)
{
	static const struct {
		uint32_t first, last;
	} hidden[] = {
		{0x00, 0x1F},	  {0x7F, 0x9F},	    {0xAD, 0xAD},	{0x61C, 0x61C},
		{0x180E, 0x180E}, {0x200B, 0x200F}, {0x2028, 0x202E},	{0x2060, 0x206F},
		{0xFEFF, 0xFEFF}, {0xFFF0, 0xFFFD}, {0xE0000, 0xE0FFF},
	};

	for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++)
		if (code_point >= hidden[i].first && code_point <= hidden[i].last)
			return true;
	return false;
}

static void print_escaped(const char *text, size_t length)
{
	for (size_t at = 0; at < length;) {
		uint32_t code_point;
		size_t bytes = utf8_decode(text + at, length - at, &code_point);

		if (bytes > 0 && !is_hidden(code_point)) {
			fwrite(text + at, 1, bytes, stderr);
			at += bytes;
			continue;
		}
		for (size_t end = at + (bytes > 0 ? bytes : 1); at < end; at++)
			fprintf(stderr, "\\x%02x", (unsigned char)text[at]);
	}
}

/* Messages come from one place and in one write, so that those of a pipeline's programs
 * do not mix within a line: stderr is given a line buffer by io_start. */
static void print_message(const char *kind, const char *text)
{
	if (program_name == NULL)
		return;
	fprintf(stderr, "%s: %s", program_name, kind);
	print_escaped(text, strlen(text));
	fputc('\n', stderr);
}

static void print_formatted(const char *kind, const char *format, va_list values)
{
	struct reason message;

	vsnprintf(message.text, sizeof message.text, format, values);
	print_message(kind, message.text);
}

#define PRINT_VALUES(kind, format)                                                       \
	do {                                                                             \
		va_list values;                                                          \
		va_start(values, format);                                                \
		print_formatted(kind, format, values);                                   \
		va_end(values);                                                          \
	} while (0)

#define FORMAT_VALUES(reason, format)                                                    \
	do {                                                                             \
		va_list values;                                                          \
		va_start(values, format);                                                \
		vsnprintf((reason)->text, sizeof(reason)->text, format, values);         \
		va_end(values);                                                          \
	} while (0)

static void append_text(struct reason *why, const char *text)
{
	size_t used = strlen(why->text);

	snprintf(why->text + used, sizeof why->text - used, "%s", text);
}

static void append_errno(struct reason *why, int error)
{
	append_text(why, ": ");
	append_text(why, strerror(error));
}

bool refuse(struct reason *why, const char *format, ...)
{
	FORMAT_VALUES(why, format);
	return false;
}

bool refuse_errno(struct reason *why, const char *format, ...)
{
	int error = errno;

	FORMAT_VALUES(why, format);
	append_errno(why, error);
	return false;
}

bool refuse_in(struct reason *why, const char *format, ...)
{
	struct reason inner = *why;

	FORMAT_VALUES(why, format);
	append_text(why, ": ");
	append_text(why, inner.text);
	return false;
}

void die(const char *format, ...)
{
	PRINT_VALUES("", format);
	exit(1);
}

void die_errno(const char *format, ...)
{
	int error = errno;
	struct reason message;

	FORMAT_VALUES(&message, format);
	append_errno(&message, error);
	print_message("", message.text);
	exit(1);
}

void report(const char *format, ...)
{
	PRINT_VALUES("", format);
}

void report_errno(const char *format, ...)
{
	int error = errno;
	struct reason message;

	FORMAT_VALUES(&message, format);
	append_errno(&message, error);
	print_message("", message.text);
}

void warn(const char *format, ...)
{
	PRINT_VALUES("warning: ", format);
}

void find_error(struct findings *found, const char *format, ...)
{
	PRINT_VALUES("", format);
	found->errors++;
}

void find_warning(struct findings *found, const char *format, ...)
{
	found->warnings++;
	if (found->hides_warnings)
		return;
	PRINT_VALUES("warning: ", format);
}
