#include "key_parse.h"

#include <string.h>

#include "pem.h"

/* The start of the DER of a key, up to the key's 32 bytes (RFC 8410). X25519 keys differ
 * from these in one byte only. */
static const unsigned char public_start[] = {
	0x30, 0x2A,			      /* SEQUENCE */
	0x30, 0x05, 0x06, 0x03, 43, 101, 112, /*   SEQUENCE of OID 1.3.101.112 */
	0x03, 0x21, 0x00,		      /*   BIT STRING */
};
static const unsigned char private_start[] = {
	0x30, 0x2E,			      /* SEQUENCE */
	0x02, 0x01, 0x00,		      /*   INTEGER: version 1 */
	0x30, 0x05, 0x06, 0x03, 43, 101, 112, /*   SEQUENCE of OID 1.3.101.112 */
	0x04, 0x22, 0x04, 0x20,		      /*   OCTET STRING of an OCTET STRING */
};
static const unsigned char pair_start[] = {
	0x30, 0x51,			      /* SEQUENCE */
	0x02, 0x01, 0x01,		      /*   INTEGER: version 2 */
	0x30, 0x05, 0x06, 0x03, 43, 101, 112, /*   SEQUENCE of OID 1.3.101.112 */
	0x04, 0x22, 0x04, 0x20,		      /*   OCTET STRING of an OCTET STRING */
};
static const unsigned char pair_middle[] = {0x81, 0x21, 0x00}; /* [1] BIT STRING */

/* What other PEM objects are, by their label. */
static const struct {
	const char *label, *what;
} foreign_objects[] = {
	{"ENCRYPTED PRIVATE KEY",
	 "an encrypted private key; decrypt it into a pipe (openssl pkey)"},
	{"RSA PRIVATE KEY", "an RSA key, not an Ed25519 one [§5.2.1]"},
	{"RSA PUBLIC KEY", "an RSA key, not an Ed25519 one [§5.2.1]"},
	{"EC PRIVATE KEY", "an EC key, not an Ed25519 one [§5.2.1]"},
	{"EC PARAMETERS", "an EC key, not an Ed25519 one [§5.2.1]"},
	{"DSA PRIVATE KEY", "a DSA key, not an Ed25519 one [§5.2.1]"},
	{"OPENSSH PRIVATE KEY", "a private key in OpenSSH's format, not in PKCS#8"},
	{"CERTIFICATE", "a certificate, not a key"},
	{"X509 CERTIFICATE", "a certificate, not a key"},
	{"TRUSTED CERTIFICATE", "a certificate, not a key"},
	{"CERTIFICATE REQUEST", "a certificate request, not a key"},
};

/* What other keys are, by their algorithm's OID with its DER tag and length. */
static const struct {
	const char *oid, *what;
} algorithms[] = {
	{"\x06\x03\x2B\x65\x6E", "an X25519 key"},
	{"\x06\x03\x2B\x65\x6F", "an X448 key"},
	{"\x06\x03\x2B\x65\x71", "an Ed448 key"},
	{"\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x01\x01", "an RSA key"},
	{"\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x01\x0A", "an RSA key"},
	{"\x06\x07\x2A\x86\x48\xCE\x3D\x02\x01", "an EC key"},
	{"\x06\x07\x2A\x86\x48\xCE\x38\x04\x01", "a DSA key"},
};

static bool refuse_other_text(const char *text, size_t length, struct reason *why)
{
	if (length == 0)
		return refuse(why, "is empty");
	if ((length >= 4 && memcmp(text, "ssh-", 4) == 0) ||
	    (length >= 6 && memcmp(text, "ecdsa-", 6) == 0))
		return refuse(why, "holds a public key in OpenSSH's format, not in SPKI");
	return refuse(why, "%zu bytes that are neither a raw key (%d) nor PEM [§5.2.2]",
		      length, KEY_SIZE);
}

static bool check_label(const char *label, enum key_kind wanted, struct reason *why)
{
	for (size_t i = 0; i < sizeof foreign_objects / sizeof foreign_objects[0]; i++)
		if (strcmp(label, foreign_objects[i].label) == 0)
			return refuse(why, "holds %s", foreign_objects[i].what);
	if (strcmp(label, "PRIVATE KEY") == 0)
		return (wanted & KEY_PRIVATE) != 0 ||
		       refuse(why, "holds a private key where a public one is wanted");
	if (strcmp(label, "PUBLIC KEY") == 0)
		return (wanted & KEY_PUBLIC) != 0 ||
		       refuse(why, "holds a public key where a private one is wanted");
	return refuse(why, "holds a PEM object '%s', not a key", label);
}

