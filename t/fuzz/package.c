/* Packages verified; an input that starts with 'z' is one as it stands behind that. */
#include "package.h"

#include <sys/mman.h>
#include <unistd.h>
#include <zstd.h>

#include "archive.h"
#include "io.h"

static void put_package(struct buffer *out, const uint8_t *data, size_t size)
{
	struct buffer archive = {0};
	size_t most, length;

	if (size > 0 && data[0] == 'z') {
		buffer_add(out, data + 1, size - 1);
		return;
	}
	put_archive(&archive, data, size);
	most = ZSTD_compressBound(archive.length);
	length = ZSTD_compress(buffer_reserve(out, most), most, archive.data,
			       archive.length, 1);
	must(!ZSTD_isError(length));
	out->length += length;
	buffer_free(&archive);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct trust trust = {0};
	struct policy policy = {.trust = &trust, .allows_unsigned = true};
	struct buffer bytes = {0};
	struct package package;
	struct reason why;
	int fd = memfd_create("package", MFD_CLOEXEC);

	put_package(&bytes, data, size);
	must(fd >= 0 && write_full(fd, bytes.data, bytes.length) &&
	     lseek(fd, 0, SEEK_SET) == 0);
	if (package_verify(&package, fd, "package", &policy, &why))
		must(package.size_compressed == bytes.length &&
		     package.signed_by[0] == '\0');
	package_free(&package);
	close(fd);
	buffer_free(&bytes);
	return 0;
}
