/* The compressed input of a decoder: read in large pieces, hashed as it is read. */
#ifndef DECODER_INPUT_H
#define DECODER_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <zstd.h>

#include "hash_aside.h"
#include "report.h"

/* Start with decoder_input_start; give back with decoder_input_stop. */
struct decoder_input {
	int fd;
	unsigned char *bytes;
	ZSTD_inBuffer pending; /* of them, [pos..size) is read and not decoded yet */
	bool ended;
	uint64_t total; /* bytes read so far */
	struct hash_aside hash;
};

/* Reads what fd, which stays the caller's, holds from its current position on. */
void decoder_input_start(struct decoder_input *input, int fd);
void decoder_input_stop(struct decoder_input *input);

/* How many bytes are pending, and the first of them. */
size_t decoder_input_count(const struct decoder_input *input);
const unsigned char *decoder_input_next(const struct decoder_input *input);

/* Reads more behind what is pending; none only when the input ended. Fails with the
 * message of errno as the reason. */
bool decoder_input_refill(struct decoder_input *input, struct reason *why);

#endif
