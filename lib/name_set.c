#include "name_set.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"

static int compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

bool name_set_add(struct name_set *set, const char *name)
{
	char *copy;
	void *node;

	if (name_set_holds(set, name))
		return false;
	copy = copy_text(name, strlen(name));
	node = tsearch(copy, &set->tree, compare);
	if (node == NULL)
		die("out of memory");
	return true;
}

bool name_set_holds(const struct name_set *set, const char *name)
{
	return tfind(name, &set->tree, compare) != NULL;
}

void name_set_free(struct name_set *set)
{
	tdestroy(set->tree, free);
	set->tree = NULL;
}
