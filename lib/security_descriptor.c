#include "security_descriptor.h"

#include <stdint.h>

enum { DESCRIPTOR_MOST = 65535 }; /* bytes (§3.2.7) */

static uint32_t little_endian(const unsigned char *bytes)
{
	return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
	       (uint32_t)bytes[3] << 24;
}

/* A self-relative security descriptor: revision, padding, control, four offsets. */
bool security_descriptor_check(const struct buffer *descriptor, struct reason *why)
{
	const unsigned char *bytes = (const unsigned char *)descriptor->data;

	if (descriptor->length < 20 || descriptor->length > DESCRIPTOR_MOST)
		return refuse(why, "%zu bytes are no security descriptor [§3.3.5]",
			      descriptor->length);
	if (bytes[0] != 1 || (bytes[3] & 0x80) == 0)
		return refuse(why, "no self-relative security descriptor [§3.3.5]");
	for (size_t at = 4; at < 20; at += 4)
		if (little_endian(bytes + at) >= descriptor->length)
			return refuse(
				why,
				"security descriptor points outside itself [§3.3.5]");
	return true;
}
