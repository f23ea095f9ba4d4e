#include "index_pair.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

static int compare_names(const void *a, const void *b)
{
	const struct listing *left = a, *right = b;

	return strcmp(left->name, right->name);
}

static enum index_kind other(enum index_kind kind)
{
	return kind == INDEX_ACTIVE ? INDEX_ARCHIVE : INDEX_ACTIVE;
}

static void discard(void *node)
{
	struct listing *listing = node;

	listing_free(listing);
	free(listing);
}

/* A name that is out of order may belong to one that was there before. */
static void report_missing(enum index_kind kind, const struct listing *listing,
			   struct findings *found)
{
	if (listing->is_misplaced)
		return;
	if (kind == INDEX_ARCHIVE)
		find_error(found,
			   "%s: in the archive, but not in the active index [§6.3.6]",
			   listing->name);
	else
		find_error(found,
			   "%s: in the active index, but not in the archive [§6.3.6]",
			   listing->is_unclear ? listing->name : listing->file_name);
}

static bool compare(const struct listing *active, const struct listing *archived,
		    struct findings *found)
{
	if (active->is_unclear || archived->is_unclear)
		return false;
	if (strcmp(active->file_name, archived->file_name) != 0)
		find_error(found,
			   "%s: the active index has %s, the archive's highest version "
			   "is %s [§6.3.6]",
			   active->name, active->file_name, archived->file_name);
	else if (strcmp(active->hash, archived->hash) != 0)
		find_error(found,
			   "%s: hash %s in the active index, %s in the archive [§6.3.6]",
			   active->file_name, active->hash, archived->hash);
	else if (memcmp(active->digest, archived->digest, HASH_SIZE) != 0)
		find_error(found,
			   "%s: the active index describes it otherwise than the archive "
			   "[§6.2.5]",
			   active->file_name);
	else
		return true;
	return false;
}

/* Removes what the other index has under that name. */
static struct listing *take_counterpart(struct index_pair *pair, enum index_kind kind,
					const struct listing *listing)
{
	void **tree = &pair->waiting[other(kind)];
	void *node = tfind(listing, tree, compare_names);
	struct listing *counterpart = node != NULL ? *(struct listing **)node : NULL;

	if (counterpart != NULL)
		tdelete(counterpart, tree, compare_names);
	return counterpart;
}

static void let_wait(struct index_pair *pair, enum index_kind kind,
		     struct listing *listing)
{
	struct listing *waiting = allocate(1, sizeof *waiting), **node;

	*waiting = *listing;
	*listing = (struct listing){0};
	node = tsearch(waiting, &pair->waiting[kind], compare_names);
	if (node == NULL)
		die("out of memory");
	if (*node != waiting)
		discard(waiting);
}

bool index_pair_take(struct index_pair *pair, enum index_kind kind,
		     struct listing *listing, struct findings *found)
{
	struct listing *counterpart = take_counterpart(pair, kind, listing);
	bool same = false;

	if (counterpart == NULL && !pair->ended[other(kind)]) {
		let_wait(pair, kind, listing);
		return false;
	}
	if (counterpart != NULL && kind == INDEX_ACTIVE)
		same = compare(listing, counterpart, found);
	else if (counterpart != NULL)
		same = compare(counterpart, listing, found);
	else if (pair->complete[other(kind)])
		report_missing(kind, listing, found);
	if (counterpart != NULL)
		discard(counterpart);
	listing_free(listing);
	return same;
}

/* Who waits in vain, and where that is told. */
struct wait_end {
	enum index_kind kind;
	struct findings *found;
};

static void end_wait(const void *node, VISIT visit, void *closure)
{
	const struct wait_end *end = closure;

	if (visit == postorder || visit == leaf)
		report_missing(end->kind, *(struct listing *const *)node, end->found);
}

void index_pair_end(struct index_pair *pair, enum index_kind kind, bool complete,
		    struct findings *found)
{
	struct wait_end end = {.kind = other(kind), .found = found};

	pair->ended[kind] = true;
	pair->complete[kind] = complete;
	if (complete)
		twalk_r(pair->waiting[end.kind], end_wait, &end);
	tdestroy(pair->waiting[end.kind], discard);
	pair->waiting[end.kind] = NULL;
}

void index_pair_free(struct index_pair *pair)
{
	tdestroy(pair->waiting[INDEX_ACTIVE], discard);
	tdestroy(pair->waiting[INDEX_ARCHIVE], discard);
}
