#include "index_walk.h"

#include <stdlib.h>
#include <string.h>

#include "fields.h"
#include "json.h"

static void set_name(struct index_walk *walk, const char *name)
{
	strcpy(walk->name, name);
	walk->is_misplaced = strcmp(name, walk->greatest_name) <= 0;
}

/* The name of an entry that is not good, if it has one that a good one could have. */
static void find_name(struct index_walk *walk, const struct buffer *text)
{
	struct reason ignored;
	struct json json;
	char *name;

	set_name(walk, "");
	if (json_parse(&json, text->data, text->length, &ignored)) {
		if (field_required_text(&json, 0, "name", &name, &ignored) &&
		    strlen(name) <= NAME_MOST)
			set_name(walk, name);
		free(name);
		json_free(&json);
	}
	walk->is_legible &= walk->name[0] != '\0';
}

static void report_entry(const struct index_walk *walk, const struct buffer *text,
			 struct findings *found)
{
	struct buffer about = {0};

	buffer_printf(&about, "%s: entry %zu", walk->path, walk->number);
	index_entry_report(text->data, text->length, about.data, found);
	buffer_free(&about);
}

static void take_record(struct index_walk *walk, const struct index_record *record,
			struct findings *found)
{
	walk->number++;
	if (!record->is_good) {
		walk->entry = NULL;
		report_entry(walk, &record->text, found);
		find_name(walk, &record->text);
		return;
	}
	walk->entry = &record->entry;
	set_name(walk, walk->entry->name);
	if (!walk->is_misplaced)
		strcpy(walk->greatest_name, walk->name);
}

void index_walk_next(struct index_walk *walk, struct findings *found)
{
	struct reason why;
	const struct index_record *record = index_feed_next(walk->feed, &why);

	if (record != NULL) {
		take_record(walk, record, found);
		return;
	}
	walk->at_end = true;
	walk->is_whole = why.text[0] == '\0';
	if (!walk->is_whole)
		index_report(walk->index, walk->path, &why, found);
}

void index_walk_start(struct index_walk *walk, const char *path, struct findings *found)
{
	struct reason why;

	*walk = (struct index_walk){.path = path, .is_legible = true};
	walk->index = index_open(path, &why);
	if (walk->index == NULL) {
		walk->at_end = true;
		find_error(found, "%s", why.text);
		return;
	}
	walk->feed = index_feed_start(walk->index);
	index_walk_next(walk, found);
}

void index_walk_end(struct index_walk *walk)
{
	if (walk->index == NULL)
		return;
	index_feed_end(walk->feed);
	index_close(walk->index);
}
