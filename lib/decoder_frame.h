/* How zstd frames begin (RFC 8878, 3.1.1), for what libzstd takes and §3.1 does not. */
#ifndef DECODER_FRAME_H
#define DECODER_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report.h"

/* A frame's header is at most this long, magic number included. */
enum { FRAME_HEADER_MOST = 18 };

/* Whether bytes[0..count) begins as a frame does; when it is shorter than the magic
 * number, whether the frame may have been cut there. */
bool frame_starts(const unsigned char *bytes, size_t count);

/* Says what the bytes are that do not begin as a frame does, at the start of the input or
 * behind a frame; 262 bytes tell all that can be told. Returns false. */
bool frame_refuse_foreign(const unsigned char *bytes, size_t count, bool behind_frame,
			  struct reason *why);

/* What a frame's header says of the frame. */
struct frame_header {
	uint64_t window_size; /* how much of its output a decoder has to keep */
	bool has_content_size;
	uint64_t content_size;
};

/* Reads the header that bytes[0..count) begins with; one that is cut short is read as
 * saying nothing. */
void frame_header_read(struct frame_header *header, const unsigned char *bytes,
		       size_t count);

#endif
