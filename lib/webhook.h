/* What GitHub, and servers that do as it does, post when something happened to a
 * repository. */
#ifndef WEBHOOK_H
#define WEBHOOK_H

#include <stdbool.h>
#include <stddef.h>

#include "buffer.h"
#include "report.h"

/* The longest body that GitHub sends, in bytes. */
enum { WEBHOOK_MOST = 25 * 1024 * 1024 };

/* Whether signature, "sha256=" and hexadecimal digits, is the HMAC-SHA-256 of the body
 * under that secret. How long that takes says nothing of where the two differ. */
bool webhook_check_signature(const char *signature, const void *secret,
			     size_t secret_length, const void *body, size_t length,
			     struct reason *why);

/* Appends the repositories that a body names, as git_url_normalize has them, each once
 * and with a newline behind it; perhaps none. A member of `repository` that is no text or
 * holds control characters names none. Returns false with a reason, and appends nothing,
 * when the body is no JSON object. */
bool webhook_put_repositories(struct buffer *out, const char *body, size_t length,
			      struct reason *why);

#endif
