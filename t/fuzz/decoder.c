/* Zstandard frames. What the decoder takes, libzstd decodes to the same bytes in one
 * piece; what libzstd decodes so, the decoder takes, but for what §3.1.3 refuses; and
 * the verdict does not hang on how much is asked for at a time.
 *
 * An input that starts with 'f' has a frame on each line, how it is made in the line's
 * first byte; any other is what it is. */
#include "decoder.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>
#define ZSTD_STATIC_LINKING_ONLY /* ZSTD_getFrameHeader */
#include <zstd.h>

#include "fuzz.h"
#include "io.h"

enum { OUTPUT_MOST = 1 << 16, WINDOW_MOST = 1 << 27 };

/* Bits of a line's first byte. */
enum {
	WITH_CHECKSUM = 1,
	WITHOUT_SIZE = 2,
	IN_BLOCKS = 4, /* of seven bytes */
	SKIPPABLE = 8,
	AS_IT_STANDS = 16,
};

static void put_skippable(struct buffer *out, const char *text, size_t length)
{
	const unsigned char start[] = {0x50,
				       0x2A,
				       0x4D,
				       0x18,
				       (unsigned char)length,
				       (unsigned char)(length >> 8),
				       0,
				       0};

	buffer_add(out, start, sizeof start);
	buffer_add(out, text, length);
}

static void put_blocks(ZSTD_CCtx *context, struct buffer *out, const char *text,
		       size_t length, bool in_blocks)
{
	size_t most = ZSTD_compressBound(length) + 16 * (length + 1), left = 1;
	ZSTD_outBuffer output = {buffer_reserve(out, most), most, 0};
	ZSTD_inBuffer input = {text, length, 0};

	while (in_blocks && input.pos < length) {
		input.size = length - input.pos < 7 ? length : input.pos + 7;
		must(ZSTD_compressStream2(context, &output, &input, ZSTD_e_flush) == 0);
	}
	input.size = length;
	left = ZSTD_compressStream2(context, &output, &input, ZSTD_e_end);
	must(left == 0);
	out->length += output.pos;
}

static void put_frame(struct buffer *out, unsigned char how, const char *text,
		      size_t length)
{
	ZSTD_CCtx *context;

	if ((how & AS_IT_STANDS) != 0) {
		buffer_add(out, text, length);
		return;
	}
	if ((how & SKIPPABLE) != 0 && length < 1 << 16) {
		put_skippable(out, text, length);
		return;
	}
	context = ZSTD_createCCtx();
	must(context != NULL);
	ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, how & WITH_CHECKSUM);
	if ((how & WITHOUT_SIZE) == 0)
		ZSTD_CCtx_setPledgedSrcSize(context, length);
	put_blocks(context, out, text, length, (how & IN_BLOCKS) != 0);
	ZSTD_freeCCtx(context);
}

static void put_frames(struct buffer *out, const char *text, size_t size)
{
	while (size > 0) {
		const char *newline = memchr(text, '\n', size);
		size_t length = newline != NULL ? (size_t)(newline - text) : size;

		if (length > 0)
			put_frame(out, (unsigned char)text[0], text + 1, length - 1);
		if (newline != NULL)
			length++;
		text += length;
		size -= length;
	}
}

/* Reads all of it, `step` bytes at a time. Returns whether it was whole. */
static bool decode(const struct buffer *bytes, size_t step, struct buffer *out,
		   struct reason *why)
{
	int fd = memfd_create("frames", MFD_CLOEXEC);
	struct decoder *decoder;
	size_t got = step;
	bool good = true;

	must(fd >= 0 && write_full(fd, bytes->data, bytes->length) &&
	     lseek(fd, 0, SEEK_SET) == 0);
	decoder = decoder_open(fd, NULL);
	decoder_limit(decoder, OUTPUT_MOST);
	while (good && got == step) {
		good = decoder_read(decoder, buffer_reserve(out, step), step, &got, why);
		out->length += got;
	}
	must(!good || decoder_input_bytes(decoder) == bytes->length);
	decoder_close(decoder);
	close(fd);
	return good;
}

/* Whether there is a frame that the format refuses although libzstd takes it. */
static bool has_refused_frame(const char *bytes, size_t length)
{
	while (length > 0) {
		size_t frame = ZSTD_findFrameCompressedSize(bytes, length);
		ZSTD_frameHeader header;

		if (ZSTD_isError(frame) ||
		    ZSTD_getFrameHeader(&header, bytes, length) != 0 ||
		    header.frameType == ZSTD_skippableFrame ||
		    header.windowSize > WINDOW_MOST)
			return true;
		bytes += frame;
		length -= frame;
	}
	return false;
}

/* In one piece, libzstd lets an offset reach further back than the window; in a stream it
 * does not. */
static bool decodes_as_stream(const struct buffer *bytes, char *whole, size_t size)
{
	ZSTD_DCtx *context = ZSTD_createDCtx();
	ZSTD_inBuffer input = {bytes->data, bytes->length, 0};
	ZSTD_outBuffer output = {whole, size, 0};
	size_t left = 0;

	must(context != NULL);
	while (!ZSTD_isError(left) && input.pos < input.size && output.pos < output.size)
		left = ZSTD_decompressStream(context, &output, &input);
	ZSTD_freeDCtx(context);
	return !ZSTD_isError(left);
}

static void check(const struct buffer *bytes)
{
	static char whole[OUTPUT_MOST];
	struct buffer large = {0}, small = {0};
	struct reason why;
	bool good = decode(bytes, OUTPUT_MOST, &large, &why);
	size_t result = ZSTD_decompress(whole, sizeof whole, bytes->data, bytes->length);
	size_t shorter;

	must(decode(bytes, 61, &small, &why) == good);
	shorter = small.length < large.length ? small.length : large.length;
	must(!good || small.length == large.length);
	must(shorter == 0 || memcmp(large.data, small.data, shorter) == 0);
	if (good)
		must(!ZSTD_isError(result) && result == large.length &&
		     (result == 0 || memcmp(whole, large.data, result) == 0));
	else
		must(ZSTD_isError(result) || bytes->length == 0 ||
		     has_refused_frame(bytes->data, bytes->length) ||
		     !decodes_as_stream(bytes, whole, sizeof whole));
	buffer_free(&large);
	buffer_free(&small);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buffer bytes = {0};

	if (size > 0 && data[0] == 'f')
		put_frames(&bytes, (const char *)data + 1, size - 1);
	else
		buffer_add(&bytes, data, size);
	check(&bytes);
	buffer_free(&bytes);
	return 0;
}
