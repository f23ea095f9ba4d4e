#include "index_header.h"

#include <stdlib.h>
#include <string.h>

#include "fields.h"
#include "timestamp.h"

static const char *const kind_names[] = {
	[INDEX_ACTIVE] = "active",
	[INDEX_ARCHIVE] = "archive",
};

const char *index_kind_name(enum index_kind kind)
{
	return kind_names[kind];
}

bool index_kind_find(const char *name, enum index_kind *kind)
{
	*kind = strcmp(name, kind_names[INDEX_ACTIVE]) == 0 ? INDEX_ACTIVE
							    : INDEX_ARCHIVE;
	return strcmp(name, kind_names[*kind]) == 0;
}

static bool check_schema(struct index_header *header, const struct json *json,
			 struct reason *why)
{
	(void)header;
	return field_check_schema(json, 0, why);
}

static bool take_repo(struct index_header *header, const struct json *json,
		      struct reason *why)
{
	return field_required_text(json, 0, "repo", &header->repo, why);
}

static bool take_kind(struct index_header *header, const struct json *json,
		      struct reason *why)
{
	char *name;
	bool good;

	if (!field_required_text(json, 0, "kind", &name, why))
		return false;
	good = index_kind_find(name, &header->kind) ||
	       refuse(why, "kind: '%.200s' is neither active nor archive [§6.2.2]", name);
	free(name);
	return good;
}

static bool take_index_version(struct index_header *header, const struct json *json,
			       struct reason *why)
{
	return field_required_unsigned(json, 0, "index_version", &header->index_version,
				       why) &&
	       (header->index_version > 0 ||
		refuse(why, "index_version: 0, the first is 1 [§6.2.2]"));
}

static bool take_generated_at(struct index_header *header, const struct json *json,
			      struct reason *why)
{
	char *text;
	bool good;

	if (!field_required_text(json, 0, "generated_at", &text, why))
		return false;
	good = timestamp_parse(text, &header->generated_at, why) ||
	       refuse_in(why, "generated_at");
	free(text);
	return good;
}

bool index_header_is_complete(const struct json *json)
{
	static const char *const members[] = {"schema_version", "repo", "kind",
					      "index_version", "generated_at"};

	for (size_t i = 0; i < sizeof members / sizeof *members; i++)
		if (json_member(json, 0, members[i]) == JSON_NONE)
			return false;
	return true;
}

static bool (*const parts[])(struct index_header *, const struct json *,
			     struct reason *) = {
	check_schema, take_repo, take_kind, take_index_version, take_generated_at,
};

bool index_header_parse(struct index_header *header, const struct json *json,
			struct reason *why)
{
	*header = (struct index_header){0};
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (!parts[i](header, json, why))
			return false;
	return true;
}

void index_header_report(const struct json *json, const char *path,
			 struct findings *found)
{
	struct index_header header = {0};
	struct reason why;

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (!parts[i](&header, json, &why))
			find_error(found, "%s: %s", path, why.text);
	index_header_free(&header);
}

void index_header_free(struct index_header *header)
{
	free(header->repo);
	*header = (struct index_header){0};
}

void index_put_header(struct buffer *out, const struct index_header *header)
{
	char generated_at[TIMESTAMP_SIZE + 1];

	timestamp_format(header->generated_at, generated_at);
	buffer_add_text(out, "{\"schema_version\":1,\"repo\":");
	json_put_text(out, header->repo);
	buffer_printf(out, ",\"kind\":\"%s\",\"index_version\":%lld",
		      index_kind_name(header->kind), (long long)header->index_version);
	buffer_printf(out, ",\"generated_at\":\"%s\"", generated_at);
}
