/* What names a package besides its version: name, architecture, and the file name that
 * all three make. */
#ifndef IDENTITY_H
#define IDENTITY_H

#include <stdbool.h>

#include "buffer.h"
#include "report.h"

/* The longest name and architecture, in bytes (§2.1.2, §2.3.1). */
enum { NAME_MOST = 64, ARCHITECTURE_MOST = 16 };

/* Whether it is a package's name, or a virtual one (§2.1). Returns false with a reason
 * that names it. */
bool identity_check_name(const char *name, struct reason *why);

/* Whether it is well-formed as an architecture (§2.3), known or not. Returns false with a
 * reason that names it. */
bool identity_check_architecture(const char *architecture, struct reason *why);

/* Appends <name>_<version>_<architecture>.peipkg (§2.1.4), an epoch's ':' as it is. All
 * three have to be checked already. */
void identity_put_file_name(struct buffer *out, const char *name, const char *version,
			    const char *architecture);

#endif
