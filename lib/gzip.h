/* gzip data inflated piece by piece: any number of members behind one another (RFC 1952),
 * and nothing else between or behind them, which zlib's own reading of files would pass
 * over. */
#ifndef GZIP_H
#define GZIP_H

#include <stdbool.h>
#include <stddef.h>

#define ZLIB_CONST /* its input is const */
#include <zlib.h>

/* Start with gzip_start; give back with gzip_end. */
struct gzip {
	z_stream stream;
	bool inside_member; /* begun and not ended: the data must go on */
};

/* Whether bytes[0..count) begin as a member does. */
bool gzip_begins(const unsigned char *bytes, size_t count);

/* Returns false when there is no memory; no gzip_end is needed then. */
bool gzip_start(struct gzip *gzip);
void gzip_end(struct gzip *gzip);

/* Inflates from bytes[0..count), of which there has to be one at least, into
 * out[0..room), until either is used up or a member ends. *used and *made become how many
 * bytes were taken and written. Returns false when the data are bad. */
bool gzip_inflate(struct gzip *gzip, const unsigned char *bytes, size_t count,
		  size_t *used, void *out, size_t room, size_t *made);

#endif
