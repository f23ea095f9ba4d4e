#include "fields.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "unicode.h"
#include "utf8.h"

bool field_is_absent(const struct json *json, json_value value)
{
	return value == JSON_NONE || json_type(json, value) == JSON_NULL ||
	       json_equals(json, value, "");
}

bool field_optional_text(const struct json *json, json_value object, const char *name,
			 char **text, struct reason *why)
{
	json_value value = json_member(json, object, name);
	size_t length;

	*text = NULL;
	if (field_is_absent(json, value))
		return true;
	if (json_type(json, value) != JSON_STRING)
		return refuse(why, "%s: no string [§3.3]", name);
	*text = json_string(json, value, &length);
	if (strlen(*text) == length)
		return true;
	free(*text);
	*text = NULL;
	return refuse(why, "%s: holds a NUL [§3.3]", name);
}

bool field_required_text(const struct json *json, json_value object, const char *name,
			 char **text, struct reason *why)
{
	if (!field_optional_text(json, object, name, text, why))
		return false;
	return *text != NULL || refuse(why, "%s: missing or empty [§3.3]", name);
}

bool field_check_optional(const struct json *json, json_value object, const char *name,
			  bool (*check)(const char *text, struct reason *why),
			  struct reason *why)
{
	char *text;
	bool good = field_optional_text(json, object, name, &text, why) &&
		    (text == NULL || check == NULL || check(text, why));

	free(text);
	return good;
}

bool field_required_unsigned(const struct json *json, json_value object, const char *name,
			     int64_t *number, struct reason *why)
{
	json_value value = json_member(json, object, name);

	if (value == JSON_NONE)
		return refuse(why, "%s: missing [§3.3]", name);
	return json_unsigned(json, value, number) ||
	       refuse(why, "%s: no integer from 0 to 2^63-1 [§1.3]", name);
}

bool field_required_hash(const struct json *json, json_value object, const char *name,
			 char hex[HASH_HEX_SIZE + 1], struct reason *why)
{
	char *text;
	bool good;

	if (!field_required_text(json, object, name, &text, why))
		return false;
	good = hash_is_hex(text) ||
	       refuse(why, "%s: no SHA-256 in lower-case hexadecimal [§1.3]", name);
	if (good)
		memcpy(hex, text, HASH_HEX_SIZE + 1);
	free(text);
	return good;
}

bool field_check_schema(const struct json *json, json_value object, struct reason *why)
{
	int64_t version;

	if (!field_required_unsigned(json, object, "schema_version", &version, why))
		return false;
	return version == 1 || refuse(why, "schema_version: %lld, only 1 is known [§3.3]",
				      (long long)version);
}

bool field_check_description(const char *description, struct reason *why)
{
	const char *rest = description + unicode_printable_length(description);
	uint32_t code_point;
	size_t bytes = utf8_decode(rest, strlen(rest), &code_point);

	return *rest == '\0' ||
	       refuse(why, "description: '%.*s' is no printable character [§3.3]",
		      (int)(bytes > 0 ? bytes : 1), rest);
}

/* Where the host of an http or https URL starts, or null. */
static const char *find_host(const char *url)
{
	static const char *const schemes[] = {"http://", "https://"};
	const char *host, *user_end;

	for (size_t i = 0; i < 2; i++) {
		if (strncasecmp(url, schemes[i], strlen(schemes[i])) != 0)
			continue;
		host = url + strlen(schemes[i]);
		user_end = memchr(host, '@', strcspn(host, "/?#"));
		return user_end != NULL ? user_end + 1 : host;
	}
	return NULL;
}

bool field_check_homepage(const char *homepage, struct reason *why)
{
	const char *host = find_host(homepage);

	if (host == NULL)
		return refuse(why, "homepage: neither http:// nor https:// [§3.3]");
	if (strcspn(host, "/?#:") == 0)
		return refuse(why, "homepage: no host [§3.3]");
	if (strchr(homepage, ' ') != NULL || !unicode_is_printable_text(homepage))
		return refuse(why, "homepage: blank or control character [§3.3]");
	return true;
}

static size_t count_characters(const char *text)
{
	size_t count = 0;

	for (; *text != '\0'; text++)
		count += ((unsigned char)*text & 0xC0) != 0x80;
	return count;
}

/* Identifiers joined by AND, OR, WITH, in parentheses that match. Whether an identifier
 * stands in SPDX's list is not looked at: the list grows by the month. */
static bool is_spdx_expression(const char *license)
{
	static const char identifier[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"0123456789.-+:";
	int depth = 0;
	bool wants_operand = true;

	for (;;) {
		size_t length;

		license += strspn(license, " ");
		if (*license == '\0')
			return depth == 0 && !wants_operand;
		if (*license == '(' || *license == ')') {
			if (wants_operand != (*license == '('))
				return false;
			depth += *license == '(' ? 1 : -1;
			if (depth < 0)
				return false;
			license++;
			continue;
		}
		length = strspn(license, identifier);
		if (length == 0)
			return false;
		if (!wants_operand && !(length == 3 && memcmp(license, "AND", 3) == 0) &&
		    !(length == 2 && memcmp(license, "OR", 2) == 0) &&
		    !(length == 4 && memcmp(license, "WITH", 4) == 0))
			return false;
		wants_operand = !wants_operand;
		license += length;
	}
}

void field_check_habits(const char *owner, const char *description, const char *license,
			struct findings *found)
{
	if (description != NULL && count_characters(description) != strlen(description))
		find_warning(found, "%s: description: not ASCII [§3.3]", owner);
	if (description != NULL && count_characters(description) > 80)
		find_warning(found, "%s: description: over 80 characters [§3.3]", owner);
	if (license != NULL && !is_spdx_expression(license))
		find_warning(found, "%s: license: '%s' is no SPDX expression [§3.3]",
			     owner, license);
}
