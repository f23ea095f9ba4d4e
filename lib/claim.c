#include "claim.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "layout.h"
#include "path.h"

/* A claim under way. Bit i * claimants->count + p of owns: entry i goes into package p.
 * There may be thousands of packages, and a million entries. */
struct claim {
	struct claimants *claimants;
	const struct entry_list *list;
	unsigned char *owns;
	size_t *above; /* numbers of the directories that the current entry is in */
	size_t depth;
	struct findings *found;
};

static bool owns(const struct claim *claim, size_t package, size_t entry)
{
	size_t bit = entry * claim->claimants->count + package;

	return (claim->owns[bit / CHAR_BIT] >> bit % CHAR_BIT & 1) != 0;
}

static void make_owner(const struct claim *claim, size_t package, size_t entry)
{
	size_t bit = entry * claim->claimants->count + package;

	claim->owns[bit / CHAR_BIT] |= (unsigned char)(1 << bit % CHAR_BIT);
}

/* On the wire a directory comes right before all that is in it. */
static void leave_directories(struct claim *claim, const char *path)
{
	while (claim->depth > 0) {
		const char *directory =
			claim->list->entries[claim->above[claim->depth - 1]].path;
		if (path_is_within(path, directory))
			return;
		claim->depth--;
	}
}

static void enter_directory(struct claim *claim, size_t entry)
{
	claim->above = grow_array(claim->above, claim->depth, sizeof *claim->above);
	claim->above[claim->depth++] = entry;
}

static bool is_claimable(const struct claim *claim, const struct entry *entry)
{
	if (entry->type != ENTRY_DIRECTORY)
		return true;
	for (size_t p = 0; p < claim->claimants->count; p++)
		if (claimant_wants_directory(&claim->claimants->list[p], entry->path))
			return true;
	return false;
}

/* Which packages claim an entry; returns how many. */
static size_t find_owners(const struct claim *claim, size_t number)
{
	const struct entry *entry = &claim->list->entries[number];
	size_t count = 0;

	for (size_t p = 0; p < claim->claimants->count; p++) {
		if (!claimant_matches(&claim->claimants->list[p], entry))
			continue;
		make_owner(claim, p, number);
		count++;
	}
	return count;
}

/* Thousands of packages may claim the same thousands of entries. */
static void report_overlap(const struct claim *claim, size_t number, size_t owners)
{
	enum { NAMED_MOST = 20 };
	struct buffer names = {0};
	size_t named = 0;

	for (size_t p = 0; named < owners && named < NAMED_MOST; p++)
		if (owns(claim, p, number))
			buffer_printf(&names, "%s%s", named++ > 0 ? ", " : "",
				      claim->claimants->list[p].name);
	if (named < owners)
		buffer_printf(&names, " and %zu more", owners - named);
	find_error(claim->found, "%s: claimed by more than one package: %s [§8.2]",
		   claim->list->entries[number].path, names.data);
	buffer_free(&names);
}

/* Of the entry's one owner: its place, and the directories above it. */
static void settle(const struct claim *claim, size_t number)
{
	const struct entry *entry = &claim->list->entries[number];
	size_t owner = 0;

	while (!owns(claim, owner, number))
		owner++;
	layout_check(claim->claimants->list[owner].name,
		     claim->claimants->list[owner].architecture, entry->type, entry->path,
		     entry->target, claim->found);
	for (size_t i = 0; i < claim->depth; i++)
		make_owner(claim, owner, claim->above[i]);
}

static void claim_entry(struct claim *claim, size_t number)
{
	const struct entry *entry = &claim->list->entries[number];
	size_t owners;

	leave_directories(claim, entry->path);
	if (!entry_list_has_parent(claim->list, number))
		find_error(claim->found, "%s: the directory that it is in has no entry",
			   entry->path);
	if (is_claimable(claim, entry)) {
		owners = find_owners(claim, number);
		if (owners == 0)
			find_error(claim->found, "%s: claimed by no package [§8.2]",
				   entry->path);
		else if (owners > 1)
			report_overlap(claim, number, owners);
		else
			settle(claim, number);
	}
	if (entry->type == ENTRY_DIRECTORY)
		enter_directory(claim, number);
}

static void put_entries(const struct claim *claim, struct buffer *out)
{
	for (size_t i = 0; i < claim->list->count; i++)
		for (size_t p = 0; p < claim->claimants->count; p++) {
			struct entry entry = claim->list->entries[i];

			if (!owns(claim, p, i))
				continue;
			entry.package = claim->claimants->list[p].name;
			entry_put(out, &entry);
		}
}

static void warn_of_idle_patterns(const struct claimants *claimants,
				  struct findings *found)
{
	for (size_t p = 0; p < claimants->count; p++)
		for (size_t i = 0; i < claimants->list[p].pattern_count; i++)
			if (!claimants->list[p].patterns[i].matched)
				find_warning(found, "%s: files: '%s' matches nothing",
					     claimants->list[p].name,
					     claimants->list[p].patterns[i].text);
}

/* Where all is taken, directories come only as those above something. */
static void warn_of_dropped_directories(const struct claim *claim)
{
	if (!claim->claimants->list[0].takes_all)
		return;
	for (size_t i = 0; i < claim->list->count; i++)
		if (!owns(claim, 0, i))
			find_warning(claim->found, "%s: empty directory, not packed",
				     claim->list->entries[i].path);
}

void claim_entries(struct claimants *claimants, const struct entry_list *list,
		   struct buffer *out, struct findings *found)
{
	struct claim claim = {.claimants = claimants, .list = list, .found = found};

	claim.owns = allocate(list->count * claimants->count / CHAR_BIT + 1,
			      sizeof *claim.owns);
	for (size_t i = 0; i < list->count; i++)
		claim_entry(&claim, i);
	warn_of_idle_patterns(claimants, found);
	if (found->errors == 0) {
		warn_of_dropped_directories(&claim);
		put_entries(&claim, out);
	}
	free(claim.owns);
	free(claim.above);
}
