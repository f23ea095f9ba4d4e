/* The tags that a farm may build. */
#ifndef TAG_LIST_H
#define TAG_LIST_H

#include <stddef.h>

#include "buffer.h"
#include "git_ref.h"
#include "version.h"

struct tag {
	char *name;
	char commit[GIT_OBJECT_MOST + 1];
	char *version;
	struct version parsed;	/* the version's text */
	const struct tag *twin; /* the tag of the same version that is to be taken */
};

/* Start with {0}; give back with tag_list_free. */
struct tag_list {
	struct tag **tags;
	size_t count;
};

/* Adds a tag with a good version, which are copied, and without a commit. Returns it,
 * good until the list is sorted. */
struct tag *tag_list_add(struct tag_list *list, const char *name, const char *version);

/* Sorts by version, the oldest first (§2.2.7), those that compare equal by its bytes, and
 * several tags of one version by their bytes: all but the first of them get a twin. The
 * result does not depend on the order before. */
void tag_list_sort(struct tag_list *list);
void tag_list_free(struct tag_list *list);

/* Appends the tag as an entry, a line with tag, commit and version. */
void tag_put(struct buffer *out, const struct tag *tag);

#endif
