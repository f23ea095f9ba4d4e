/* farm-recipe: recipe document -> what a farm wants to know of it. */
#include <unistd.h>

#include "cli.h"
#include "document.h"
#include "farm_recipe.h"
#include "io.h"
#include "recipe.h"
#include "upstream.h"

static const char usage[] = "usage: farm-recipe -n NAME\n";

/* The warnings of recipe_check are those of pk-recipe, which stands in front. */
static bool check(const struct json *json, struct findings *found)
{
	struct findings shown = {.hides_warnings = true};
	bool makes_packages = recipe_check(json, &shown);

	return upstream_check(json, found) && makes_packages;
}

int main(int argc, char *argv[])
{
	const char *name = NULL;
	struct findings found = {0};
	struct document recipe;
	struct buffer out = {0};
	struct reason why;
	bool good;

	cli_start("farm-recipe", usage);
	while (cli_option(argc, argv, "n:") != -1)
		name = optarg;
	if (name == NULL)
		usage_error("-n is wanted");
	if (optind < argc)
		usage_error("'%s': the recipe is read from standard input", argv[optind]);
	if (!farm_recipe_check_name(name, &why) ||
	    !document_read(&recipe, NULL, RECIPE_MOST, &why))
		die("%s", why.text);
	good = check(&recipe.json, &found) &&
	       farm_recipe_put(&out, &recipe.json, name, &found);
	buffer_add_byte(&out, '\n');
	if (good)
		output(out.data, out.length);
	document_free(&recipe);
	buffer_free(&out);
	output_finish();
	return good ? 0 : 1;
}
