#include "url.h"

#include <string.h>
#include <strings.h>

#include "identity.h"
#include "path.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
/* What may stand in a path as it is (RFC 3986, 3.3). */
#define PATH_BYTES LETTERS "0123456789-._~!$&'()*+,;=:@/"

/* What a placeholder stands for, to try out a template. */
#define SAMPLE_NAME "sample"
#define SAMPLE_VERSION "1-1"
#define SAMPLE_ARCHITECTURE "noarch"

/* The length of the scheme and slashes of a URL that leads elsewhere, or 0. */
static size_t scheme_length(const char *url)
{
	static const char *const schemes[] = {"http://", "https://", "file://"};

	for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++)
		if (strncasecmp(url, schemes[i], strlen(schemes[i])) == 0)
			return strlen(schemes[i]);
	return 0;
}

/* Whether the component there is "." or "..", each dot perhaps written as %2e. */
static bool is_dots(const char *component)
{
	int dots = 0;

	for (;;) {
		if (component[0] == '.')
			component++;
		else if (strncasecmp(component, "%2e", 3) == 0)
			component += 3;
		else
			break;
		dots++;
	}
	return (dots == 1 || dots == 2) && strchr("/?#", component[0]) != NULL;
}

static bool climbs(const char *path)
{
	while (path != NULL) {
		if (is_dots(path))
			return true;
		path = strchr(path, '/');
		if (path != NULL)
			path++;
	}
	return false;
}

static bool check_remote(const char *url, struct reason *why)
{
	const char *rest = url + scheme_length(url);

	if (*rest == '\0' ||
	    (strncasecmp(url, "http", 4) == 0 && strcspn(rest, "/?#:@") == 0))
		return refuse(why, "no host [§6.2.7]");
	if (url[strspn(url, PATH_BYTES "?#[]%")] != '\0')
		return refuse(why, "a byte that no URL holds as it is [§6.2.7]");
	return !climbs(rest) || refuse(why, "'.' or '..' component [§6.2.7]");
}

/* Whether a path is one of, or below one of, those that a repository has for itself. */
static bool is_reserved(const char *path)
{
	static const char *const reserved[] = {"index",		"keys",	      "repo.json",
					       "repo.json.sig", "index.html", "assets"};

	for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++)
		if (path_is_within(path, reserved[i]))
			return true;
	return false;
}

static bool check_local(const char *path, struct reason *why)
{
	if (path[strspn(path, PATH_BYTES)] != '\0')
		return refuse(why, "a byte that no URL's path holds as it is, or an "
				   "encoded one [§6.2.7]");
	if (path[0] == '\0' || path[0] == '/' || strstr(path, "//") != NULL ||
	    path_ends_with(path, "/"))
		return refuse(why, "empty component [§6.2.7]");
	if (climbs(path))
		return refuse(why, "'.' or '..' component [§6.2.7]");
	if (path[0] == '.' || strstr(path, "/.") != NULL)
		return refuse(why, "a hidden name [§6.4.2]");
	return !is_reserved(path) ||
	       refuse(why, "where the repository's own documents are [§6.4.2]");
}

bool url_check(const char *url, struct reason *why)
{
	if (scheme_length(url) > 0)
		return check_remote(url, why);
	/* To a client, that would be a scheme. */
	if (url[0] != '/' && memchr(url, ':', strcspn(url, "/")) != NULL)
		return refuse(why, "neither a path nor http:// nor https:// [§6.2.7]");
	return check_local(url_local_path(url), why);
}

const char *url_local_path(const char *url)
{
	if (scheme_length(url) > 0)
		return NULL;
	return url[0] == '/' ? url + 1 : url;
}

static const char *const placeholders[] = {"{name}", "{version}", "{arch}", "{filename}"};
enum { NAME, VERSION, ARCHITECTURE, FILE_NAME, PLACEHOLDER_COUNT };

/* Which placeholder stands there, PLACEHOLDER_COUNT for none. */
static int find_placeholder(const char *text)
{
	int which = 0;

	while (which < PLACEHOLDER_COUNT &&
	       strncmp(text, placeholders[which], strlen(placeholders[which])) != 0)
		which++;
	return which;
}

static void put_placeholder(struct buffer *out, int which, const char *name,
			    const char *version, const char *architecture)
{
	if (which == NAME)
		buffer_add_text(out, name);
	else if (which == VERSION)
		buffer_add_text(out, version);
	else if (which == ARCHITECTURE)
		buffer_add_text(out, architecture);
	else
		identity_put_file_name(out, name, version, architecture);
}

void url_put(struct buffer *out, const char *template, const char *name,
	     const char *version, const char *architecture)
{
	while (*template != '\0') {
		int which = find_placeholder(template);

		if (which == PLACEHOLDER_COUNT) {
			buffer_add_byte(out, *template ++);
			continue;
		}
		put_placeholder(out, which, name, version, architecture);
		template += strlen(placeholders[which]);
	}
}

static bool check_placeholders(const char *template, struct reason *why)
{
	if (strstr(template, placeholders[FILE_NAME]) == NULL)
		return refuse(why, "no {filename} in it [§6.4.3]");
	while (*(template += strcspn(template, "{}")) != '\0') {
		int which = find_placeholder(template);

		if (which == PLACEHOLDER_COUNT)
			return refuse(why,
				      "'%.*s' is no placeholder, only {name}, {version}, "
				      "{arch} and {filename} are [§6.4.3]",
				      (int)strcspn(template, "/"), template);
		template += strlen(placeholders[which]);
	}
	return true;
}

bool url_check_template(const char *template, struct reason *why)
{
	bool is_remote = strncmp(template, "http://", 7) == 0 ||
			 strncmp(template, "https://", 8) == 0;
	struct buffer sample = {0};
	bool good;

	if (!check_placeholders(template, why))
		return false;
	if (!is_remote && template[0] != '/')
		return refuse(why, "neither a path from / on nor http:// nor https:// "
				   "[§6.2.7]");
	if (!is_remote && !path_ends_with(template, "/{filename}"))
		return refuse(why, "a path has to end in /{filename} [§6.4.3]");
	if (strpbrk(template, "?#") != NULL)
		return refuse(why, "a query or a fragment [§6.4.3]");
	url_put(&sample, template, SAMPLE_NAME, SAMPLE_VERSION, SAMPLE_ARCHITECTURE);
	good = url_check(sample.data, why);
	buffer_free(&sample);
	return good;
}
