#include "decoder.h"

#include <stdlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "buffer.h"
#include "decoder_frame.h"
#include "decoder_input.h"

enum { WINDOW_LOG_MOST = 27 }; /* 128 MiB */

struct decoder {
	const char *name;
	ZSTD_DCtx *context;
	struct decoder_input input;
	bool inside_frame;
	struct frame_header header; /* of the frame that is being decoded */
	uint64_t frame_bytes;	    /* what came of it so far */
	uint64_t frames;
	uint64_t output_bytes;
	uint64_t limit;
};

struct decoder *decoder_open(int fd, const char *name)
{
	struct decoder *decoder = allocate(1, sizeof *decoder);

	decoder->name = name;
	decoder->limit = DECODER_LIMIT;
	decoder->context = ZSTD_createDCtx();
	if (decoder->context == NULL ||
	    ZSTD_isError(ZSTD_DCtx_setParameter(decoder->context, ZSTD_d_windowLogMax,
						WINDOW_LOG_MOST)))
		die("out of memory");
	decoder_input_start(&decoder->input, fd);
	return decoder;
}

void decoder_close(struct decoder *decoder)
{
	if (decoder == NULL)
		return;
	decoder_input_stop(&decoder->input);
	ZSTD_freeDCtx(decoder->context);
	free(decoder);
}

void decoder_limit(struct decoder *decoder, uint64_t most)
{
	decoder->limit = most;
}

uint64_t decoder_input_bytes(const struct decoder *decoder)
{
	return decoder->input.total;
}

void decoder_input_digest(struct decoder *decoder, char hex[HASH_HEX_SIZE + 1])
{
	hash_aside_digest_hex(&decoder->input.hash, hex);
}

static bool refuse_damage(size_t result, struct reason *why)
{
	switch (ZSTD_getErrorCode(result)) {
	case ZSTD_error_checksum_wrong:
		return refuse(why, "the zstd frame's checksum is wrong [§3.1.3]");
	case ZSTD_error_dictionary_wrong:
		return refuse(why, "a zstd frame that needs a dictionary [§3.1.3]");
	default:
		return refuse(why, "a damaged zstd frame (%s) [§3.1.3]",
			      ZSTD_getErrorName(result));
	}
}

static bool decode(struct decoder *decoder, ZSTD_outBuffer *output, struct reason *why)
{
	size_t result =
		ZSTD_decompressStream(decoder->context, output, &decoder->input.pending);

	if (ZSTD_isError(result))
		return refuse_damage(result, why);
	decoder->frame_bytes += output->pos;
	decoder->inside_frame = result > 0;
	if (!decoder->inside_frame && decoder->header.has_content_size &&
	    decoder->header.content_size != decoder->frame_bytes)
		return refuse(why, "a zstd frame of %llu bytes that says %llu [§3.1.3]",
			      (unsigned long long)decoder->frame_bytes,
			      (unsigned long long)decoder->header.content_size);
	return true;
}

/* Enters the frame that starts at bytes, which is input.pos. libzstd decodes a small
 * frame at a stroke when there is room for all of it, and then checks other things than
 * it does in a stream: the first call has no room. */
static bool enter_frame(struct decoder *decoder, const unsigned char *bytes, size_t count,
			struct reason *why)
{
	char nothing;
	ZSTD_outBuffer no_room = {&nothing, 0, 0};

	frame_header_read(&decoder->header, bytes, count);
	if (decoder->header.window_size > UINT64_C(1) << WINDOW_LOG_MOST)
		return refuse(why, "a zstd window over %d MiB [§3.1.3]",
			      1 << (WINDOW_LOG_MOST - 20));
	decoder->frame_bytes = 0;
	decoder->frames++;
	return decode(decoder, &no_room, why);
}

/* Between frames: enters the next one, or sets *ended where the input ends. libzstd alone
 * would pass over skippable frames and take those of its first versions. */
static bool next_frame(struct decoder *decoder, bool *ended, struct reason *why)
{
	const unsigned char *next;
	size_t count;

	if (decoder_input_count(&decoder->input) < FRAME_HEADER_MOST &&
	    !decoder->input.ended && !decoder_input_refill(&decoder->input, why))
		return false;
	next = decoder_input_next(&decoder->input);
	count = decoder_input_count(&decoder->input);
	*ended = count == 0 && decoder->frames > 0;
	if (*ended)
		return true;
	if (count == 0)
		return refuse(why, "empty, no zstd frame [§3.1.3]");
	if (!frame_starts(next, count))
		return frame_refuse_foreign(next, count, decoder->frames > 0, why);
	return enter_frame(decoder, next, count, why);
}

/* Goes on inside a frame; *made says how many bytes came of it, perhaps none. */
static bool decode_some(struct decoder *decoder, void *bytes, size_t room, size_t *made,
			struct reason *why)
{
	ZSTD_outBuffer output = {bytes, room, 0};

	*made = 0;
	if (!decode(decoder, &output, why))
		return false;
	*made = output.pos;
	if (!decoder->inside_frame || output.pos > 0 ||
	    decoder_input_count(&decoder->input) > 0)
		return true;
	if (!decoder->input.ended && !decoder_input_refill(&decoder->input, why))
		return false;
	return decoder_input_count(&decoder->input) > 0 ||
	       refuse(why, "the zstd frame is cut short [§3.1.3]");
}

static bool decode_up_to(struct decoder *decoder, void *bytes, size_t count, size_t *got,
			 struct reason *why)
{
	bool ended = false;
	size_t made;

	*got = 0;
	while (*got < count && !ended) {
		if (!decoder->inside_frame) {
			if (!next_frame(decoder, &ended, why))
				return false;
			continue;
		}
		if (!decode_some(decoder, (char *)bytes + *got, count - *got, &made, why))
			return false;
		*got += made;
		decoder->output_bytes += made;
		if (decoder->output_bytes > decoder->limit) {
			*got -= (size_t)(decoder->output_bytes - decoder->limit);
			return refuse(why, "more than %llu bytes come out [§3.5.4]",
				      (unsigned long long)decoder->limit);
		}
	}
	return true;
}

bool decoder_read(struct decoder *decoder, void *bytes, size_t count, size_t *got,
		  struct reason *why)
{
	if (decode_up_to(decoder, bytes, count, got, why))
		return true;
	return decoder->name == NULL ? false : refuse_in(why, "%s", decoder->name);
}

bool decoder_source(void *decoder, void *bytes, size_t count, size_t *got,
		    struct reason *why)
{
	return decoder_read(decoder, bytes, count, got, why);
}
