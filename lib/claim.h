/* Which package of a recipe each entry of a staged tree belongs to (§8.2). */
#ifndef CLAIM_H
#define CLAIM_H

#include <stdbool.h>
#include <stddef.h>

#include "buffer.h"
#include "entry.h"
#include "json.h"
#include "report.h"

/* A glob. One that ends in a slash makes the directories claimable that it matches
 * without the slash, and then every pattern applies to these, its own last slashes left
 * out. */
struct claimant_pattern {
	char *text;
	char *directory_text; /* without slashes at its end */
	bool makes_claimable;
	bool matched; /* anything in the tree so far */
};

/* One package, and what it claims. */
struct claimant {
	char *name;
	char *architecture;
	struct claimant_pattern *patterns;
	size_t pattern_count;
	bool takes_all; /* every file and link, whatever the patterns */
};

struct claimants {
	struct claimant *list;
	size_t count;
};

/* The packages of a recipe that passed recipe_check, in its order. Refused: a pattern
 * that is none without the slash at its end. Give back with claimants_free in any case.
 */
bool claimants_from_recipe(struct claimants *claimants, const struct json *recipe,
			   struct reason *why);

/* One package, which takes all. */
void claimants_take_all(struct claimants *claimants, const char *name,
			const char *architecture);
void claimants_free(struct claimants *claimants);

/* Whether a package's patterns match an entry; those that do are marked as matched. */
bool claimant_matches(struct claimant *claimant, const struct entry *entry);

/* Whether a pattern of the package makes this directory claimable. */
bool claimant_wants_directory(const struct claimant *claimant, const char *path);

/* Gives every file, every link and every directory that a pattern makes claimable its
 * package, and appends the entries of all packages in on-wire order: those, and the
 * directories above them, a directory once for each package that needs it. Reports all
 * that belongs to no package or to several, all that is against §3.4, directories without
 * an entry, and as warnings patterns that match nothing; the output is of use only when
 * there was no error. */
void claim_entries(struct claimants *claimants, const struct entry_list *list,
		   struct buffer *out, struct findings *found);

#endif
