#include "name_order.h"

#include <stdlib.h>
#include <string.h>

bool name_order_next(struct name_order *order, const struct buffer *name, bool starts,
		     struct reason *why)
{
	int compared = starts ? -1 : strcmp(order->previous.data, name->data);

	if (compared == 0)
		return refuse(why, "%s: twice [§3.1.4]", name->data);
	if (compared > 0)
		return refuse(why, "%s: out of order behind %s [§3.1.4 #1]", name->data,
			      order->previous.data);
	buffer_clear(&order->previous);
	buffer_add(&order->previous, name->data, name->length);
	return true;
}

static bool is_prefix(const struct buffer *prefix, const struct buffer *text)
{
	return prefix->length <= text->length &&
	       memcmp(prefix->data, text->data, prefix->length) == 0;
}

/* Order puts between "a" and "a/" only names that begin with "a": so only the files and
 * links that begin this name are kept. */
bool name_order_next_payload(struct name_order *order, const struct buffer *name,
			     bool is_directory, struct reason *why)
{
	while (order->leaf_count > 0 &&
	       !is_prefix(&order->leaves[order->leaf_count - 1], name))
		buffer_free(&order->leaves[--order->leaf_count]);
	for (size_t i = 0; i < order->leaf_count; i++)
		if (name->data[order->leaves[i].length] == '/')
			return refuse(why, "%s: %s is no directory [§3.2.6]", name->data,
				      order->leaves[i].data);
	if (is_directory)
		return true;
	order->leaves =
		grow_array(order->leaves, order->leaf_count, sizeof *order->leaves);
	order->leaves[order->leaf_count] = (struct buffer){0};
	buffer_add(&order->leaves[order->leaf_count++], name->data, name->length);
	return true;
}

void name_order_free(struct name_order *order)
{
	buffer_free(&order->previous);
	while (order->leaf_count > 0)
		buffer_free(&order->leaves[--order->leaf_count]);
	free(order->leaves);
	*order = (struct name_order){0};
}
