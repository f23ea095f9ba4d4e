#include "index_entry.h"

#include <stdlib.h>
#include <string.h>

#include "fields.h"
#include "index.h"
#include "json_check.h"
#include "side_effects.h"
#include "timestamp.h"
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

static bool take_identity(struct index_entry *entry, struct reason *why)
{
	return take_short_text(entry, "name", entry->name, identity_check_name, why) &&
	       field_required_text(&entry->json, 0, "version", &entry->version, why) &&
	       version_parse(&entry->parsed_version, entry->version, why) &&
	       take_short_text(entry, "architecture", entry->architecture,
			       identity_check_architecture, why);
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

static bool take_file(struct index_entry *entry, struct reason *why)
{
	return field_required_unsigned(&entry->json, 0, "size_compressed",
				       &entry->size_compressed, why) &&
	       take_hash(entry, why) &&
	       field_required_text(&entry->json, 0, "url", &entry->url, why) &&
	       (url_check(entry->url, why) || refuse_in(why, "url '%.200s'", entry->url));
}

static bool take_fields(struct index_entry *entry, struct reason *why)
{
	if (json_type(&entry->json, 0) != JSON_OBJECT)
		return refuse(why, "no object [§6.2.2]");
	if (!take_identity(entry, why))
		return false;
	return take_file(entry, why) || refuse_in(why, "%s_%s_%s", entry->name,
						  entry->version, entry->architecture);
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

/* Reports what a check refused. */
static void note(bool good, const struct index_entry *entry, const struct reason *why,
		 struct findings *found)
{
	if (!good)
		find_error(found, "%s_%s_%s: %s", entry->name, entry->version,
			   entry->architecture, why->text);
}

static bool check_timestamp(const char *text, struct reason *why)
{
	int64_t seconds;

	return timestamp_parse(text, &seconds, why) || refuse_in(why, "timestamp");
}

static bool check_build(const struct json *json, struct reason *why)
{
	json_value build = json_member(json, 0, "build");

	if (field_is_absent(json, build))
		return true;
	if (json_type(json, build) != JSON_OBJECT)
		return refuse(why, "build: no object [§6.2.4]");
	return (field_check_optional(json, build, "timestamp", check_timestamp, why) &&
		field_check_optional(json, build, "farm_id", NULL, why)) ||
	       refuse_in(why, "build");
}

static void check_relations(const struct index_entry *entry, struct findings *found)
{
	struct reason why;

	for (enum relation relation = 0; relation < RELATION_COUNT; relation++)
		note(relation_check(&entry->json, 0, relation, &why), entry, &why, found);
}

void index_entry_check(const struct index_entry *entry, struct findings *found)
{
	const struct json *json = &entry->json;
	struct side_effects side_effects;
	int64_t size_installed;
	struct reason why;

	note(field_check_optional(json, 0, "description", field_check_description, &why),
	     entry, &why, found);
	note(field_check_optional(json, 0, "license", NULL, &why), entry, &why, found);
	note(field_check_optional(json, 0, "homepage", field_check_homepage, &why), entry,
	     &why, found);
	check_relations(entry, found);
	note(side_effects_parse(json, json_member(json, 0, "side_effects"), &side_effects,
				&why),
	     entry, &why, found);
	note(field_required_unsigned(json, 0, "size_installed", &size_installed, &why),
	     entry, &why, found);
	note(check_build(json, &why), entry, &why, found);
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
