#include "git_url.h"

#include <stddef.h>
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

/* USER@HOST:PATH, where HOST may be an address in brackets. git takes HOST:PATH as well,
 * and so a URL that lacks a slash behind https:, and NAME::ADDRESS has it run a helper of
 * that name: hence the user is demanded. */
static bool check_scp_like(const char *url, struct reason *why)
{
	const char *host = strchr(url, '@');
	const char *bracket, *colon;

	if (host == NULL || strcspn(url, ":/") < (size_t)(host - url) || host == url)
		return refuse(why, "neither a URL nor USER@HOST:PATH nor an absolute "
				   "path");
	host++;
	bracket = *host == '[' ? strchr(host, ']') : NULL;
	colon = strchr(bracket != NULL ? bracket : host, ':');
	if (colon == NULL || colon[1] == '\0' ||
	    strcspn(host, "/") < (size_t)(colon - host))
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
