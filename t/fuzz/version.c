/* Two lines: versions in each other's order, and the second a constraint on the first. */
#include "version.h"

#include "constraint.h"
#include "fuzz.h"

static void compare(const struct version *version, const char *text)
{
	struct version other;
	struct reason why;

	if (!version_parse(&other, text, &why))
		return;
	must(version_compare(version, version) == 0);
	must(version_compare(version, &other) == -version_compare(&other, version));
	(void)version_is_prerelease(&other);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct version version;
	struct reason why;
	const char *second;
	char *first;
	bool matches;

	two_texts(data, size, &first, &second);
	if (version_parse(&version, first, &why)) {
		compare(&version, second);
		must(constraint_matches(second, &version, &matches, &why) ==
		     constraint_check(second, &why));
	}
	free(first);
	return 0;
}
