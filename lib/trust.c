#include "trust.h"

#include <stdlib.h>
#include <string.h>

#include "document.h"
#include "fields.h"
#include "json.h"
#include "path.h"
#include "timestamp.h"

enum { DESCRIPTOR_LIMIT = 4 * 1024 * 1024 }; /* what clients fetch at most */

static struct trusted_key *add(struct trust *trust, enum key_status status)
{
	struct trusted_key *key;

	trust->keys = grow_array(trust->keys, trust->count, sizeof *trust->keys);
	key = &trust->keys[trust->count++];
	*key = (struct trusted_key){.status = status};
	return key;
}

void trust_add(struct trust *trust, const struct public_key *key)
{
	add(trust, KEY_ACTIVE)->key = *key;
}

static const struct trusted_key *find(const struct trust *trust, const char *fingerprint)
{
	for (size_t i = 0; i < trust->count; i++)
		if (strcmp(trust->keys[i].key.fingerprint, fingerprint) == 0)
			return &trust->keys[i];
	return NULL;
}

static bool take_status(struct trusted_key *key, const struct json *json,
			json_value element, struct reason *why)
{
	json_value status = json_member(json, element, "status");
	char *valid_until;
	bool good;

	if (json_equals(json, status, "active")) {
		key->status = KEY_ACTIVE;
		return true;
	}
	if (json_equals(json, status, "revoked")) {
		key->status = KEY_REVOKED;
		return true;
	}
	if (!json_equals(json, status, "transitioning"))
		return refuse(why, "status: not active, transitioning or revoked [§6.1]");
	key->status = KEY_TRANSITIONING;
	if (!field_required_text(json, element, "valid_until", &valid_until, why))
		return false;
	good = timestamp_parse(valid_until, &key->valid_until, why) ||
	       refuse_in(why, "valid_until");
	free(valid_until);
	return good;
}

/* The key of that fingerprint from beside the descriptor. */
static bool read_key(struct trusted_key *key, const char *descriptor,
		     const char *fingerprint, struct reason *why)
{
	struct buffer path = {0};
	bool good;

	buffer_add(&path, descriptor, (size_t)(path_base(descriptor) - descriptor));
	buffer_printf(&path, "keys/%s.pub", fingerprint);
	good = key_read_public(path.data, &key->key, why);
	if (good && strcmp(key->key.fingerprint, fingerprint) != 0)
		good = refuse(why, "%s: holds the key %s [§6.1]", path.data,
			      key->key.fingerprint);
	buffer_free(&path);
	return good;
}

static bool take_key(struct trust *trust, const struct json *json, json_value element,
		     const char *path, struct reason *why)
{
	char fingerprint[HASH_HEX_SIZE + 1];
	struct trusted_key *key;

	if (!field_required_hash(json, element, "fingerprint", fingerprint, why))
		return false;
	/* Two entries could give it two statuses. */
	if (find(trust, fingerprint) != NULL)
		return refuse(why, "%s: twice [§6.1]", fingerprint);
	key = add(trust, KEY_REVOKED);
	return take_status(key, json, element, why) &&
	       read_key(key, path, fingerprint, why);
}

static bool take_keys(struct trust *trust, const struct json *json, const char *path,
		      struct reason *why)
{
	json_value repo = json_member(json, 0, "repo");
	json_value signing = json_member(json, repo, "signing");
	json_value keys = json_member(json, signing, "keys");

	if (!field_check_schema(json, 0, why))
		return false;
	if (!json_equals(json, json_member(json, signing, "algorithm"), "ed25519"))
		return refuse(why,
			      "repo.signing.algorithm: only ed25519 is known [§6.1]");
	if (keys == JSON_NONE || json_type(json, keys) != JSON_ARRAY)
		return refuse(why, "repo.signing.keys: missing or no array [§6.1]");
	for (json_value element = json_first(json, keys); element != JSON_NONE;
	     element = json_next(json, keys, element))
		if (!take_key(trust, json, element, path, why))
			return refuse_in(why, "repo.signing.keys");
	return true;
}

bool trust_add_descriptor(struct trust *trust, const char *path, struct reason *why)
{
	struct document descriptor;
	bool good;

	if (!document_read(&descriptor, path, DESCRIPTOR_LIMIT, why))
		return false;
	good = take_keys(trust, &descriptor.json, path, why) ||
	       refuse_in(why, "%s", path);
	document_free(&descriptor);
	return good;
}

bool trust_check(const struct trust *trust, const struct envelope *envelope,
		 const unsigned char digest[HASH_SIZE], int64_t now, struct reason *why)
{
	const struct trusted_key *key = find(trust, envelope->fingerprint);

	if (key == NULL)
		return refuse(why, "signed by %s, which is not trusted [§5.3.4]",
			      envelope->fingerprint);
	if (key->status == KEY_REVOKED)
		return refuse(why, "signed by %s, which is revoked [§5.2.6]",
			      envelope->fingerprint);
	if (key->status == KEY_TRANSITIONING && now > key->valid_until)
		return refuse(why, "signed by %s, which is past its valid_until [§5.2.6]",
			      envelope->fingerprint);
	if (!key_verify(&key->key, digest, HASH_SIZE, envelope->signature))
		return refuse(why, "bad signature by %s [§5.3.4]", envelope->fingerprint);
	return true;
}

void trust_free(struct trust *trust)
{
	free(trust->keys);
	*trust = (struct trust){0};
}
