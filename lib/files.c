#include "files.h"

#include <stdlib.h>
#include <string.h>

#include "fields.h"
#include "json.h"

static bool add_size(int64_t *sum, int64_t size, struct reason *why)
{
	if (size > INT64_MAX - *sum)
		return refuse(why, "sizes add up to over 2^63-1 [§1.3]");
	*sum += size;
	return true;
}

static bool take_file(struct files *files, const struct json *json, json_value element,
		      struct reason *why)
{
	struct file *file = &files->list[files->count];
	int order;

	if (json_type(json, element) != JSON_OBJECT)
		return refuse(why, "no object [§3.5.1]");
	if (!field_required_text(json, element, "path", &file->path, why))
		return false;
	files->count++;
	if (!field_required_unsigned(json, element, "size", &file->size, why) ||
	    !field_required_hash(json, element, "hash", file->hash, why) ||
	    !add_size(&files->size, file->size, why))
		return refuse_in(why, "%s", file->path);
	order = files->count > 1 ? strcmp(file[-1].path, file->path) : -1;
	if (order == 0)
		return refuse(why, "%s: twice [§3.5.1]", file->path);
	return order < 0 || refuse(why, "%s: not sorted by path [§3.5.1]", file->path);
}

static bool take_files(struct files *files, const struct json *json, struct reason *why)
{
	json_value entries = json_member(json, 0, "entries");

	if (json_type(json, 0) != JSON_OBJECT)
		return refuse(why, "no object [§3.5.1]");
	if (!field_check_schema(json, 0, why))
		return false;
	if (!json_equals(json, json_member(json, 0, "algorithm"), "sha256"))
		return refuse(why, "algorithm: only sha256 is known [§3.5.1]");
	if (entries == JSON_NONE || json_type(json, entries) != JSON_ARRAY)
		return refuse(why, "entries: missing or no array [§3.5.1]");
	if (json_size(json, entries) > ENTRIES_MOST)
		return refuse(why, "entries: more than %d [§3.2.7]", ENTRIES_MOST);
	files->list = allocate(json_size(json, entries), sizeof *files->list);
	for (json_value element = json_first(json, entries); element != JSON_NONE;
	     element = json_next(json, entries, element))
		if (!take_file(files, json, element, why))
			return refuse_in(why, "entries");
	return true;
}

bool files_parse(struct files *files, const char *text, size_t length, struct reason *why)
{
	struct json json;
	bool good;

	*files = (struct files){0};
	if (length > FILES_LIMIT)
		return refuse(why, "over %d bytes [§3.2.7]", FILES_LIMIT);
	if (!json_parse(&json, text, length, why))
		return false;
	good = take_files(files, &json, why);
	json_free(&json);
	return good;
}

void files_free(struct files *files)
{
	for (size_t i = 0; i < files->count; i++)
		free(files->list[i].path);
	free(files->list);
	*files = (struct files){0};
}

bool files_put(struct buffer *out, const struct entry_list *entries, int64_t *size,
	       struct reason *why)
{
	const char *separator = "";

	*size = 0;
	buffer_add_text(out,
			"{\"schema_version\":1,\"algorithm\":\"sha256\",\"entries\":[");
	for (size_t i = 0; i < entries->count; i++) {
		const struct entry *entry = &entries->entries[i];

		if (entry->type != ENTRY_FILE)
			continue;
		if (entry->hash[0] == '\0')
			return refuse(why, "%s: no hash", entry->path);
		if (!add_size(size, entry->size, why))
			return false;
		buffer_printf(out, "%s{\"path\":", separator);
		json_put_text(out, entry->path);
		buffer_printf(out, ",\"size\":%lld,\"hash\":\"%s\"}",
			      (long long)entry->size, entry->hash);
		separator = ",";
	}
	buffer_add_text(out, "]}\n");
	if (out->length > FILES_LIMIT)
		return refuse(why, "files.json: over %d bytes [§3.2.7]", FILES_LIMIT);
	return true;
}
