/* Version constraints, ">= 1.0, < 2" (§2.2.8, §4.1.6): comma-separated terms that all
 * have to hold, each an operator (= > >= < <= !=, none is =) and a version. An operand
 * without revision is compared by epoch and upstream part only. */
#ifndef CONSTRAINT_H
#define CONSTRAINT_H

#include <stdbool.h>

#include "report.h"
#include "version.h"

/* Whether it is a constraint; if not, with a reason that names it. The empty text is
 * none: callers for whom it means "any version" look for it first. */
bool constraint_check(const char *constraint, struct reason *why);

/* Puts into *matches whether a complete version meets the constraint. Returns false as
 * constraint_check does, whichever of the terms is the bad one; *matches is then as it
 * was. */
bool constraint_matches(const char *constraint, const struct version *version,
			bool *matches, struct reason *why);

#endif
