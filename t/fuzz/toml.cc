/* TOML to recipe. What pk-toml makes of a text is canonical JSON and no deeper than it
 * may be; of a good recipe every package is found by its name. */
#define main pk_toml_main
#include "../../filters/pk-toml.cc"
#undef main

extern "C" {
#include "fuzz.h"
#include "recipe.h"
#include "upstream.h"
}

static void must_be_canonical(const struct json *json, const struct buffer *text)
{
	struct buffer again = {};

	json_put_value(&again, json, 0);
	buffer_add_byte(&again, '\n');
	must(again.length == text->length &&
	     memcmp(again.data, text->data, again.length) == 0);
	buffer_free(&again);
}

static void must_have_its_packages(const struct json *json)
{
	json_value packages = json_member(json, 0, "package");

	for (json_value package = json_first(json, packages); package != JSON_NONE;
	     package = json_next(json, packages, package)) {
		char *name =
			json_string(json, json_member(json, package, "name"), nullptr);

		must(recipe_package(json, name) == package);
		free(name);
	}
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct findings found = {};
	struct buffer text = {};
	struct reason why;
	struct json json;

	if (put_document(&text, {reinterpret_cast<const char *>(data), size}, &why)) {
		must(json_parse(&json, text.data, text.length, &why));
		must_be_canonical(&json, &text);
		if (recipe_check(&json, &found))
			must_have_its_packages(&json);
		upstream_check(&json, &found);
		json_free(&json);
	}
	buffer_free(&text);
	return 0;
}
