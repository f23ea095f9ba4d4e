/* A merge sort. However an order goes in a circle, as that of versions may (see
 * version.h), it leaves neighbours in order, and the same list for the same input. */
#ifndef STABLE_SORT_H
#define STABLE_SORT_H

#include <stddef.h>

/* Less than, equal to or greater than 0, as a belongs before, beside or behind b. */
typedef int stable_sort_order(const void *a, const void *b);

/* Sorts list[0..count), pointers that `compare` is given; equal ones stay as they were.
 */
void stable_sort(void **list, size_t count, stable_sort_order *compare);

#endif
