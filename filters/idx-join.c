/* idx-join: index entries -> index document. */
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "buffer.h"
#include "cli.h"
#include "index.h"
#include "input.h"
#include "io.h"
#include "report.h"
#include "utf8.h"

static const char usage[] =
	"usage: idx-join -k active|archive -r REPO -i INDEX_VERSION -g GENERATED_AT\n";

/* Bytes gathered before they are written. */
enum { OUTPUT_SIZE = 64 * 1024 };

/* A document on its way out. */
struct document_output {
	struct buffer pending;
	size_t length; /* of the whole, pending included */
};

static void put(struct document_output *out, const char *bytes, size_t count)
{
	if (count > INDEX_LIMIT - out->length)
		die("the index: over the limit of %d bytes", INDEX_LIMIT);
	buffer_add(&out->pending, bytes, count);
	out->length += count;
	if (out->pending.length >= OUTPUT_SIZE) {
		output(out->pending.data, out->pending.length);
		buffer_clear(&out->pending);
	}
}

static void put_entries(struct document_output *out)
{
	struct reason why;
	struct buffer line = {0};
	struct input *in = input_open(NULL, &why);
	size_t count = 0;

	while (input_line(in, &line, INDEX_ENTRY_LIMIT, &why)) {
		if (!index_check_entry(line.data, line.length, &why))
			die("%s: line %zu: %s", input_name(in), count + 1, why.text);
		if (count++ > 0)
			put(out, ",", 1);
		put(out, line.data, line.length);
	}
	if (why.text[0] != '\0')
		die("%s", why.text);
	input_close(in);
	buffer_free(&line);
}

static void put_document(const struct index_header *header)
{
	struct document_output out = {0};

	index_put_header(&out.pending, header);
	buffer_add_text(&out.pending, ",\"packages\":[");
	out.length = out.pending.length;
	put_entries(&out);
	put(&out, "]}\n", 3);
	output(out.pending.data, out.pending.length);
	buffer_free(&out.pending);
}

static enum index_kind parse_kind(const char *name)
{
	enum index_kind kind;

	if (!index_kind_find(name, &kind))
		usage_error("-k: 'active' or 'archive' is wanted, not '%s'", name);
	return kind;
}

static char *parse_repo(char *repo)
{
	if (*repo == '\0' || !utf8_valid(repo, strlen(repo)))
		usage_error("-r: the name is empty or not UTF-8");
	return repo;
}

int main(int argc, char *argv[])
{
	struct index_header header = {0};
	bool has_kind = false, has_time = false;
	int option;

	cli_start("idx-join", usage);
	while ((option = cli_option(argc, argv, "k:r:i:g:")) != -1) {
		if (option == 'k')
			header.kind = parse_kind(optarg);
		else if (option == 'r')
			header.repo = parse_repo(optarg);
		else if (option == 'i')
			header.index_version = cli_number('i', optarg, 1, INT64_MAX);
		else
			header.generated_at = cli_timestamp('g', optarg);
		has_kind = has_kind || option == 'k';
		has_time = has_time || option == 'g';
	}
	if (optind < argc)
		usage_error("the entries come on standard input");
	if (!has_kind || header.repo == NULL || header.index_version == 0 || !has_time)
		usage_error("-k, -r, -i and -g are wanted");
	put_document(&header);
	output_finish();
	return 0;
}
