/* pk-manifest: hashed entries + recipe or manifest + facts of the build -> manifest. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "document.h"
#include "entry.h"
#include "fields.h"
#include "files.h"
#include "io.h"
#include "manifest.h"
#include "manifest_check.h"
#include "recipe.h"

static const char usage[] =
	"usage: pk-manifest -r RECIPE -p NAME -v VERSION -t TIMESTAMP -f FARM_ID\n"
	"                   -s SOURCE_REF\n"
	"       pk-manifest -m MANIFEST\n";

/* The texts of a manifest that is being completed. */
struct facts {
	char *version, *timestamp, *farm_id, *source_ref;
};

static void take_recipe(struct manifest_source *source, const char *path,
			const char *name)
{
	struct findings found = {.hides_warnings = true};

	if (!recipe_check(source->json, &found))
		exit(1);
	source->package = recipe_package(source->json, name);
	source->shared = json_member(source->json, 0, "meta");
	source->from_recipe = true;
	if (source->package == JSON_NONE)
		die("%s: no package '%s'", path, name);
}

static void take_manifest(struct manifest_source *source, const char *path,
			  struct facts *facts)
{
	const struct json *json = source->json;
	json_value build = json_member(json, 0, "build");
	struct reason why;

	source->package = 0;
	source->shared = 0;
	if ((json_member(json, 0, "schema_version") != JSON_NONE &&
	     !field_check_schema(json, 0, &why)) ||
	    !field_optional_text(json, 0, "version", &facts->version, &why) ||
	    !field_optional_text(json, build, "timestamp", &facts->timestamp, &why) ||
	    !field_optional_text(json, build, "farm_id", &facts->farm_id, &why) ||
	    !field_optional_text(json, build, "source_ref", &facts->source_ref, &why))
		die("%s: %s", path, why.text);
	source->version = facts->version;
	source->timestamp = facts->timestamp;
	source->farm_id = facts->farm_id;
	source->source_ref = facts->source_ref;
}

static char *package_name(const struct manifest_source *source, const char *path)
{
	struct reason why;
	char *name;

	if (!field_required_text(source->json, source->package, "name", &name, &why))
		die("%s: %s", path, why.text);
	return name;
}

static void warn_of_habits(const struct manifest_source *source, const char *path)
{
	struct findings found = {0};
	struct reason why;
	char *description, *license;

	field_optional_text(source->json, source->package, "description", &description,
			    &why);
	field_optional_text(source->json, source->shared, "license", &license, &why);
	field_check_habits(path, description, license, &found);
	free(description);
	free(license);
}

/* Returns the length of their files.json. */
static size_t read_entries(const char *name, struct entry_list *list, int64_t *size)
{
	struct buffer files = {0};
	struct reason why;
	struct input *in = input_open(NULL, &why);
	size_t length;

	if (!entry_list_read(in, name, list, &why) ||
	    !files_put(&files, list, size, &why))
		die("%s", why.text);
	input_close(in);
	length = files.length;
	buffer_free(&files);
	return length;
}

static void write_manifest(struct manifest_source *source, const char *path)
{
	char *name = package_name(source, path);
	struct entry_list list = {0};
	struct buffer out = {0};
	struct findings found = {0};
	struct manifest manifest;
	struct reason why;
	size_t files_length = read_entries(name, &list, &source->size_installed);

	manifest_put(&out, source);
	if (!manifest_parse(&manifest, out.data, out.length, &why))
		die("%s: %s", name, why.text);
	manifest_check_payload(&manifest, &list, &found);
	manifest_check_archive(&manifest, out.length, files_length, &list, &found);
	if (found.errors > 0)
		exit(1);
	output(out.data, out.length);
	manifest_free(&manifest);
	buffer_free(&out);
	entry_list_free(&list);
	free(name);
}

static void from_recipe(struct manifest_source source, const char *path, const char *name)
{
	struct document recipe;
	struct reason why;

	if (!document_read(&recipe, path, RECIPE_MOST, &why))
		die("%s", why.text);
	source.json = &recipe.json;
	take_recipe(&source, path, name);
	write_manifest(&source, path);
	document_free(&recipe);
}

static void from_manifest(const char *path)
{
	struct document manifest;
	struct manifest_source source = {.json = &manifest.json};
	struct facts facts = {0};
	struct reason why;

	if (!document_read(&manifest, path, MANIFEST_LIMIT, &why))
		die("%s", why.text);
	take_manifest(&source, path, &facts);
	write_manifest(&source, path);
	warn_of_habits(&source, path);
	free(facts.version);
	free(facts.timestamp);
	free(facts.farm_id);
	free(facts.source_ref);
	document_free(&manifest);
}

/* Whether the options told all that a recipe does not. */
static bool is_complete(const struct manifest_source *source)
{
	return source->version != NULL && source->timestamp != NULL &&
	       source->farm_id != NULL && source->source_ref != NULL;
}

int main(int argc, char *argv[])
{
	const char *recipe = NULL, *manifest = NULL, *name = NULL;
	struct manifest_source source = {0};
	bool has_facts = false;
	int option;

	cli_start("pk-manifest", usage);
	while ((option = cli_option(argc, argv, "r:p:v:t:f:s:m:")) != -1) {
		has_facts |= strchr("pvtfs", option) != NULL;
		if (option == 'r')
			recipe = optarg;
		else if (option == 'p')
			name = optarg;
		else if (option == 'v')
			source.version = optarg;
		else if (option == 't')
			source.timestamp = optarg;
		else if (option == 'f')
			source.farm_id = optarg;
		else if (option == 's')
			source.source_ref = optarg;
		else
			manifest = optarg;
	}
	if (optind < argc)
		usage_error("the entries come on standard input");
	if ((recipe != NULL) == (manifest != NULL))
		usage_error("either -r or -m is wanted");
	if (recipe != NULL && !(name != NULL && is_complete(&source)))
		usage_error("-r goes with -p, -v, -t, -f and -s");
	if (manifest != NULL && has_facts)
		usage_error("-m goes alone");
	if (recipe != NULL)
		from_recipe(source, recipe, name);
	else
		from_manifest(manifest);
	output_finish();
	return 0;
}
