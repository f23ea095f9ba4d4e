/* The rules of a descriptor that decide on no trust. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "descriptor.h"
#include "fields.h"
#include "path.h"
#include "unicode.h"
#include "url.h"

/* What is checked: a descriptor, what was found in it, and what the finding is about. */
struct check {
	const struct descriptor *descriptor;
	struct findings *found;
	char about[160];
};

static void find(const struct check *check, const char *what)
{
	find_error(check->found, "%s: %s: %s", check->descriptor->source, check->about,
		   what);
}

static void find_doubt(const struct check *check, const char *what)
{
	find_warning(check->found, "%s: %s: %s", check->descriptor->source, check->about,
		     what);
}

/* One line for people, of the characters that a package's description may have. */
static bool check_printable(const struct check *check, const char *text)
{
	bool is_printable = unicode_is_printable_text(text);

	if (!is_printable)
		find(check, "holds what is no printable character [§6.1.2]");
	return is_printable;
}

/* Groups of lower-case letters and digits, joined by one dash each. */
static bool is_kebab_case(const char *text)
{
	for (;;) {
		size_t group = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789");

		if (group == 0)
			return false;
		text += group;
		if (*text == '\0')
			return true;
		if (*text++ != '-')
			return false;
	}
}

static void check_name(struct check *check)
{
	const char *name = check->descriptor->name;

	snprintf(check->about, sizeof check->about, "repo.name");
	if (name != NULL && check_printable(check, name) && !is_kebab_case(name))
		find_doubt(check, "not in kebab-case [§6.1.2]");
}

static void check_description(struct check *check)
{
	const struct json *json = &check->descriptor->document.json;
	struct reason why;
	char *description;

	snprintf(check->about, sizeof check->about, "repo");
	if (!field_optional_text(json, json_member(json, 0, "repo"), "description",
				 &description, &why)) {
		find(check, why.text);
		return;
	}
	snprintf(check->about, sizeof check->about, "repo.description");
	if (description != NULL)
		check_printable(check, description);
	free(description);
}

/* What is at a URL with a host cannot be seen from here. */
static void check_remote(const struct check *check, const char *url)
{
	struct reason why;

	if (!url_check(url, &why))
		find(check, why.text);
	else
		find_doubt(check, "leads elsewhere, to what is not looked at");
}

static void check_key_url(const struct check *check, const char *fingerprint,
			  const char *url)
{
	const char *path = url_local_path(url);
	char place[HASH_HEX_SIZE + sizeof "keys/.pub"];

	snprintf(place, sizeof place, "keys/%s.pub", fingerprint);
	if (path == NULL)
		check_remote(check, url);
	else if (strcmp(path, place) != 0)
		find(check, "does not lead to the key's file in keys/ [§6.4.2]");
}

static void check_key(struct check *check, size_t at)
{
	const struct descriptor_key *key = &check->descriptor->keys[at];
	const struct json *json = &check->descriptor->document.json;
	struct reason why;
	char *url;

	if (key->fingerprint[0] ==
	    '\0') /* nor can its place and its url be held against it */
		return;
	snprintf(check->about, sizeof check->about, "repo.signing.keys: %s",
		 key->fingerprint);
	if (at > 0 && !key->is_twice && strcmp(key[-1].fingerprint, key->fingerprint) > 0)
		find(check, "out of order, they are sorted by fingerprint [§6.1.3]");
	if (key->element == JSON_NONE) /* its url is yet to be written */
		return;
	if (!field_required_text(json, key->element, "url", &url, &why)) {
		find(check, why.text);
		return;
	}
	snprintf(check->about, sizeof check->about, "repo.signing.keys: %s: url",
		 key->fingerprint);
	check_key_url(check, key->fingerprint, url);
	free(url);
}

static void check_keys(struct check *check)
{
	const struct descriptor *descriptor = check->descriptor;
	bool may_have_active = !descriptor->has_keys;

	for (size_t i = 0; i < descriptor->key_count; i++) {
		const struct descriptor_key *key = &descriptor->keys[i];

		check_key(check, i);
		may_have_active |= key->status == KEY_ACTIVE || key->is_unclear;
	}
	snprintf(check->about, sizeof check->about, "repo.signing.keys");
	if (!may_have_active)
		find(check, "none of them is active [§6.1.3]");
}

static void check_index_url(const struct check *check, const char *place, const char *url)
{
	const char *path = url_local_path(url);
	struct reason why;

	if (path == NULL)
		check_remote(check, url);
	else if (!path_check(path, &why))
		find(check, why.text);
	else if (strcmp(path, place) != 0)
		find_doubt(check, "leads away from index/, which is what is looked at "
				  "[§6.1.5]");
}

static void check_pointer(struct check *check, const char *kind, const char *member,
			  const char *end)
{
	const struct json *json = &check->descriptor->document.json;
	json_value indexes = json_member(json, 0, "indexes");
	json_value pointer = json_member(json, indexes, kind);
	struct reason why;
	char place[64];
	char *url;

	snprintf(check->about, sizeof check->about, "indexes.%s", kind);
	if (!field_required_text(json, pointer, member, &url, &why)) {
		find(check, why.text);
		return;
	}
	snprintf(check->about, sizeof check->about, "indexes.%s.%s", kind, member);
	snprintf(place, sizeof place, "index/%s.json%s", kind, end);
	check_index_url(check, place, url);
	free(url);
}

void descriptor_check(const struct descriptor *descriptor, struct findings *found)
{
	struct check check = {.descriptor = descriptor, .found = found};

	check_name(&check);
	check_description(&check);
	check_keys(&check);
	check_pointer(&check, "active", "url", "");
	check_pointer(&check, "active", "signature_url", ".sig");
	check_pointer(&check, "archive", "url", "");
	check_pointer(&check, "archive", "signature_url", ".sig");
}
