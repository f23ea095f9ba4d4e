#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gzip.h"
#include "io.h"

struct input {
	char *name;
	int fd;
	bool started; /* the first two bytes were looked at */
	bool is_gzip; /* and this is what they said */
	struct gzip gzip;
	unsigned char raw[64 * 1024]; /* as read */
	size_t raw_at, raw_end;
	char text[64 * 1024]; /* for input_line */
	size_t text_at, text_end;
};

static bool open_descriptor(struct input *in, const char *path, struct reason *why)
{
	struct stat status;

	if (path == NULL) {
		in->fd = STDIN_FILENO;
		in->name = copy_text("standard input", strlen("standard input"));
		return true;
	}
	in->name = copy_text(path, strlen(path));
	in->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (in->fd < 0)
		return refuse_errno(why, "%s", path);
	if (fstat(in->fd, &status) == 0 && S_ISDIR(status.st_mode))
		return refuse(why, "%s: is a directory", path);
	return true;
}

struct input *input_open(const char *path, struct reason *why)
{
	struct input *in = allocate(1, sizeof *in);

	if (!open_descriptor(in, path, why)) {
		input_close(in);
		return NULL;
	}
	return in;
}

void input_close(struct input *in)
{
	if (in->is_gzip)
		gzip_end(&in->gzip);
	if (in->fd > STDERR_FILENO)
		close(in->fd);
	free(in->name);
	free(in);
}

const char *input_name(const struct input *in)
{
	return in->name;
}

static bool fill_raw(struct input *in, struct reason *why)
{
	ssize_t count = read_full(in->fd, in->raw, sizeof in->raw);

	if (count < 0)
		return refuse_errno(why, "%s", in->name);
	in->raw_at = 0;
	in->raw_end = (size_t)count;
	return true;
}

static bool start(struct input *in, struct reason *why)
{
	if (!fill_raw(in, why))
		return false;
	in->started = true;
	if (!gzip_begins(in->raw, in->raw_end))
		return true;
	in->is_gzip = gzip_start(&in->gzip);
	return in->is_gzip || refuse(why, "%s: out of memory", in->name);
}

static bool read_plain(struct input *in, char *bytes, size_t count, size_t *got,
		       struct reason *why)
{
	while (*got < count) {
		size_t part = in->raw_end - in->raw_at;

		if (part == 0) {
			if (!fill_raw(in, why))
				return false;
			part = in->raw_end;
			if (part == 0)
				return true;
		}
		if (part > count - *got)
			part = count - *got;
		memcpy(bytes + *got, in->raw + in->raw_at, part);
		in->raw_at += part;
		*got += part;
	}
	return true;
}

static bool read_gzip(struct input *in, char *bytes, size_t count, size_t *got,
		      struct reason *why)
{
	while (*got < count) {
		size_t used, made;

		if (in->raw_at == in->raw_end && !fill_raw(in, why))
			return false;
		if (in->raw_end == 0)
			return !in->gzip.inside_member ||
			       refuse(why, "%s: gzip data cut short", in->name);
		if (!gzip_inflate(&in->gzip, in->raw + in->raw_at,
				  in->raw_end - in->raw_at, &used, bytes + *got,
				  count - *got, &made))
			return refuse(why, "%s: bad gzip data", in->name);
		in->raw_at += used;
		*got += made;
	}
	return true;
}

bool input_read(struct input *in, void *bytes, size_t count, size_t *got,
		struct reason *why)
{
	*got = 0;
	if (!in->started && !start(in, why))
		return false;
	if (in->is_gzip)
		return read_gzip(in, bytes, count, got, why);
	return read_plain(in, bytes, count, got, why);
}

bool input_line(struct input *in, struct buffer *line, size_t limit, struct reason *why)
{
	why->text[0] = '\0';
	buffer_clear(line);
	for (;;) {
		const char *begin = in->text + in->text_at;
		size_t available = in->text_end - in->text_at;
		const char *newline =
			available > 0 ? memchr(begin, '\n', available) : NULL;
		size_t part = newline != NULL ? (size_t)(newline - begin) : available;

		if (line->length + part > limit)
			return refuse(why, "%s: a line of over %zu bytes", in->name,
				      limit);
		buffer_add(line, begin, part);
		in->text_at += part;
		if (newline != NULL) {
			in->text_at++;
			return true;
		}
		in->text_at = 0;
		in->text_end = 0;
		if (!input_read(in, in->text, sizeof in->text, &in->text_end, why))
			return false;
		if (in->text_end > 0)
			continue;
		if (line->length > 0)
			return refuse(why, "%s: the last line is cut short", in->name);
		return false;
	}
}

bool input_document(const char *path, size_t limit, struct buffer *text,
		    struct reason *why)
{
	struct input *in = input_open(path, why);
	bool good;
	size_t got;

	if (in == NULL)
		return false;
	do {
		char *end = buffer_reserve(text, 64 * 1024);
		good = input_read(in, end, 64 * 1024, &got, why);
		text->length += good ? got : 0;
		if (good && text->length > limit)
			good = refuse(why, "%s: over the limit of %zu bytes", in->name,
				      limit);
	} while (good && got > 0);
	input_close(in);
	if (good)
		buffer_add(text, "", 0);
	return good;
}
