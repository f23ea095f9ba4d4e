#include "farm_config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "farm_grants.h"
#include "farm_id.h"
#include "listen_address.h"
#include "section.h"
#include "table.h"
#include "url.h"

/* How old what they fetched may be when clients trust it (§6.5.4), in seconds. */
enum { TRUSTED_AGE = 30 * 24 * 60 * 60 };

static const char *const section_names[] = {
	"manager", "repo",	  "signing", "upload", "http",
	"poll",	   "signing_key", "grant",   "build",  NULL,
};

static void put_manager(const struct section *section)
{
	static const char *const keys[] = {"id", "recipes_dir", "state_dir", NULL};
	char *id = section_take_required_text(section, "id");

	section_check_keys(section, keys);
	if (id != NULL && farm_id_names_a_build(id))
		find_warning(section->found,
			     "%s: id: '%.200s' holds what looks like a build number or a "
			     "date: it names the farm, not a build [§8.1.2]",
			     section->where, id);
	section_put_text(section, "id", id);
	section_required_text(section, "recipes_dir");
	section_required_text(section, "state_dir");
	free(id);
}

/* What is uploaded before the indexes is whole directories. */
static bool check_template(const char *template, struct reason *why)
{
	if (strcmp(template, "/{filename}") == 0)
		return refuse(why, "no directory for packages, which is what is uploaded "
				   "of a repository before its indexes");
	return url_check_template(template, why);
}

static void put_repo(const struct section *section)
{
	static const char *const keys[] = {"name", "description", "package_url_template",
					   "refresh_after", NULL};

	section_check_keys(section, keys);
	section_required_text(section, "name");
	section_text(section, "description", NULL);
	section_text(section, "package_url_template", check_template);
	if (section_duration(section, "refresh_after", "168h", "1s") >= TRUSTED_AGE)
		find_warning(
			section->found,
			"%s: refresh_after: clients do not trust an index that stays "
			"the same for 30 days [§6.5.4]",
			section->where);
}

static void put_signing(const struct section *section)
{
	static const char *const keys[] = {"key_file", "sign_command", "public_key",
					   NULL};
	bool has_key = section_has(section, "key_file");
	bool has_command = section_has(section, "sign_command");
	bool has_public = section_has(section, "public_key");

	section_check_keys(section, keys);
	if (!has_key && !has_command)
		find_error(
			section->found,
			"%s: either key_file, or sign_command and public_key is wanted",
			section->where);
	if (has_key && has_command)
		find_error(section->found,
			   "%s: key_file and sign_command exclude each other",
			   section->where);
	if (has_command && !has_public)
		find_error(section->found, "%s: sign_command without public_key",
			   section->where);
	if (has_public && !has_command)
		find_error(section->found, "%s: public_key without sign_command",
			   section->where);
	section_text(section, "key_file", NULL);
	section_text(section, "sign_command", NULL);
	section_text(section, "public_key", NULL);
}

static void put_upload(const struct section *section)
{
	static const char *const keys[] = {"backend", "remote", NULL};
	static const char *const backends[] = {"none", "rclone",  "rsync",
					       "git",  "command", NULL};
	const char *backend;

	section_check_keys(section, keys);
	backend = section_choice(section, "backend", backends);
	if (strcmp(backend, "none") == 0)
		section_text(section, "remote", NULL);
	else
		section_required_text(section, "remote");
}

static void put_http(const struct section *section)
{
	static const char *const keys[] = {"addr", "webhook_secret_file", NULL};
	char *address = section_take_text(section, "addr");
	struct buffer host = {0};
	int64_t port = 0;
	struct reason why;

	section_check_keys(section, keys);
	if (address != NULL && !listen_address_parse(address, &host, &port, &why))
		find_error(section->found, "%s: addr: %s", section->where, why.text);
	section_put_text(section, "addr", address);
	section_put_text(section, "host", host.data);
	section_put_key(section->out, "port");
	buffer_printf(section->out, "%" PRId64, port);
	section_text(section, "webhook_secret_file", NULL);
	buffer_free(&host);
	free(address);
}

static void put_poll(const struct section *section)
{
	static const char *const keys[] = {"default_interval", NULL};

	section_check_keys(section, keys);
	section_duration(section, "default_interval", NULL, "1m");
}

static void put_build(const struct section *section)
{
	static const char *const keys[] = {"jobs",	  "timeout", "poll_timeout",
					   "sandbox",	  "runner",  "rebuild_check",
					   "keep_failed", NULL};
	static const char *const sandboxes[] = {"bwrap", "none", NULL};

	section_check_keys(section, keys);
	section_number(section, "jobs", 1, 1, 1000);
	section_duration(section, "timeout", "2h", "1s");
	section_duration(section, "poll_timeout", "60s", "1s");
	section_choice(section, "sandbox", sandboxes);
	section_text(section, "runner", NULL);
	section_flag(section, "rebuild_check");
	section_number(section, "keep_failed", 3, 0, 1000000);
}

typedef void put_function(const struct section *section);

/* Writes a section by name, as put does it. */
static void put_section(struct buffer *out, const struct json *json, const char *name,
			put_function *put, struct findings *found)
{
	char where[16];
	struct section section = {
		.json = json,
		.table = json_member(json, 0, name),
		.where = where,
		.found = found,
		.out = out,
	};

	snprintf(where, sizeof where, "[%s]", name);
	section_put_key(out, name);
	buffer_add_byte(out, '{');
	if (section.table == JSON_NONE ||
	    table_check_type(json, section.table, where, found))
		put(&section);
	buffer_add_byte(out, '}');
}

bool farm_config_put(struct buffer *out, const struct json *json, struct findings *found)
{
	static const struct {
		const char *name;
		put_function *put;
	} sections[] = {
		{"manager", put_manager}, {"repo", put_repo}, {"signing", put_signing},
		{"upload", put_upload},	  {"http", put_http}, {"poll", put_poll},
	};
	size_t errors_before = found->errors;

	found->is_of_farm = true;
	table_check_keys(json, 0, section_names, "configuration", found);
	buffer_add_byte(out, '{');
	for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++)
		put_section(out, json, sections[i].name, sections[i].put, found);
	farm_grants_put(out, json, found);
	put_section(out, json, "build", put_build, found);
	buffer_add_byte(out, '}');
	return found->errors == errors_before;
}
