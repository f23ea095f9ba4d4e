/* The index entry of a package (§6.2.4). */
#include <string.h>

#include "identity.h"
#include "json.h"
#include "package.h"
#include "path.h"

bool package_check_file_name(const struct package *package, const char *path,
			     struct reason *why)
{
	const struct manifest *manifest = &package->manifest;
	struct buffer expected = {0};
	bool good;

	identity_put_file_name(&expected, manifest->name, manifest->version,
			       manifest->architecture);
	good = strcmp(path_base(path), expected.data) == 0 ||
	       refuse(why, "the name of its file has to be %s [§2.1.4]", expected.data);
	buffer_free(&expected);
	return good;
}

/* The manifest in canonical form, with all of its fields. */
static void put_canonical(struct buffer *out, const struct package *package,
			  const struct json *json)
{
	struct manifest_source source = {
		.json = json,
		.version = package->manifest.version,
		.size_installed = package->manifest.size_installed,
	};

	manifest_put(out, &source);
}

static void put_member(struct buffer *out, const struct json *json, json_value object,
		       const char *name)
{
	buffer_printf(out, "\"%s\":", name);
	json_put_value(out, json, json_member(json, object, name));
}

static void put_fields(struct buffer *out, const struct json *json,
		       const struct package *package, const char *url)
{
	static const char *const copied[] = {
		"name",	     "version",	 "architecture", "description",
		"license",   "homepage", "dependencies", "optional_dependencies",
		"conflicts", "provides", "replaces",	 "side_effects",
	};

	for (size_t i = 0; i < sizeof copied / sizeof copied[0]; i++) {
		buffer_add_byte(out, i == 0 ? '{' : ',');
		put_member(out, json, 0, copied[i]);
	}
	buffer_printf(out,
		      ",\"size_compressed\":%llu,\"size_installed\":%lld,"
		      "\"hash\":{\"algorithm\":\"sha256\",\"value\":\"%s\"},\"url\":",
		      (unsigned long long)package->size_compressed,
		      (long long)package->manifest.size_installed, package->hash);
	json_put_text(out, url);
}

/* From the manifest itself: what manifest_put makes of it is cut at a NUL. */
static void put_build(struct buffer *out, const struct json *json)
{
	json_value build = json_member(json, 0, "build");

	buffer_add_text(out, ",\"build\":{");
	put_member(out, json, build, "timestamp");
	buffer_add_byte(out, ',');
	put_member(out, json, build, "farm_id");
	buffer_add_text(out, "}}\n");
}

static struct json parse(const struct buffer *text)
{
	struct json json;
	struct reason why;

	if (!json_parse(&json, text->data, text->length, &why))
		die("%s", why.text);
	return json;
}

void package_put_entry(struct buffer *out, const struct package *package, const char *url)
{
	struct json manifest = parse(&package->manifest_text);
	struct buffer text = {0};
	struct json canonical;

	put_canonical(&text, package, &manifest);
	canonical = parse(&text);
	put_fields(out, &canonical, package, url);
	put_build(out, &manifest);
	json_free(&canonical);
	json_free(&manifest);
	buffer_free(&text);
}
