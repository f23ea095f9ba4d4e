#include "decoder_input.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "io.h"

enum {
	INPUT_SIZE = 256 * 1024,
	FIRST_SIZE = 128 * 1024, /* enough for who wants the beginning only */
};

void decoder_input_start(struct decoder_input *input, int fd)
{
	*input = (struct decoder_input){.fd = fd};
	input->bytes = allocate(INPUT_SIZE, 1);
	input->pending.src = input->bytes;
	hash_aside_start(&input->hash);
}

void decoder_input_stop(struct decoder_input *input)
{
	hash_aside_stop(&input->hash);
	free(input->bytes);
}

size_t decoder_input_count(const struct decoder_input *input)
{
	return input->pending.size - input->pending.pos;
}

const unsigned char *decoder_input_next(const struct decoder_input *input)
{
	return input->bytes + input->pending.pos;
}

/* Moves what is pending to the front and reads more behind it. */
bool decoder_input_refill(struct decoder_input *input, struct reason *why)
{
	size_t left = decoder_input_count(input);
	size_t wanted = input->total == 0 ? FIRST_SIZE : INPUT_SIZE - left;
	ssize_t count;

	hash_aside_wait(&input->hash);
	memmove(input->bytes, decoder_input_next(input), left);
	input->pending.pos = 0;
	input->pending.size = left;
	count = read_full(input->fd, input->bytes + left, wanted);
	if (count < 0)
		return refuse(why, "%s", strerror(errno));
	hash_aside_update(&input->hash, input->bytes + left, (size_t)count);
	input->pending.size += (size_t)count;
	input->total += (uint64_t)count;
	input->ended = (size_t)count < wanted;
	return true;
}
