#include "farm_grants.h"

#include <stdlib.h>
#include <string.h>

#include "fields.h"
#include "name_set.h"
#include "section.h"

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_"

/* As peipkg-build takes it: a variable that it does not set itself. */
static bool check_variable(const char *name, struct reason *why)
{
	static const char *const reserved[] = {
		"SOURCE_DIR", "DESTDIR", "SOURCE_DATE_EPOCH", "LC_ALL", "TZ", "PATH"};

	if (strspn(name, LETTERS) == 0 ||
	    name[strspn(name, LETTERS "0123456789")] != '\0')
		return refuse(why, "'%.200s' is no name of a variable", name);
	for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++)
		if (strcmp(name, reserved[i]) == 0)
			return refuse(why, "%s is reserved: every build has it", name);
	return true;
}

static void check_signing_key(const struct section *key, struct name_set *names)
{
	static const char *const keys[] = {"name", "private", "pubkey_env", NULL};

	section_put_element(key->out);
	buffer_add_byte(key->out, '{');
	section_check_keys(key, keys);
	free(section_take_name(key, "name", names));
	section_required_text(key, "private");
	section_text(key, "pubkey_env", check_variable);
	buffer_add_byte(key->out, '}');
}

static json_value find_signing_key(const struct json *json, const char *name,
				   size_t length)
{
	json_value keys = json_member(json, 0, "signing_key");

	if (keys == JSON_NONE || json_type(json, keys) != JSON_ARRAY ||
	    strlen(name) < length)
		return JSON_NONE;
	for (json_value key = json_first(json, keys); key != JSON_NONE;
	     key = json_next(json, keys, key))
		if (json_equals(json, json_member(json, key, "name"), name))
			return key;
	return JSON_NONE;
}

/* Appends what a recipe's build is granted of a key. What is wrong with the key itself
 * was reported already. */
static void put_pair(const struct section *key, const char *recipe,
		     struct name_set *variables)
{
	char *variable, *file;
	struct reason why;

	if (!field_required_text(key->json, key->table, "pubkey_env", &variable, &why))
		return;
	if (!name_set_add(variables, variable))
		find_error(key->found, "%s: inject_pubkey: %.200s would be set twice",
			   key->where, variable);
	if (field_required_text(key->json, key->table, "private", &file, &why)) {
		section_put_element(key->out);
		buffer_add_byte(key->out, '{');
		section_put_text(key, "recipe", recipe);
		section_put_text(key, "pubkey_env", variable);
		section_put_text(key, "private", file);
		buffer_add_byte(key->out, '}');
		free(file);
	}
	free(variable);
}

static void put_granted_key(const struct section *grant, const char *recipe,
			    json_value name, struct name_set *variables)
{
	struct section key = *grant;
	size_t length;
	char *text;

	if (json_type(grant->json, name) != JSON_STRING) {
		find_error(grant->found, "%s: inject_pubkey: no string", grant->where);
		return;
	}
	text = json_string(grant->json, name, &length);
	key.table = find_signing_key(grant->json, text, length);
	if (key.table == JSON_NONE)
		find_error(grant->found, "%s: inject_pubkey: no signing key '%.200s'",
			   grant->where, text);
	else if (!section_has(&key, "pubkey_env"))
		find_error(grant->found,
			   "%s: inject_pubkey: signing key '%.200s' has no pubkey_env",
			   grant->where, text);
	else
		put_pair(&key, recipe, variables);
	free(text);
}

static void put_granted_keys(const struct section *grant, const char *recipe)
{
	const struct json *json = grant->json;
	json_value names = json_member(json, grant->table, "inject_pubkey");
	struct name_set variables = {0};

	if (names == JSON_NONE || json_type(json, names) == JSON_NULL)
		return;
	if (json_type(json, names) != JSON_ARRAY) {
		find_error(grant->found, "%s: inject_pubkey: no array", grant->where);
		return;
	}
	for (json_value name = json_first(json, names); name != JSON_NONE;
	     name = json_next(json, names, name))
		put_granted_key(grant, recipe, name, &variables);
	name_set_free(&variables);
}

static void put_grant(const struct section *grant, struct name_set *names)
{
	static const char *const keys[] = {"recipe", "inject_pubkey", "sign", NULL};
	json_value sign = json_member(grant->json, grant->table, "sign");
	char *recipe;

	section_check_keys(grant, keys);
	recipe = section_take_name(grant, "recipe", names);
	if (recipe != NULL && strchr(recipe, '/') != NULL)
		find_error(grant->found, "%s: recipe: no name of a directory",
			   grant->where);
	if (sign != JSON_NONE && json_type(grant->json, sign) != JSON_NULL &&
	    (json_type(grant->json, sign) != JSON_ARRAY ||
	     json_size(grant->json, sign) > 0))
		find_error(grant->found, "%s: sign: binary signatures are not supported",
			   grant->where);
	put_granted_keys(grant, recipe);
	free(recipe);
}

void farm_grants_put(struct buffer *out, const struct json *json, struct findings *found)
{
	struct section section = {.json = json, .found = found, .out = out};

	section_put_key(out, "signing_key");
	buffer_add_byte(out, '[');
	section_each(&section, "signing_key", "signing key", "name", check_signing_key);
	buffer_add_byte(out, ']');
	section_put_key(out, "grant");
	buffer_add_byte(out, '[');
	section_each(&section, "grant", "grant", "recipe", put_grant);
	buffer_add_byte(out, ']');
}
