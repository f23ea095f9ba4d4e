/* How the filters that sign are told by what: -k KEYFILE, a private key; -n, by nobody
 * yet, only the digest is wanted; -a SIGNATURE -p PUBKEY, by someone elsewhere, who
 * signed that digest. */
#ifndef SIGNER_H
#define SIGNER_H

#include <stdbool.h>

#include "envelope.h"
#include "hash.h"
#include "key.h"
#include "report.h"

#define SIGNER_OPTIONS "k:na:p:"

/* Start with {0}. */
struct signer {
	bool digest_only;					 /* -n */
	const char *key_path, *signature_path, *public_key_path; /* -k, -a, -p */
	struct private_key key;					 /* of -k */
	struct public_key public_key;				 /* of -p */
	unsigned char signature[SIGNATURE_SIZE];
};

/* Takes one of SIGNER_OPTIONS as cli_option returned it. value has to stay valid. */
void signer_option(struct signer *signer, int option, const char *value);

/* Behind the last option: checks that they go together (a usage error otherwise), and
 * reads the key, or the signature and its key. With -k the process is protected. */
bool signer_open(struct signer *signer, struct reason *why);

/* Makes the envelope of a digest, without -n, and wipes the key; or refuses a signature
 * that is none of this digest. `what` is the thing that has that digest. */
bool signer_sign(struct signer *signer, const unsigned char digest[HASH_SIZE],
		 const char *what, struct envelope *envelope, struct reason *why);

#endif
