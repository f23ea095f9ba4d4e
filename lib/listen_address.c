#include "listen_address.h"

#include <arpa/inet.h>
#include <string.h>

#define DIGITS "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

enum { PORT_DIGITS = 5, PORT_MOST = 65535 };

static bool parse_port(const char *text, int64_t *port)
{
	size_t length = strlen(text);

	*port = 0;
	if (length > PORT_DIGITS || strspn(text, DIGITS) < length)
		return false;
	for (; *text != '\0'; text++)
		*port = *port * 10 + (*text - '0');
	return *port >= 1 && *port <= PORT_MOST;
}

/* An address of digits and dots alone can only be meant as IPv4. */
static bool is_ipv4_or_name(const char *host)
{
	struct in_addr address;

	if (host[strspn(host, DIGITS ".")] == '\0')
		return inet_pton(AF_INET, host, &address) == 1;
	return host[0] != '.' && host[0] != '-' &&
	       host[strspn(host, DIGITS LETTERS ".-")] == '\0';
}

/* Appends what is in [start, end), if it is a host, to *host. */
static bool take_host(const char *start, const char *end, struct buffer *host)
{
	bool in_brackets = start < end && *start == '[' && end[-1] == ']';
	struct in6_addr address;

	if (!in_brackets) {
		buffer_add(host, start, (size_t)(end - start));
		return start == end || is_ipv4_or_name(host->data);
	}
	buffer_add(host, start + 1, (size_t)(end - start) - 2);
	return inet_pton(AF_INET6, host->data, &address) == 1;
}

bool listen_address_parse(const char *text, struct buffer *host, int64_t *port,
			  struct reason *why)
{
	const char *colon = strrchr(text, ':');

	if (colon == NULL || !take_host(text, colon, host))
		return refuse(why,
			      "'%.200s' is no address as :8080, 127.0.0.1:8080, "
			      "[::1]:8080",
			      text);
	return parse_port(colon + 1, port) ||
	       refuse(why, "'%.200s': the port is not from 1 to 65535", text);
}
