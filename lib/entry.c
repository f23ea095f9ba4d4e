#include "entry.h"

#include <stdlib.h>
#include <string.h>

#include "json.h"

/* A path of 4,096 bytes, a target as long and a name, each byte escaped, fit well. */
enum { LINE_LIMIT = 64 * 1024 };

int entry_compare(const char *path, bool is_directory, const char *other_path,
		  bool other_is_directory)
{
	size_t length = strlen(path), other_length = strlen(other_path);
	size_t common = length < other_length ? length : other_length;
	int order = memcmp(path, other_path, common);
	char next, other_next;

	if (order != 0)
		return order;
	next = length > common ? path[common] : is_directory ? '/' : '\0';
	other_next = other_length > common ? other_path[common]
		     : other_is_directory  ? '/'
					   : '\0';
	if (next != other_next)
		return (unsigned char)next - (unsigned char)other_next;
	/* One is a directory, the other goes on with the slash. */
	return (length > other_length) - (length < other_length);
}

void entry_free(struct entry *entry)
{
	free(entry->path);
	free(entry->target);
	free(entry->package);
	free(entry->others);
	*entry = (struct entry){0};
}

/* A string member, or null when there is none; a wrong type or a NUL in it is refused. */
static bool take_text(const struct json *json, const char *name, char **text,
		      struct reason *why)
{
	json_value value = json_member(json, 0, name);
	size_t length;

	if (value == JSON_NONE || json_type(json, value) == JSON_NULL)
		return true;
	if (json_type(json, value) != JSON_STRING)
		return refuse(why, "'%s' is no string", name);
	*text = json_string(json, value, &length);
	return strlen(*text) == length || refuse(why, "'%s' holds a NUL", name);
}

static bool take_type(const struct json *json, struct entry *entry, struct reason *why)
{
	json_value type = json_member(json, 0, "type");

	if (json_equals(json, type, "file"))
		entry->type = ENTRY_FILE;
	else if (json_equals(json, type, "dir"))
		entry->type = ENTRY_DIRECTORY;
	else if (json_equals(json, type, "link"))
		entry->type = ENTRY_LINK;
	else
		return refuse(why, "'type' is not file, dir or link");
	return true;
}

static bool take_size(const struct json *json, struct entry *entry, struct reason *why)
{
	json_value size = json_member(json, 0, "size");

	if (size == JSON_NONE || !json_unsigned(json, size, &entry->size))
		return refuse(why, "a file without 'size'");
	return true;
}

static bool take_hash(const struct json *json, struct entry *entry, struct reason *why)
{
	char *hash = NULL;
	bool good = take_text(json, "hash", &hash, why);

	if (good && hash != NULL) {
		good = hash_is_hex(hash) || refuse(why, "'hash' is no SHA-256");
		if (good)
			memcpy(entry->hash, hash, sizeof entry->hash);
	}
	free(hash);
	return good;
}

static bool take_fields(const struct json *json, struct entry *entry, struct reason *why)
{
	if (json_type(json, 0) != JSON_OBJECT)
		return refuse(why, "no object");
	if (!take_text(json, "path", &entry->path, why))
		return false;
	if (entry->path == NULL || entry->path[0] == '\0')
		return refuse(why, "no 'path'");
	if (!take_type(json, entry, why) ||
	    !take_text(json, "package", &entry->package, why))
		return false;
	if (entry->type == ENTRY_FILE)
		return take_size(json, entry, why) && take_hash(json, entry, why);
	if (entry->type == ENTRY_DIRECTORY)
		return true;
	if (!take_text(json, "target", &entry->target, why))
		return false;
	return entry->target != NULL || refuse(why, "a link without 'target'");
}

static char *collect_others(const struct json *json)
{
	static const char *const known[] = {"path",   "type", "size",
					    "target", "hash", "package"};
	struct buffer others = {0};

	for (json_value name = json_first(json, 0); name != JSON_NONE;
	     name = json_next(json, 0, name)) {
		size_t i = 0;
		while (i < sizeof known / sizeof known[0] &&
		       !json_equals(json, name, known[i]))
			i++;
		if (i < sizeof known / sizeof known[0])
			continue;
		buffer_add_byte(&others, ',');
		json_put_value(&others, json, name);
		buffer_add_byte(&others, ':');
		json_put_value(&others, json, name + 1);
	}
	return others.data;
}

static bool parse_line(const struct buffer *line, struct entry *entry, struct reason *why)
{
	struct json json;
	bool good;

	*entry = (struct entry){0};
	if (!json_parse(&json, line->data, line->length, why))
		return false;
	good = take_fields(&json, entry, why);
	if (good)
		entry->others = collect_others(&json);
	json_free(&json);
	if (!good)
		entry_free(entry);
	return good;
}

bool entry_read(struct input *in, struct entry *entry, struct reason *why)
{
	struct buffer line = {0};
	bool good = input_line(in, &line, LINE_LIMIT, why);

	if (good && !parse_line(&line, entry, why))
		good = refuse_in(why, "%s: not an entry", input_name(in));
	buffer_free(&line);
	return good;
}

void entry_put(struct buffer *out, const struct entry *entry)
{
	static const char *const types[] = {"file", "dir", "link"};

	buffer_add_text(out, "{\"path\":");
	json_put_text(out, entry->path);
	buffer_printf(out, ",\"type\":\"%s\"", types[entry->type]);
	if (entry->type == ENTRY_FILE)
		buffer_printf(out, ",\"size\":%lld", (long long)entry->size);
	if (entry->target != NULL) {
		buffer_add_text(out, ",\"target\":");
		json_put_text(out, entry->target);
	}
	if (entry->hash[0] != '\0')
		buffer_printf(out, ",\"hash\":\"%s\"", entry->hash);
	if (entry->package != NULL) {
		buffer_add_text(out, ",\"package\":");
		json_put_text(out, entry->package);
	}
	if (entry->others != NULL)
		buffer_add_text(out, entry->others);
	buffer_add_text(out, "}\n");
}
