#include "json_stream.h"

#include <string.h>

#include "json.h"
#include "json_check.h"
#include "json_scan.h"

static bool bad(const struct json_stream *stream, const char *what, struct reason *why)
{
	return refuse(why, "byte %zu: %s [§1.3]", stream->before + stream->at + 1, what);
}

static bool wants(const struct json_stream *stream, char byte, struct reason *why)
{
	return refuse(why, "byte %zu: '%c' is wanted [§1.3]",
		      stream->before + stream->at + 1, byte);
}

/* Takes the name of the input off a reason, for callers put it there. */
static bool strip_name(const struct json_stream *stream, struct reason *why)
{
	const char *name = input_name(stream->input);
	size_t length = strlen(name);
	char *text = why->text;

	if (strncmp(text, name, length) == 0 && strncmp(text + length, ": ", 2) == 0)
		memmove(text, text + length + 2, strlen(text + length + 2) + 1);
	return false;
}

/* Sees to it that there are bytes at hand; *more is whether there are any. */
static bool fill(struct json_stream *stream, bool *more, struct reason *why)
{
	*more = true;
	if (stream->at < stream->end)
		return true;
	stream->before += stream->end;
	stream->at = 0;
	stream->end = 0;
	if (!input_read(stream->input, stream->bytes, sizeof stream->bytes, &stream->end,
			why))
		return strip_name(stream, why);
	if (stream->end > stream->limit - stream->before)
		return refuse(why, "a document of over %zu bytes", stream->limit);
	*more = stream->end > 0;
	return true;
}

static bool is_space(char byte)
{
	return byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r';
}

static bool skip_space(struct json_stream *stream, bool *more, struct reason *why)
{
	while (fill(stream, more, why)) {
		if (!*more || !is_space(stream->bytes[stream->at]))
			return true;
		stream->at++;
	}
	return false;
}

bool json_stream_peek(struct json_stream *stream, char *byte, struct reason *why)
{
	bool more;

	if (!skip_space(stream, &more, why))
		return false;
	if (!more)
		return bad(stream, "cut short", why);
	*byte = stream->bytes[stream->at];
	return true;
}

bool json_stream_take(struct json_stream *stream, char byte, struct reason *why)
{
	char found = '\0';

	if (!json_stream_peek(stream, &found, why))
		return false;
	if (found != byte)
		return wants(stream, byte, why);
	stream->at++;
	return true;
}

bool json_stream_next(struct json_stream *stream, char closer, bool *first, bool *more,
		      struct reason *why)
{
	char found = '\0';

	if (!json_stream_peek(stream, &found, why))
		return false;
	*more = found != closer;
	if (!*more)
		stream->at++;
	else if (!*first && found != ',')
		return bad(stream, "',' or the end of the container is wanted", why);
	else if (!*first)
		stream->at++;
	*first = false;
	return true;
}

/* As fill, within a value, where the document cannot end. */
static bool fill_within(struct json_stream *stream, struct reason *why)
{
	bool more;

	return fill(stream, &more, why) && (more || refuse(why, "cut short [§1.3]"));
}

static bool take_bytes(struct json_stream *stream, size_t count, size_t limit,
		       struct buffer *value, struct reason *why)
{
	if (count > limit - value->length)
		return refuse(why, "over the limit of %zu bytes", limit);
	buffer_add(value, stream->bytes + stream->at, count);
	stream->at += count;
	return true;
}

static bool read_closed(struct json_stream *stream, size_t levels, size_t limit,
			struct buffer *value, struct reason *why)
{
	struct json_scan scan = {0};

	while (!scan.ended) {
		if (!fill_within(stream, why) ||
		    !take_bytes(stream,
				json_scan(&scan, stream->bytes + stream->at,
					  stream->end - stream->at),
				limit, value, why))
			return false;
	}
	return scan.deepest + levels <= JSON_DEPTH ||
	       refuse(why, "nested deeper than %d levels [§1.3]", JSON_DEPTH);
}

static bool ends_word(char byte)
{
	return is_space(byte) || byte == ',' || byte == ']' || byte == '}';
}

/* A number or literal goes on until something that cannot be part of one. */
static bool read_word(struct json_stream *stream, size_t limit, struct buffer *value,
		      struct reason *why)
{
	while (!ends_word(stream->bytes[stream->at]))
		if (!take_bytes(stream, 1, limit, value, why) ||
		    !fill_within(stream, why))
			return false;
	return value->length > 0 || refuse(why, "no value [§1.3]");
}

bool json_stream_value(struct json_stream *stream, size_t levels, size_t limit,
		       struct buffer *value, struct reason *why)
{
	char first = '\0';
	bool good;

	buffer_clear(value);
	if (!json_stream_peek(stream, &first, why))
		return false;
	if (first == '{' || first == '[' || first == '"')
		good = read_closed(stream, levels, limit, value, why);
	else
		good = read_word(stream, limit, value, why);
	return good && json_check(value->data, value->length, why);
}

bool json_stream_finish(struct json_stream *stream, struct reason *why)
{
	bool more;

	if (!skip_space(stream, &more, why))
		return false;
	return !more || bad(stream, "something behind the document", why);
}
