#include "index_header_check.h"

#include <stddef.h>
#include <string.h>

#include "timestamp.h"

/* What clients take for the longest age of what they trust (§6.5.4), and how far clocks
 * may differ. */
enum { DAY = 24 * 60 * 60, TRUSTED_AGE = 30 * DAY, CLOCK_DIFFERENCE = DAY };

static const struct index_header *header_of(const struct index_walk *walk)
{
	return walk->index != NULL ? index_header(walk->index) : NULL;
}

void index_header_check(const struct index_walk *walk, enum index_kind kind,
			const char *repo, struct findings *found)
{
	const struct index_header *header = header_of(walk);

	if (header == NULL)
		return;
	if (header->kind != kind)
		find_error(found, "%s: kind: '%s', not '%s' [§%s]", walk->path,
			   index_kind_name(header->kind), index_kind_name(kind),
			   kind == INDEX_ACTIVE ? "6.2.2" : "6.3.3");
	if (repo != NULL && strcmp(header->repo, repo) != 0)
		find_error(found, "%s: repo: '%s', but the descriptor says '%s' [§6.2.2]",
			   walk->path, header->repo, repo);
}

static void check_age(const struct index_walk *walk, int64_t now, struct findings *found)
{
	int64_t generated_at = header_of(walk)->generated_at;
	char text[TIMESTAMP_SIZE + 1];

	timestamp_format(generated_at, text);
	if (generated_at - now > CLOCK_DIFFERENCE)
		find_warning(found, "%s: generated_at: %s, in the future [§6.2.2]",
			     walk->path, text);
	if (now - generated_at > TRUSTED_AGE)
		find_warning(found,
			     "%s: generated_at: %s, over 30 days ago, which is longer "
			     "than clients trust an index that does not change [§6.5.4]",
			     walk->path, text);
}

static void check_same(const struct index_walk *active, const struct index_walk *archive,
		       struct findings *found)
{
	const struct index_header *a = header_of(active), *b = header_of(archive);
	char a_time[TIMESTAMP_SIZE + 1], b_time[TIMESTAMP_SIZE + 1];

	if (a->index_version != b->index_version)
		find_error(found,
			   "index_version: %lld in the active index, %lld in the archive "
			   "[§6.2.3]",
			   (long long)a->index_version, (long long)b->index_version);
	if (a->generated_at == b->generated_at)
		return;
	timestamp_format(a->generated_at, a_time);
	timestamp_format(b->generated_at, b_time);
	find_error(found,
		   "generated_at: %s in the active index, %s in the archive [§6.2.3]",
		   a_time, b_time);
}

void index_header_check_pair(const struct index_walk *active,
			     const struct index_walk *archive, int64_t now,
			     struct findings *found)
{
	const struct index_header *a = header_of(active), *b = header_of(archive);

	if (a != NULL && b != NULL)
		check_same(active, archive, found);
	if (a != NULL)
		check_age(active, now, found);
	if (b != NULL && (a == NULL || a->generated_at != b->generated_at))
		check_age(archive, now, found);
}
