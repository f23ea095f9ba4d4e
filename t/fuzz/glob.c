/* Two lines: a pattern and a path. */
#include "glob.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reason why;
	const char *path;
	char *pattern;

	two_texts(data, size, &pattern, &path);
	if (glob_check(pattern, &why))
		(void)glob_match(pattern, path);
	free(pattern);
	return 0;
}
