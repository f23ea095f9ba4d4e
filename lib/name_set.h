/* A set of names. */
#ifndef NAME_SET_H
#define NAME_SET_H

#include <stdbool.h>

/* Start with {0}; give back with name_set_free. */
struct name_set {
	void *tree;
};

/* Adds a name, which the set copies. Returns false when it is in the set already. Ends
 * the program without memory. */
bool name_set_add(struct name_set *set, const char *name);

bool name_set_holds(const struct name_set *set, const char *name);
void name_set_free(struct name_set *set);

#endif
