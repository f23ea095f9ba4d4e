#include "index_entry.h"

#include <stdlib.h>
#include <string.h>

#include "fields.h"
#include "index.h"
#include "index_entry_check.h"
#include "json_check.h"
#include "url.h"

/* Copies a text that was checked to fit into the array behind `field`. */
static bool take_short_text(struct index_entry *entry, const char *member, char *field,
			    bool (*check)(const char *text, struct reason *why),
			    struct reason *why)
{
	char *text;
	bool good;

	if (!field_required_text(&entry->json, 0, member, &text, why))
		return false;
	good = check(text, why);
	if (good)
		strcpy(field, text);
	free(text);
	return good;
}

static bool take_name(struct index_entry *entry, struct reason *why)
{
	return take_short_text(entry, "name", entry->name, identity_check_name, why);
}

static bool take_version(struct index_entry *entry, struct reason *why)
{
	return field_required_text(&entry->json, 0, "version", &entry->version, why) &&
	       version_parse(&entry->parsed_version, entry->version, why);
}

static bool take_architecture(struct index_entry *entry, struct reason *why)
{
	return take_short_text(entry, "architecture", entry->architecture,
			       identity_check_architecture, why);
}

static bool take_size_compressed(struct index_entry *entry, struct reason *why)
{
	return field_required_unsigned(&entry->json, 0, "size_compressed",
				       &entry->size_compressed, why);
}

static bool take_hash(struct index_entry *entry, struct reason *why)
{
	const struct json *json = &entry->json;
	json_value hash = json_member(json, 0, "hash");

	if (hash == JSON_NONE || json_type(json, hash) != JSON_OBJECT)
		return refuse(why, "hash: missing or no object [§6.2.4]");
	if (!json_equals(json, json_member(json, hash, "algorithm"), "sha256"))
		return refuse(why, "hash: algorithm: only sha256 is known [§6.2.8]");
	return field_required_hash(json, hash, "value", entry->hash, why) ||
	       refuse_in(why, "hash");
}

static bool take_url(struct index_entry *entry, struct reason *why)
{
	return field_required_text(&entry->json, 0, "url", &entry->url, why) &&
	       (url_check(entry->url, why) || refuse_in(why, "url '%.200s'", entry->url));
}

/* What names an entry, and where its package is. */
static bool (*const parts[])(struct index_entry *, struct reason *) = {
	take_name, take_version, take_architecture, take_size_compressed,
	take_hash, take_url,
};

enum { NAMING_PARTS = 3, PARTS = sizeof parts / sizeof *parts };

static bool take_fields(struct index_entry *entry, struct reason *why)
{
	if (json_type(&entry->json, 0) != JSON_OBJECT)
		return refuse(why, "no object [§6.2.2]");
	for (size_t i = 0; i < PARTS; i++) {
		if (parts[i](entry, why))
			continue;
		if (i >= NAMING_PARTS)
			refuse_in(why, "%s_%s_%s", entry->name, entry->version,
				  entry->architecture);
		return false;
	}
	return true;
}

bool index_entry_parse(struct index_entry *entry, const char *text, size_t length,
		       struct reason *why)
{
	return json_check(text, length, why) &&
	       index_entry_parse_checked(entry, text, length, why);
}

bool index_entry_parse_checked(struct index_entry *entry, const char *text, size_t length,
			       struct reason *why)
{
	*entry = (struct index_entry){0};
	if (!json_parse_checked(&entry->json, text, length, why))
		return false;
	if (take_fields(entry, why))
		return true;
	index_entry_free(entry);
	return false;
}

void index_entry_free(struct index_entry *entry)
{
	free(entry->version);
	free(entry->url);
	json_free(&entry->json);
}

void index_entry_check(const struct index_entry *entry, struct findings *found)
{
	struct buffer about = {0};

	buffer_printf(&about, "%s_%s_%s", entry->name, entry->version,
		      entry->architecture);
	index_entry_check_members(&entry->json, about.data, found);
	buffer_free(&about);
}

/* Reports which of the parts are bad; `about` says more when the first ones were good. */
static void report_parts(struct index_entry *entry, struct buffer *about,
			 struct findings *found)
{
	size_t good_parts = 0;
	struct reason why;

	for (size_t i = 0; i < PARTS; i++) {
		bool good = parts[i](entry, &why);

		if (!good)
			find_error(found, "%s: %s", about->data, why.text);
		good_parts += good;
		if (good_parts == NAMING_PARTS && i + 1 == NAMING_PARTS)
			buffer_printf(about, ": %s_%s_%s", entry->name, entry->version,
				      entry->architecture);
	}
}

void index_entry_report(const char *text, size_t length, const char *about,
			struct findings *found)
{
	struct index_entry entry = {0};
	struct buffer place = {0};
	struct reason why;

	buffer_add_text(&place, about);
	if (!json_parse(&entry.json, text, length, &why)) {
		find_error(found, "%s: %s", about, why.text);
	} else {
		report_parts(&entry, &place, found);
		index_entry_check_members(&entry.json, place.data, found);
	}
	index_entry_free(&entry);
	buffer_free(&place);
}

bool index_entry_read(struct input *in, struct buffer *line, struct index_entry *entry,
		      struct reason *why)
{
	if (!input_line(in, line, INDEX_ENTRY_LIMIT, why))
		return false;
	return index_entry_parse(entry, line->data, line->length, why) ||
	       refuse_in(why, "%s", input_name(in));
}

int index_entry_compare(const struct index_entry *a, const struct index_entry *b)
{
	int order = strcmp(a->name, b->name);

	return order != 0 ? order
			  : version_compare(&b->parsed_version, &a->parsed_version);
}

void index_entry_put_file_name(struct buffer *out, const struct index_entry *entry)
{
	identity_put_file_name(out, entry->name, entry->version, entry->architecture);
}
