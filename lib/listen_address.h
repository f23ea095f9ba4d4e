/* Where a server listens, as configurations have it. */
#ifndef LISTEN_ADDRESS_H
#define LISTEN_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "buffer.h"
#include "report.h"

/* Takes HOST:PORT apart. HOST is an IPv4 address, an IPv6 one in brackets, a name, or
 * nothing for all interfaces; PORT is from 1 to 65535. Appends the host, without its
 * brackets, to the empty buffer *host. Returns false with a reason that names the text
 * when it is something else. */
bool listen_address_parse(const char *text, struct buffer *host, int64_t *port,
			  struct reason *why);

#endif
