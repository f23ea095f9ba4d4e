#include "archive_order.h"

#include <string.h>

/* Compares as index_entry_compare does; no entry before the first. */
static bool is_behind_last(const struct archive_order *order,
			   const struct index_entry *entry)
{
	int by_name = strcmp(order->name, entry->name);
	struct version last;
	struct reason ignored;

	if (by_name != 0)
		return by_name < 0;
	return version_parse(&last, order->version.data, &ignored) &&
	       version_compare(&last, &entry->parsed_version) >= 0;
}

static void take_name(struct archive_order *order, const struct index_entry *entry)
{
	if (strcmp(order->name, entry->name) == 0)
		return;
	name_set_free(&order->file_names);
	memcpy(order->name, entry->name, sizeof order->name);
}

enum archive_place archive_order_next(struct archive_order *order,
				      const struct index_entry *entry, struct reason *why)
{
	struct buffer file_name = {0};
	enum archive_place place = ARCHIVE_PLACE_GOOD;

	index_entry_put_file_name(&file_name, entry);
	if (!is_behind_last(order, entry)) {
		place = ARCHIVE_PLACE_WRONG;
		refuse(why, "%s: out of order behind %s [§6.3.5]", file_name.data,
		       order->file_name.data);
	}
	take_name(order, entry);
	if (!name_set_add(&order->file_names, file_name.data)) {
		place = ARCHIVE_PLACE_TWICE;
		refuse(why, "%s: there twice [§6.3.1]", file_name.data);
	}
	buffer_clear(&order->version);
	buffer_add_text(&order->version, entry->version);
	buffer_free(&order->file_name);
	order->file_name = file_name;
	return place;
}

void archive_order_free(struct archive_order *order)
{
	buffer_free(&order->version);
	buffer_free(&order->file_name);
	name_set_free(&order->file_names);
}
