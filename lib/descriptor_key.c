#include "descriptor_key.h"

#include <stdlib.h>
#include <string.h>

#include "fields.h"
#include "timestamp.h"

static const char *const status_names[] = {
	[KEY_ACTIVE] = "active",
	[KEY_TRANSITIONING] = "transitioning",
	[KEY_REVOKED] = "revoked",
};

const char *key_status_name(enum key_status status)
{
	return status_names[status];
}

static bool take_status(struct descriptor_key *key, const struct json *json,
			struct reason *why)
{
	json_value status = json_member(json, key->element, "status");

	for (size_t i = 0; i < sizeof status_names / sizeof status_names[0]; i++) {
		if (json_equals(json, status, status_names[i])) {
			key->status = (enum key_status)i;
			return true;
		}
	}
	return refuse(why, "status: not active, transitioning or revoked [§6.1]");
}

static bool take_valid_until(struct descriptor_key *key, const struct json *json,
			     struct reason *why)
{
	char *text;
	bool good;

	if (!field_required_text(json, key->element, "valid_until", &text, why))
		return false;
	good = timestamp_parse(text, &key->valid_until, why) ||
	       refuse_in(why, "valid_until");
	free(text);
	return good;
}

bool descriptor_key_identify(struct descriptor_key *key, const struct json *json,
			     struct name_set *seen, struct reason *why)
{
	if (!field_required_hash(json, key->element, "fingerprint", key->fingerprint,
				 why))
		return false;
	/* Two entries could give it two statuses. */
	key->is_twice = !name_set_add(seen, key->fingerprint);
	return !key->is_twice || refuse(why, "twice [§6.1]");
}

bool descriptor_key_take_standing(struct descriptor_key *key, const struct json *json,
				  struct reason *why)
{
	key->is_unclear = !take_status(key, json, why);
	if (key->is_unclear)
		return false;
	/* On any other key a date has no meaning (§6.1.3). */
	return key->status != KEY_TRANSITIONING || take_valid_until(key, json, why);
}
