/* pk-get: document + paths -> values, one a line. */
#include <stdlib.h>
#include <unistd.h>

#include "cli.h"
#include "input.h"
#include "io.h"
#include "json.h"
#include "json_path.h"

static const char usage[] = "usage: pk-get [-0] PATH...\n";

enum { DOCUMENT_MOST = 64 * 1024 * 1024 };

static void parse_paths(struct json_path *paths, char *texts[], size_t count)
{
	struct reason why;

	for (size_t i = 0; i < count; i++)
		if (!json_path_parse(&paths[i], texts[i], &why))
			usage_error("path '%s': %s", texts[i], why.text);
}

/* Nothing is written before every value is known to be there. */
static void put_values(const struct json_path *paths, size_t count, char end)
{
	struct buffer text = {0}, out = {0};
	struct json json;
	struct reason why;

	if (!input_document(NULL, DOCUMENT_MOST, &text, &why))
		die("%s", why.text);
	if (!json_parse(&json, text.data, text.length, &why))
		die("standard input: %s", why.text);
	for (size_t i = 0; i < count; i++)
		if (!json_path_put(&out, &json, &paths[i], end, &why))
			die("%s", why.text);
	json_free(&json);
	buffer_free(&text);
	output(out.data, out.length);
	buffer_free(&out);
}

int main(int argc, char *argv[])
{
	struct json_path *paths;
	size_t count;
	char end = '\n';

	cli_start("pk-get", usage);
	while (cli_option(argc, argv, "0") != -1)
		end = '\0';
	if (optind == argc)
		usage_error("no path");
	count = (size_t)(argc - optind);
	paths = allocate(count, sizeof *paths);
	parse_paths(paths, argv + optind, count);
	put_values(paths, count, end);
	for (size_t i = 0; i < count; i++)
		json_path_free(&paths[i]);
	free(paths);
	output_finish();
	return 0;
}
