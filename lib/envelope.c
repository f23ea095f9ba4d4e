#include "envelope.h"

#include <stdlib.h>
#include <string.h>

#include "base64.h"
#include "fields.h"
#include "json.h"

static bool take_signature(struct envelope *envelope, const struct json *json,
			   struct reason *why)
{
	struct buffer bytes = {0};
	char *text;
	bool good;

	if (!field_required_text(json, 0, "signature", &text, why))
		return false;
	good = base64_decode(text, strlen(text), &bytes, why);
	if (good && bytes.length != SIGNATURE_SIZE)
		good = refuse(why, "%zu bytes instead of %d [§5.1.3]", bytes.length,
			      SIGNATURE_SIZE);
	if (good)
		memcpy(envelope->signature, bytes.data, SIGNATURE_SIZE);
	free(text);
	buffer_free(&bytes);
	return good || refuse_in(why, "signature");
}

static bool take_fields(struct envelope *envelope, const struct json *json,
			struct reason *why)
{
	if (json_type(json, 0) != JSON_OBJECT)
		return refuse(why, "no object [§5.1.3]");
	/* The version first: an envelope of a later one may well have other fields. */
	if (!field_check_schema(json, 0, why))
		return false;
	if (!json_equals(json, json_member(json, 0, "algorithm"), "ed25519"))
		return refuse(why, "algorithm: only ed25519 is known [§5.1.3]");
	if (!field_required_hash(json, 0, "key_fingerprint", envelope->fingerprint,
				 why) ||
	    !take_signature(envelope, json, why))
		return false;
	return json_size(json, 0) == 4 ||
	       refuse(why, "a field besides the four [§5.1.3]");
}

bool envelope_parse(struct envelope *envelope, const char *text, size_t length,
		    struct reason *why)
{
	struct json json;
	bool good;

	if (!json_parse(&json, text, length, why))
		return refuse_in(why, "signature envelope");
	good = take_fields(envelope, &json, why);
	json_free(&json);
	return good || refuse_in(why, "signature envelope");
}

void envelope_put(struct buffer *out, const struct envelope *envelope)
{
	buffer_printf(out,
		      "{\"schema_version\":1,\"algorithm\":\"ed25519\","
		      "\"key_fingerprint\":\"%s\",\"signature\":\"",
		      envelope->fingerprint);
	base64_put(out, envelope->signature, SIGNATURE_SIZE);
	buffer_add_text(out, "\"}\n");
}

void envelope_sign(struct envelope *envelope, const struct private_key *key,
		   const unsigned char digest[HASH_SIZE])
{
	memcpy(envelope->fingerprint, key->public_key.fingerprint,
	       sizeof envelope->fingerprint);
	key_sign(key, digest, HASH_SIZE, envelope->signature);
}
