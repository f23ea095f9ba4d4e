/* Where a recipe's upstream lies. */
#ifndef GIT_URL_H
#define GIT_URL_H

#include <stdbool.h>

#include "report.h"

/* Whether git may be given url: an http, https, ssh or git URL with a host, a file URL, a
 * place as USER@HOST:PATH, or an absolute path; nothing that git, or a program it runs,
 * could take for an option or the name of a helper. Reasons do not repeat the URL: it may
 * hold a password. */
bool git_url_check(const char *url, struct reason *why);

#endif
