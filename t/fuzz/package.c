/* Packages verified, one key trusted. What is accepted is what the bytes are, has an
 * entry that an index takes, and, signed, not one bit that could be another. */
#include "package.h"

#include <sys/mman.h>
#include <unistd.h>

#include "index_entry.h"
#include "io.h"
#include "package_input.h"

static bool verify(struct package *package, const struct buffer *bytes)
{
	struct policy policy = {.trust = test_trust(), .allows_unsigned = true};
	struct reason why;
	int fd = memfd_create("package", MFD_CLOEXEC);
	bool good;

	must(fd >= 0 && write_full(fd, bytes->data, bytes->length) &&
	     lseek(fd, 0, SEEK_SET) == 0);
	good = package_verify(package, fd, "package", &policy, &why);
	close(fd);
	return good;
}

static void must_be_these_bytes(const struct package *package, const struct buffer *bytes)
{
	unsigned char digest[HASH_SIZE];
	char hex[HASH_HEX_SIZE + 1];

	hash_bytes(bytes->data, bytes->length, digest);
	hex_encode(digest, HASH_SIZE, hex);
	must(package->size_compressed == bytes->length);
	must(strcmp(package->hash, hex) == 0);
	must(package->signed_by[0] == '\0' ||
	     strcmp(package->signed_by, test_key()->public_key.fingerprint) == 0);
}

static void must_have_an_entry(const struct package *package)
{
	struct findings found = {0};
	struct buffer line = {0};
	struct index_entry entry;
	struct reason why;

	package_put_entry(&line, package, "/p/x");
	must(index_entry_parse(&entry, line.data, line.length, &why));
	index_entry_check(&entry, &found);
	must(found.errors == 0);
	index_entry_free(&entry);
	buffer_free(&line);
}

/* Which bit it is, the input says. */
static void must_not_be_changed(struct buffer *archive, const uint8_t *data, size_t size)
{
	struct buffer bytes = {0};
	struct package package;
	uint64_t bit = 0;

	for (size_t i = 0; i < size; i++)
		bit = bit * 31 + data[i];
	bit %= archive->length * 8;
	archive->data[bit / 8] ^= (char)(1 << bit % 8);
	put_compressed(&bytes, archive);
	must(!verify(&package, &bytes));
	package_free(&package);
	buffer_free(&bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buffer bytes = {0}, archive = {0};
	struct package package;

	put_package(&bytes, &archive, data, size);
	if (verify(&package, &bytes)) {
		must_be_these_bytes(&package, &bytes);
		must_have_an_entry(&package);
		if (package.signed_by[0] != '\0' && archive.length > 0)
			must_not_be_changed(&archive, data, size);
	}
	package_free(&package);
	buffer_free(&archive);
	buffer_free(&bytes);
	return 0;
}