static bool has_form(const struct pem *object, const unsigned char *start, size_t count,
		     size_t length)
{
	return object->length == length && memcmp(object->bytes, start, count) == 0;
}

#define HAS_FORM(object, start, behind)                                                  \
	has_form(object, start, sizeof start, sizeof start + KEY_SIZE + (behind))

static bool take_private(const struct pem *object, struct parsed_key *key)
{
	const unsigned char *seed = object->bytes + sizeof private_start;
	const unsigned char *middle = seed + KEY_SIZE;

	if (HAS_FORM(object, pair_start, sizeof pair_middle + KEY_SIZE) &&
	    memcmp(middle, pair_middle, sizeof pair_middle) == 0) {
		key->has_public_half = true;
		memcpy(key->public_half, middle + sizeof pair_middle, KEY_SIZE);
	} else if (!HAS_FORM(object, private_start, 0)) {
		return false;
	}
	key->kind = KEY_PRIVATE;
	memcpy(key->bytes, seed, KEY_SIZE);
	return true;
}

static bool take_public(const struct pem *object, struct parsed_key *key)
{
	if (!HAS_FORM(object, public_start, 0))
		return false;
	key->kind = KEY_PUBLIC;
	memcpy(key->bytes, object->bytes + sizeof public_start, KEY_SIZE);
	return true;
}

/* The OID stands within the first 32 bytes whatever the length of the key. */
static const unsigned char *find_in_start(const struct pem *object, const void *wanted,
					  size_t length)
{
	return memmem(object->bytes, object->length < 32 ? object->length : 32, wanted,
		      length);
}

/* PKCS#8 may have them behind the key (RFC 8410 §10.3), as [0]. */
static bool has_attributes(const struct pem *object)
{
	static const unsigned char before_seed[] = {0x06, 0x03, 43,   101, 112,
						    0x04, 0x22, 0x04, 0x20};
	const unsigned char *found =
		find_in_start(object, before_seed, sizeof before_seed);
	size_t behind = sizeof before_seed + KEY_SIZE;

	return found != NULL &&
	       (size_t)(found - object->bytes) + behind < object->length &&
	       found[behind] == 0xA0;
}

static bool refuse_other_der(const struct pem *object, struct reason *why)
{
	for (size_t i = 0; i < sizeof algorithms / sizeof algorithms[0]; i++)
		if (find_in_start(object, algorithms[i].oid, strlen(algorithms[i].oid)) !=
		    NULL)
			return refuse(why, "holds %s, not an Ed25519 one [§5.2.1]",
				      algorithms[i].what);
	if (has_attributes(object))
		return refuse(why, "holds a private key with attributes, which are not "
				   "supported; openssl pkey writes it without [§5.2.2]");
	return refuse(why, "holds something else than RFC 8410's DER of an Ed25519 key "
			   "[§5.2.1]");
}

static bool parse_pem(const char *text, size_t length, enum key_kind wanted,
		      struct parsed_key *key, struct reason *why)
{
	char label[PEM_LABEL_SIZE];
	struct pem object;
	bool taken;

	if (!pem_label(text, length, label, why) || !check_label(label, wanted, why) ||
	    !pem_decode(text, length, label, &object, why))
		return false;
	if (strcmp(label, "PRIVATE KEY") == 0)
		taken = take_private(&object, key);
	else
		taken = take_public(&object, key);
	if (!taken)
		refuse_other_der(&object, why);
	explicit_bzero(&object, sizeof object);
	return taken;
}

bool key_parse(const char *text, size_t length, enum key_kind wanted,
	       struct parsed_key *key, struct reason *why)
{
	*key = (struct parsed_key){0};
	/* A PEM file cut short may be 32 bytes long, too. */
	if (memmem(text, length, "-----BEGIN ", 11) != NULL)
		return parse_pem(text, length, wanted, key, why);
	if (length != KEY_SIZE)
		return refuse_other_text(text, length, why);
	key->kind = wanted == KEY_PUBLIC ? KEY_PUBLIC : KEY_PRIVATE;
	memcpy(key->bytes, text, KEY_SIZE);
	return true;
}

void key_put_der(unsigned char der[KEY_PUBLIC_DER_SIZE],
		 const unsigned char bytes[KEY_SIZE])
{
	memcpy(der, public_start, sizeof public_start);
	memcpy(der + sizeof public_start, bytes, KEY_SIZE);
}
