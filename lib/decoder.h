/* Zstandard frames, read from a descriptor as one stream of decoded bytes (§3.1.3).
 *
 * Frames may follow one another, with or without a checksum, with windows up to 128 MiB
 * (windowLog 27). Refused, each with a message of its own: no frame at all, skippable
 * frames, anything else that is no frame (at the start or behind a frame), a frame cut
 * short, a wrong checksum, other damage, a frame that needs a dictionary, a larger
 * window, more output than the limit. Whether something is refused hangs on the bytes
 * alone, not on how they come in or are asked for.
 *
 * Memory: a fixed input buffer, and what the frame's window asks for. */
#ifndef DECODER_H
#define DECODER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hash.h"
#include "report.h"

/* What comes out at most unless decoder_limit says otherwise: 4 GiB (§3.5.4). */
#define DECODER_LIMIT (UINT64_C(4) << 30)

struct decoder;

/* Decodes what fd holds from its current position on. name is what messages call it, null
 * when the caller says that itself; it has to stay valid, and fd open, until
 * decoder_close, which leaves fd alone. Ends the program when there is no memory. */
struct decoder *decoder_open(int fd, const char *name);
void decoder_close(struct decoder *decoder);

/* Refuses once more than `most` bytes have come out in all. */
void decoder_limit(struct decoder *decoder, uint64_t most);

/* Reads count decoded bytes; fewer, in *got, only where the last frame and the input end,
 * so that *got < count says that all of it was whole. Returns false with a reason, which
 * starts with the name, when reading fails or the input is refused; *got is then how many
 * good bytes came before that. */
bool decoder_read(struct decoder *decoder, void *bytes, size_t count, size_t *got,
		  struct reason *why);

/* As decoder_read, for those that take any source of bytes (see tar.h). */
bool decoder_source(void *decoder, void *bytes, size_t count, size_t *got,
		    struct reason *why);

/* How many compressed bytes were read so far (some of them perhaps not decoded yet: all
 * of the input once decoder_read came to its end), and their SHA-256. */
uint64_t decoder_input_bytes(const struct decoder *decoder);
void decoder_input_digest(struct decoder *decoder, char hex[HASH_HEX_SIZE + 1]);

#endif
