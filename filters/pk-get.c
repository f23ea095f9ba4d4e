/* pk-get: document + paths -> values, one a line. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli.h"
#include "input.h"
#include "io.h"
#include "json.h"
#include "json_path.h"

static const char usage[] = "usage: pk-get [-0l] PATH...\n";

enum { DOCUMENT_MOST = 64 * 1024 * 1024 };

/* What is to be taken out of a document. */
struct request {
	struct json_path *paths;
	size_t count;
	char end; /* behind each value */
};

static void parse_paths(struct request *request, char *texts[])
{
	struct reason why;

	request->paths = allocate(request->count, sizeof *request->paths);
	for (size_t i = 0; i < request->count; i++)
		if (!json_path_parse(&request->paths[i], texts[i], &why))
			usage_error("path '%s': %s", texts[i], why.text);
}

static void free_paths(struct request *request)
{
	for (size_t i = 0; i < request->count; i++)
		json_path_free(&request->paths[i]);
	free(request->paths);
}

/* Puts the values of one document into *out, all of them. place is what messages say of
 * where it stands in the input. */
static void take_values(struct buffer *out, const struct buffer *document,
			const struct request *request, const char *place)
{
	struct json json;
	struct reason why;

	buffer_clear(out);
	if (!json_parse(&json, document->data, document->length, &why))
		die("standard input: %s%s", place, why.text);
	for (size_t i = 0; i < request->count; i++)
		if (!json_path_put(out, &json, &request->paths[i], request->end, &why))
			die("%s%s", place, why.text);
	json_free(&json);
}

static void put_values(const struct request *request)
{
	struct buffer document = {0}, out = {0};
	struct reason why;

	if (!input_document(NULL, DOCUMENT_MOST, &document, &why))
		die("%s", why.text);
	take_values(&out, &document, request, "");
	output(out.data, out.length);
	buffer_free(&document);
	buffer_free(&out);
}

static void put_values_of_lines(const struct request *request)
{
	struct buffer line = {0}, out = {0};
	unsigned long long number = 0;
	struct reason why;
	struct input *in = input_open(NULL, &why);

	while (input_line(in, &line, DOCUMENT_MOST, &why)) {
		char place[32];

		snprintf(place, sizeof place, "line %llu: ", ++number);
		take_values(&out, &line, request, place);
		output_gathered(out.data, out.length);
	}
	if (why.text[0] != '\0')
		die("%s", why.text);
	input_close(in);
	buffer_free(&line);
	buffer_free(&out);
}

int main(int argc, char *argv[])
{
	struct request request = {.end = '\n'};
	bool takes_lines = false;
	int option;

	cli_start("pk-get", usage);
	while ((option = cli_option(argc, argv, "0l")) != -1) {
		if (option == '0')
			request.end = '\0';
		else
			takes_lines = true;
	}
	if (optind == argc)
		usage_error("no path");
	request.count = (size_t)(argc - optind);
	parse_paths(&request, argv + optind);
	if (takes_lines)
		put_values_of_lines(&request);
	else
		put_values(&request);
	free_paths(&request);
	output_finish();
	return 0;
}
