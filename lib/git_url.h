/* Where a recipe's upstream lies. */
#ifndef GIT_URL_H
#define GIT_URL_H

#include <stdbool.h>

#include "buffer.h"
#include "report.h"

/* Whether git may be given url: an http, https, ssh or git URL with a host, a file URL, a
 * place as USER@HOST:PATH, or an absolute path; nothing that git, or a program it runs,
 * could take for an option or the name of a helper. Reasons do not repeat the URL: it may
 * hold a password. */
bool git_url_check(const char *url, struct reason *why);

/* Appends what two URLs of one repository have in common: the text in lower case (ASCII),
 * without '/' and ".git" at its end. https and ssh forms, https://[USER@]HOST/PATH,
 * ssh://[USER@]HOST/PATH and USER@HOST:PATH, become HOST/PATH; a port stays in front of
 * the '/', unless it is the scheme's own, 443 or 22. Any other text, a good URL or not,
 * stands as it is otherwise. No control character is in the result that was not in url.
 */
void git_url_normalize(const char *url, struct buffer *normalized);

#endif
