/* Detached signatures, repo.json.sig and index/NAME.json.sig (§6.1.6, §6.2.1): the
 * envelope over the SHA-256 of the file, as deployed; or, as the text has it, the bare
 * base64 of a signature over the file's bytes. */
#ifndef DETACHED_H
#define DETACHED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hash.h"
#include "input.h"
#include "report.h"
#include "trust.h"

/* Bytes: that clients fetch at most of a signature; and of a document that has a bare
 * one, which has to be held whole. */
enum { DETACHED_LIMIT = 4096, DETACHED_BARE_LIMIT = 64 * 1024 * 1024 };

/* Verifies the signature in the file signature_path over what `in` holds, which is read
 * to its end, at a time in seconds since 1970. fingerprint becomes that of the key.
 * Memory does not grow with the document unless the signature is a bare one. A FIFO that
 * nobody writes to is an empty signature and not waited for.
 *
 * Refused with the reasons of trust_check, or in their place that of trust_fault, which
 * starts with what it is about; and when the signature is missing, too long or
 * neither of the two. Reasons start with signature_path, or with the name of the input
 * when that is what cannot be read or is too long. */
bool detached_verify(struct input *in, const char *signature_path,
		     const struct trust *trust, int64_t now,
		     char fingerprint[HASH_HEX_SIZE + 1], struct reason *why);

#endif
