/* pk-claim: entries -> entries with the package that each belongs to. */
#include <stdlib.h>
#include <unistd.h>

#include "claim.h"
#include "cli.h"
#include "document.h"
#include "fields.h"
#include "identity.h"
#include "input.h"
#include "io.h"
#include "manifest.h"
#include "recipe.h"

static const char usage[] = "usage: pk-claim RECIPE\n"
			    "       pk-claim -m MANIFEST\n";

static void read_recipe(const char *path, struct claimants *claimants)
{
	struct findings found = {.hides_warnings = true};
	struct document recipe;
	struct reason why;

	if (!document_read(&recipe, path, RECIPE_MOST, &why))
		die("%s", why.text);
	if (!recipe_check(&recipe.json, &found))
		exit(1);
	if (!claimants_from_recipe(claimants, &recipe.json, &why))
		die("%s: %s", path, why.text);
	document_free(&recipe);
}

static void read_manifest(const char *path, struct claimants *claimants)
{
	struct document manifest;
	struct reason why;
	char *name, *architecture;

	if (!document_read(&manifest, path, MANIFEST_LIMIT, &why))
		die("%s", why.text);
	if (!field_required_text(&manifest.json, 0, "name", &name, &why) ||
	    !field_required_text(&manifest.json, 0, "architecture", &architecture,
				 &why) ||
	    !identity_check_name(name, &why) ||
	    !identity_check_architecture(architecture, &why))
		die("%s: %s", path, why.text);
	claimants_take_all(claimants, name, architecture);
	free(name);
	free(architecture);
	document_free(&manifest);
}

static void claim(struct claimants *claimants)
{
	struct entry_list list = {0};
	struct findings found = {0};
	struct buffer out = {0};
	struct reason why;
	struct input *in = input_open(NULL, &why);

	if (!entry_list_read(in, NULL, &list, &why))
		die("%s", why.text);
	input_close(in);
	claim_entries(claimants, &list, &out, &found);
	if (found.errors > 0)
		exit(1);
	output(out.data, out.length);
	buffer_free(&out);
	entry_list_free(&list);
}

int main(int argc, char *argv[])
{
	struct claimants claimants = {0};
	const char *manifest = NULL;

	cli_start("pk-claim", usage);
	while (cli_option(argc, argv, "m:") != -1)
		manifest = optarg;
	if (argc - optind != (manifest == NULL))
		usage_error("either a recipe or -m is wanted");
	if (manifest != NULL)
		read_manifest(manifest, &claimants);
	else
		read_recipe(argv[optind], &claimants);
	claim(&claimants);
	claimants_free(&claimants);
	output_finish();
	return 0;
}
