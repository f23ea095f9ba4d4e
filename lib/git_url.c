#include "git_url.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* Whether text[0..length), [USER@]HOST[:PORT], names a host. ssh would take a user or a
 * host that starts with '-' for an option. */
static bool check_host(const char *text, size_t length, struct reason *why)
{
	const char *user_end = memrchr(text, '@', length);
	const char *host = user_end != NULL ? user_end + 1 : text;
	const char *end = text + length;

	if (host == end || *host == ':')
		return refuse(why, "no host");
	if (*text == '-' || *host == '-')
		return refuse(why, "user or host starts with '-'");
	return true;
}

static bool check_remote(const char *url, size_t scheme_length, struct reason *why)
{
	static const char *const schemes[] = {"https", "http", "ssh", "git"};
	const char *authority = url + scheme_length + strlen("://");

	if (strpbrk(url, " ") != NULL)
		return refuse(why, "a blank");
	for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++)
		if (strlen(schemes[i]) == scheme_length &&
		    memcmp(url, schemes[i], scheme_length) == 0)
			return check_host(authority, strcspn(authority, "/?#"), why);
	return refuse(why, "a scheme other than https, http, ssh, git and file");
}

/* The HOST:PATH of USER@HOST:PATH, or null. git takes HOST:PATH as well, and so a URL
 * that lacks a slash behind https:, and NAME::ADDRESS has it run a helper of that name:
 * hence the user is demanded. */
static const char *find_scp_host(const char *url)
{
	const char *at = strchr(url, '@');

	if (at == NULL || at == url || strcspn(url, ":/") < (size_t)(at - url))
		return NULL;
	return at + 1;
}

/* The ':' of HOST:PATH, where HOST may be an address in brackets, or null. */
static const char *find_scp_colon(const char *host)
{
	const char *bracket = *host == '[' ? strchr(host, ']') : NULL;
	const char *colon = strchr(bracket != NULL ? bracket : host, ':');

	if (colon == NULL || strcspn(host, "/") < (size_t)(colon - host))
		return NULL;
	return colon;
}

static bool check_scp_like(const char *url, struct reason *why)
{
	const char *host = find_scp_host(url);
	const char *colon;

	if (host == NULL)
		return refuse(why, "neither a URL nor USER@HOST:PATH nor an absolute "
				   "path");
	colon = find_scp_colon(host);
	if (colon == NULL || colon[1] == '\0')
		return refuse(why, "no path behind the host");
	return check_host(url, (size_t)(colon - url), why);
}

bool git_url_check(const char *url, struct reason *why)
{
	const char *scheme_end = strstr(url, "://");

	for (const char *p = url; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7F)
			return refuse(why, "a control character");
	if (url[0] == '/' || strncmp(url, "file:///", strlen("file:///")) == 0)
		return true;
	if (strncmp(url, "file://", strlen("file://")) == 0)
		return refuse(why, "a file URL without an absolute path");
	if (scheme_end != NULL && strcspn(url, ":/") == (size_t)(scheme_end - url))
		return check_remote(url, (size_t)(scheme_end - url), why);
	return check_scp_like(url, why);
}

/* Puts HOST[:PORT]/PATH, where authority[0..length) is [USER@]HOST[:PORT]. */
static void put_place(struct buffer *out, const char *authority, size_t length,
		      const char *usual_port, const char *path)
{
	const char *user_end = memrchr(authority, '@', length);
	const char *host = user_end != NULL ? user_end + 1 : authority;
	size_t host_length = (size_t)(authority + length - host);
	size_t port_length = strlen(usual_port);

	if (host_length >= port_length &&
	    memcmp(host + host_length - port_length, usual_port, port_length) == 0)
		host_length -= port_length;
	buffer_add(out, host, host_length);
	buffer_add_byte(out, '/');
	buffer_add_text(out, path + strspn(path, "/"));
}

static void put_url(struct buffer *out, const char *url)
{
	static const struct {
		const char *scheme, *usual_port;
	} alike[] = {{"https://", ":443"}, {"ssh://", ":22"}};
	const char *host = find_scp_host(url);
	const char *colon = host != NULL ? find_scp_colon(host) : NULL;

	for (size_t i = 0; i < sizeof alike / sizeof alike[0]; i++) {
		size_t scheme_length = strlen(alike[i].scheme);
		const char *authority = url + scheme_length;
		size_t length;

		if (strncmp(url, alike[i].scheme, scheme_length) != 0)
			continue;
		length = strcspn(authority, "/?#");
		put_place(out, authority, length, alike[i].usual_port,
			  authority + length);
		return;
	}
	if (colon != NULL)
		put_place(out, host, (size_t)(colon - host), "", colon + 1);
	else
		buffer_add_text(out, url);
}

/* Takes away slashes at the end of what was put since `start`. */
static void trim_slashes(struct buffer *text, size_t start)
{
	while (text->length > start && text->data[text->length - 1] == '/')
		text->length--;
}

void git_url_normalize(const char *url, struct buffer *normalized)
{
	static const char suffix[] = ".git";
	const size_t suffix_length = sizeof suffix - 1;
	size_t start = normalized->length;
	char *lowered = copy_text(url, strlen(url));

	for (char *p = lowered; *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	put_url(normalized, lowered);
	free(lowered);
	trim_slashes(normalized, start);
	if (normalized->length - start >= suffix_length &&
	    memcmp(normalized->data + normalized->length - suffix_length, suffix,
		   suffix_length) == 0)
		normalized->length -= suffix_length;
	trim_slashes(normalized, start);
	normalized->data[normalized->length] = '\0';
}
