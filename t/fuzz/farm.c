/* Configurations of farms and their recipes, as documents. */
#include "farm_config.h"
#include "farm_recipe.h"
#include "recipe.h"
#include "upstream.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct findings found = {0}, found_in_recipe = {0};
	struct buffer out = {0};
	struct reason why;
	struct json json, ours;

	if (!json_parse(&json, (const char *)data, size, &why))
		return 0;
	if (json_type(&json, 0) == JSON_OBJECT && farm_config_put(&out, &json, &found)) {
		must(json_parse(&ours, out.data, out.length, &why));
		json_free(&ours);
	}
	buffer_clear(&out);
	if (recipe_check(&json, &found_in_recipe) &&
	    upstream_check(&json, &found_in_recipe) &&
	    farm_recipe_put(&out, &json, "recipe", &found_in_recipe)) {
		must(json_parse(&ours, out.data, out.length, &why));
		json_free(&ours);
	}
	buffer_free(&out);
	json_free(&json);
	return 0;
}
