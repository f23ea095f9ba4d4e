/* Decodes base64, each text with a NUL behind it: -> a line of its bytes in hexadecimal,
 * a blank, and the base64 of these bytes; or "refused: " and why. */
#include "base64.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli.h"
#include "hash.h"
#include "io.h"

static void print_decoded(const struct buffer *bytes)
{
	struct buffer again = {0};
	char *hex = allocate(2 * bytes->length + 1, 1);

	hex_encode((const unsigned char *)bytes->data, bytes->length, hex);
	base64_put(&again, bytes->data, bytes->length);
	printf("%s %s\n", hex, again.data);
	buffer_free(&again);
	free(hex);
}

int main(void)
{
	struct buffer bytes = {0};
	char *line = NULL;
	size_t size = 0;
	ssize_t length;

	cli_start("base64", "");
	while ((length = getdelim(&line, &size, '\0', stdin)) > 0) {
		struct reason why;

		if (base64_decode(line, (size_t)length - 1, &bytes, &why))
			print_decoded(&bytes);
		else
			printf("refused: %s\n", why.text);
		buffer_clear(&bytes);
	}
	buffer_free(&bytes);
	free(line);
	output_finish();
	return 0;
}
