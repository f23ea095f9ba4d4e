#include "stable_sort.h"

#include <stdlib.h>
#include <string.h>

#include "buffer.h"

/* Merges list[0..middle) and list[middle..count), both in order. */
static void merge_halves(void **list, size_t middle, size_t count,
			 stable_sort_order *compare, void **scratch)
{
	size_t left = 0, right = middle, filled = 0;

	while (left < middle && right < count)
		scratch[filled++] = compare(list[left], list[right]) <= 0 ? list[left++]
									  : list[right++];
	while (left < middle)
		scratch[filled++] = list[left++];
	memcpy(list, scratch, filled * sizeof *list);
}

static void merge_sort(void **list, size_t count, stable_sort_order *compare,
		       void **scratch)
{
	size_t middle = count / 2;

	if (count < 2)
		return;
	merge_sort(list, middle, compare, scratch);
	merge_sort(list + middle, count - middle, compare, scratch);
	merge_halves(list, middle, count, compare, scratch);
}

void stable_sort(void **list, size_t count, stable_sort_order *compare)
{
	void **scratch = allocate(count, sizeof *scratch);

	merge_sort(list, count, compare, scratch);
	free(scratch);
}
