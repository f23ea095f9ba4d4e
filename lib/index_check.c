#include "index_check.h"

#include <string.h>

#include "archive_group.h"
#include "archive_order.h"
#include "index_pair.h"
#include "listing.h"

struct check {
	struct index_walk *active, *archive;
	struct index_pair pair;
	struct findings *found;

	char last_active[NAME_MOST + 1]; /* the name of its last good entry */

	struct archive_order order;
	struct archive_group group;
	bool is_in_group;
	bool is_behind_nameless; /* the last entry's name could not be told */
};

/* Each name is there once, in order (§6.2.9). */
static void check_active_place(struct check *check)
{
	const char *name = check->active->name;
	int order = strcmp(check->last_active, name);

	if (order == 0)
		find_error(check->found, "%s: %s: there twice [§6.2.9]",
			   check->active->path, name);
	else if (order > 0)
		find_error(check->found, "%s: %s: out of order behind %s [§6.2.9]",
			   check->active->path, name, check->last_active);
	strcpy(check->last_active, name);
}

/* What is the same in the archive was checked there. */
static void take_active(struct check *check)
{
	const struct index_walk *active = check->active;
	struct listing listing = {.is_unclear = active->entry == NULL,
				  .is_misplaced = active->is_misplaced};

	if (active->name[0] == '\0')
		return;
	strcpy(listing.name, active->name);
	if (active->entry != NULL) {
		check_active_place(check);
		listing_set(&listing, active->entry);
	}
	if (!index_pair_take(&check->pair, INDEX_ACTIVE, &listing, check->found) &&
	    active->entry != NULL)
		index_entry_check(active->entry, check->found);
}

static void leave_group(struct check *check)
{
	if (!check->is_in_group)
		return;
	archive_group_end(&check->group, check->found);
	index_pair_take(&check->pair, INDEX_ARCHIVE, &check->group.highest, check->found);
	check->is_in_group = false;
}

static void enter_group(struct check *check)
{
	const struct index_walk *archive = check->archive;

	if (check->is_in_group && strcmp(check->group.highest.name, archive->name) == 0)
		return;
	leave_group(check);
	archive_group_start(&check->group, archive->name);
	check->group.highest.is_misplaced = archive->is_misplaced;
	check->is_in_group = true;
}

static void check_archived(struct check *check)
{
	const struct index_entry *entry = check->archive->entry;
	enum archive_place place;
	struct reason why;

	place = archive_order_next(&check->order, entry, &why);
	if (place != ARCHIVE_PLACE_GOOD)
		find_error(check->found, "%s: %s", check->archive->path, why.text);
	index_entry_check(entry, check->found);
	archive_group_add(&check->group, entry, place == ARCHIVE_PLACE_GOOD);
	if (!archive_group_add_url(&check->group, entry->url) &&
	    place != ARCHIVE_PLACE_TWICE)
		find_error(check->found,
			   "%s: %s_%s_%s: its url is that of another version [§6.4.3]",
			   check->archive->path, entry->name, entry->version,
			   entry->architecture);
}

/* The highest version of a group comes first: if it may be the one that cannot be read,
 * nothing is known of it. An entry without a name may belong to this group. */
static void check_clearness(struct check *check, bool is_nameless)
{
	bool is_clear = check->archive->entry != NULL && !check->is_behind_nameless;

	if (!is_clear && archive_group_is_empty(&check->group))
		check->group.highest.is_unclear = true;
	check->is_behind_nameless = is_nameless;
}

static void take_archived(struct check *check)
{
	bool is_nameless = check->archive->name[0] == '\0';

	if (!is_nameless)
		enter_group(check);
	check_clearness(check, is_nameless);
	if (check->archive->entry != NULL)
		check_archived(check);
}

/* A group of which no more comes is handed in at once, so that the active index meets it.
 */
static void arrive_in_archive(struct check *check)
{
	const struct index_walk *archive = check->archive;

	if (archive->at_end || (archive->name[0] != '\0' &&
				strcmp(archive->name, check->group.highest.name) != 0))
		leave_group(check);
	if (archive->at_end)
		index_pair_end(&check->pair, INDEX_ARCHIVE,
			       archive->is_whole && archive->is_legible, check->found);
}

static void arrive_in_active(struct check *check)
{
	const struct index_walk *active = check->active;

	if (active->at_end)
		index_pair_end(&check->pair, INDEX_ACTIVE,
			       active->is_whole && active->is_legible, check->found);
}

/* With equal names the archive comes first. */
static bool archive_is_next(const struct check *check)
{
	return !check->archive->at_end &&
	       (check->active->at_end ||
		strcmp(check->archive->name, check->active->name) <= 0);
}

void index_check_entries(struct index_walk *active, struct index_walk *archive,
			 struct findings *found)
{
	struct check check = {.active = active, .archive = archive, .found = found};

	arrive_in_archive(&check);
	arrive_in_active(&check);
	while (!active->at_end || !archive->at_end) {
		if (archive_is_next(&check)) {
			take_archived(&check);
			index_walk_next(archive, found);
			arrive_in_archive(&check);
		} else {
			take_active(&check);
			index_walk_next(active, found);
			arrive_in_active(&check);
		}
	}
	archive_order_free(&check.order);
	archive_group_free(&check.group);
	index_pair_free(&check.pair);
}
