/* The package that an input stands for: one as it lies there behind a 'z', else the
 * archive of archive.h, compressed. */
#ifndef PACKAGE_INPUT_H
#define PACKAGE_INPUT_H

#include <zstd.h>

#include "archive.h"

static inline void put_compressed(struct buffer *out, const struct buffer *archive)
{
	size_t most = ZSTD_compressBound(archive->length);
	size_t length = ZSTD_compress(buffer_reserve(out, most), most, archive->data,
				      archive->length, 1);

	must(!ZSTD_isError(length));
	out->length += length;
}

/* Appends the package. *archive is what was compressed, empty for one as it lies there.
 */
static inline void put_package(struct buffer *out, struct buffer *archive,
			       const uint8_t *data, size_t size)
{
	if (size > 0 && data[0] == 'z') {
		buffer_add(out, data + 1, size - 1);
		return;
	}
	put_archive(archive, data, size);
	put_compressed(out, archive);
}

#endif
