#include "gzip.h"

#include <limits.h>

bool gzip_begins(const unsigned char *bytes, size_t count)
{
	return count >= 2 && bytes[0] == 0x1F && bytes[1] == 0x8B;
}

bool gzip_start(struct gzip *gzip)
{
	enum { GZIP_ONLY = 16 + MAX_WBITS };

	*gzip = (struct gzip){.inside_member = true};
	return inflateInit2(&gzip->stream, GZIP_ONLY) == Z_OK;
}

void gzip_end(struct gzip *gzip)
{
	inflateEnd(&gzip->stream);
}

static uInt at_most_uint(size_t count)
{
	return count < UINT_MAX ? (uInt)count : UINT_MAX;
}

bool gzip_inflate(struct gzip *gzip, const unsigned char *bytes, size_t count,
		  size_t *used, void *out, size_t room, size_t *made)
{
	z_stream *stream = &gzip->stream;
	int result;

	if (!gzip->inside_member && inflateReset(stream) != Z_OK)
		return false;
	stream->next_in = bytes;
	stream->avail_in = at_most_uint(count);
	stream->next_out = out;
	stream->avail_out = at_most_uint(room);
	result = inflate(stream, Z_NO_FLUSH);
	*used = at_most_uint(count) - stream->avail_in;
	*made = at_most_uint(room) - stream->avail_out;
	gzip->inside_member = result != Z_STREAM_END;
	return result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR;
}
