/* Security descriptors, as sd_overrides hold them (§3.3.5). */
#ifndef SECURITY_DESCRIPTOR_H
#define SECURITY_DESCRIPTOR_H

#include <stdbool.h>

#include "buffer.h"
#include "report.h"

/* Whether these bytes are a self-relative security descriptor, as far as its header
 * tells: its length, its revision, its control, offsets that stay within it. */
bool security_descriptor_check(const struct buffer *descriptor, struct reason *why);

#endif
