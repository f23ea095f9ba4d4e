/* Recipes, as documents. */
#include "recipe.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct findings found = {0};
	struct reason why;
	struct json json;

	if (!json_parse(&json, (const char *)data, size, &why))
		return 0;
	if (recipe_check(&json, &found))
		(void)recipe_package(&json, "hello");
	json_free(&json);
	return 0;
}
