/* idx-split: index document -> its entries, or what it says besides them. */
#include <unistd.h>

#include "buffer.h"
#include "cli.h"
#include "index.h"
#include "io.h"

static const char usage[] = "usage: idx-split [-m] [INDEX]\n";

/* Bytes gathered before they are written. */
enum { OUTPUT_SIZE = 64 * 1024 };

static void put_entries(struct index *index)
{
	struct buffer out = {0}, *entry;
	struct reason why;

	while (index_next(index, &entry, &why)) {
		buffer_add(&out, entry->data, entry->length);
		buffer_add_byte(&out, '\n');
		if (out.length >= OUTPUT_SIZE) {
			output(out.data, out.length);
			buffer_clear(&out);
		}
	}
	if (why.text[0] != '\0')
		die("%s: %s", index_name(index), why.text);
	output(out.data, out.length);
	buffer_free(&out);
}

static void put_header(struct index *index)
{
	struct buffer out = {0};
	struct reason why;

	if (!index_read_header(index, &why))
		die("%s: %s", index_name(index), why.text);
	index_put_header(&out, index_header(index));
	buffer_add_text(&out, "}\n");
	output(out.data, out.length);
	buffer_free(&out);
}

int main(int argc, char *argv[])
{
	bool header_only = false;
	struct index *index;
	struct reason why;

	cli_start("idx-split", usage);
	while (cli_option(argc, argv, "m") != -1)
		header_only = true;
	if (argc - optind > 1)
		usage_error("more than one index");
	index = index_open(argv[optind], &why);
	if (index == NULL)
		die("%s", why.text);
	if (header_only)
		put_header(index);
	else
		put_entries(index);
	index_close(index);
	output_finish();
	return 0;
}
