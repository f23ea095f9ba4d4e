/* Where packages are fetched from: the `url` of an index entry (§6.2.7), and the
 * templates that make it (§6.4). */
#ifndef URL_H
#define URL_H

#include <stdbool.h>

#include "buffer.h"
#include "report.h"

#define URL_TEMPLATE_DEFAULT "/p/{name}/{version}/{filename}"

/* Whether a template can make URLs: placeholders {name} {version} {arch} {filename} only
 * and {filename} among them; an absolute path that ends in /{filename} or
 * http(s)://host/...; no query or fragment; and what it makes passes url_check. */
bool url_check_template(const char *template, struct reason *why);

/* Appends the URL that a good template makes. What it makes of a good template has to
 * pass url_check all the same: a {name} may lead where no package may be. */
void url_put(struct buffer *out, const char *template, const char *name,
	     const char *version, const char *architecture);

/* Whether an entry's url is one that a client can fetch: http://, https:// or file://
 * with something behind it; or a path below the repository's base, with or without a
 * slash before it, that is its file's path as it stands: no empty component, no name that
 * starts with a dot, nothing percent-encoded, no query, not into index/, keys/ or
 * assets/, nor below the descriptor. No "." or ".." component, encoded or not, blank or
 * control character in any of them. The reason does not repeat the url. */
bool url_check(const char *url, struct reason *why);

/* Where below the repository's base a good URL leads: a relative path, borrowed; null
 * when it leads elsewhere (http, https, file). */
const char *url_local_path(const char *url);

#endif
