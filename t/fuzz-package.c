/* fuzz-package < input > package: what t/fuzz/package makes of an input. */
#include "fuzz/package_input.h"

#include "cli.h"
#include "input.h"
#include "io.h"

enum { INPUT_MOST = 1 << 30 };

int main(void)
{
	struct buffer input = {0}, package = {0}, archive = {0};
	struct reason why;

	cli_start("fuzz-package", "");
	if (!input_document(NULL, INPUT_MOST, &input, &why))
		die("%s", why.text);
	put_package(&package, &archive, (const uint8_t *)input.data, input.length);
	output(package.data, package.length);
	buffer_free(&archive);
	buffer_free(&package);
	buffer_free(&input);
	output_finish();
	return 0;
}
