/* pk-recipe: recipe document -> the same, checked. */
#include <stdlib.h>
#include <unistd.h>

#include "cli.h"
#include "input.h"
#include "io.h"
#include "json.h"
#include "recipe.h"
#include "upstream.h"

static const char usage[] = "usage: pk-recipe [-u]\n";

typedef bool check_function(const struct json *json, struct findings *found);

static void read_document(struct buffer *text, struct json *json)
{
	struct reason why;

	if (!input_document(NULL, RECIPE_MOST, text, &why))
		die("%s", why.text);
	if (!json_parse(json, text->data, text->length, &why))
		die("standard input: %s", why.text);
}

static void write_document(const struct json *json)
{
	struct buffer out = {0};

	json_put_value(&out, json, 0);
	buffer_add_byte(&out, '\n');
	output(out.data, out.length);
	buffer_free(&out);
}

int main(int argc, char *argv[])
{
	check_function *check = recipe_check;
	struct findings found = {0};
	struct buffer text = {0};
	struct json json;
	bool good;

	cli_start("pk-recipe", usage);
	while (cli_option(argc, argv, "u") != -1)
		check = upstream_check;
	if (optind < argc)
		usage_error("'%s': the recipe is read from standard input", argv[optind]);
	read_document(&text, &json);
	good = check(&json, &found);
	if (good)
		write_document(&json);
	json_free(&json);
	buffer_free(&text);
	output_finish();
	return good ? 0 : 1;
}
