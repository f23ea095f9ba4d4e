/* What packages depend on, and which of it others offer (§4.1, §4.2.3). */
#ifndef NEEDS_H
#define NEEDS_H

#include <stdbool.h>
#include <stddef.h>

#include "identity.h"
#include "index_entry.h"
#include "report.h"

/* One dependency of one package. */
struct need {
	char *package; /* that has it: name_version_architecture */
	char architecture[ARCHITECTURE_MOST + 1]; /* of that package */
	char *name;
	char *constraint; /* null: any version will do */
	bool met;
};

/* The dependencies of any number of packages. Start with {0}; give back with needs_free.
 */
struct needs {
	struct need *list; /* in the order in which they were added */
	size_t count;
	struct need **by_name; /* null until something is offered */
};

/* Adds the dependencies of a package. Returns false with a reason that names it when they
 * are missing or bad; the good ones before the bad one may have been added. To be called
 * before the first needs_offer only. */
bool needs_add(struct needs *needs, const struct index_entry *entry, struct reason *why);

/* Marks what a package meets by its name and version, or by what it provides; its
 * architecture has to be that of the package in need, or noarch. Returns false with a
 * reason that names it when what it provides is bad. */
bool needs_offer(struct needs *needs, const struct index_entry *entry,
		 struct reason *why);

void needs_free(struct needs *needs);

#endif
