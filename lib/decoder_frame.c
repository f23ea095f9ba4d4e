#include "decoder_frame.h"

#include <string.h>
#include <zstd.h>

enum {
	MAGIC_SIZE = 4,
	TAR_MAGIC_AT = 257,
	SINGLE_SEGMENT = 0x20, /* in the frame header descriptor: no window descriptor */
};

static uint64_t little_endian(const unsigned char *bytes, size_t count)
{
	uint64_t number = 0;

	while (count-- > 0)
		number = number << 8 | bytes[count];
	return number;
}

bool frame_starts(const unsigned char *bytes, size_t count)
{
	size_t compared = count < MAGIC_SIZE ? count : MAGIC_SIZE;

	return little_endian(bytes, compared) ==
	       (ZSTD_MAGICNUMBER & ((UINT64_C(1) << 8 * compared) - 1));
}

bool frame_refuse_foreign(const unsigned char *bytes, size_t count, bool behind_frame,
			  struct reason *why)
{
	if (count >= MAGIC_SIZE &&
	    (little_endian(bytes, MAGIC_SIZE) & ZSTD_MAGIC_SKIPPABLE_MASK) ==
		    ZSTD_MAGIC_SKIPPABLE_START)
		return refuse(why, "a skippable zstd frame [§3.1.3]");
	if (behind_frame)
		return refuse(why, "bytes behind the last zstd frame [§3.1.3]");
	if (count >= 2 && bytes[0] == 0x1F && bytes[1] == 0x8B)
		return refuse(why, "gzip, not zstd [§3.1.3]");
	if (count >= TAR_MAGIC_AT + 5 && memcmp(bytes + TAR_MAGIC_AT, "ustar", 5) == 0)
		return refuse(why, "a bare tar, not zstd [§3.1.3]");
	return refuse(why, "not zstd [§3.1.3]");
}

void frame_header_read(struct frame_header *header, const unsigned char *bytes,
		       size_t count)
{
	static const size_t dictionary_id_sizes[] = {0, 1, 2, 4};
	static const size_t content_size_sizes[] = {0, 2, 4, 8};
	unsigned char descriptor = count > MAGIC_SIZE ? bytes[MAGIC_SIZE] : 0;
	bool single_segment = (descriptor & SINGLE_SEGMENT) != 0;
	size_t window_at = MAGIC_SIZE + 1;
	size_t content_at =
		window_at + !single_segment + dictionary_id_sizes[descriptor & 3];
	size_t content_length = content_size_sizes[descriptor >> 6];

	*header = (struct frame_header){0};
	if (single_segment && content_length == 0)
		content_length = 1;
	if (count < content_at + content_length)
		return;
	if (content_length > 0) {
		header->has_content_size = true;
		header->content_size = little_endian(bytes + content_at, content_length);
		if (content_length == 2)
			header->content_size += 256;
	}
	header->window_size = header->content_size;
	if (!single_segment)
		header->window_size = (UINT64_C(8) + (bytes[window_at] & 7))
				      << (7 + (bytes[window_at] >> 3));
}
