/* farm-config: configuration of a farm -> the same, checked and complete. */
#include <unistd.h>

#include "cli.h"
#include "document.h"
#include "farm_config.h"
#include "farm_settled.h"
#include "io.h"

static const char usage[] = "usage: farm-config [-o RUNNING]\n";

/* What has to stay as it is in the configuration of that path does so. */
static void settle(struct buffer *made, const char *running_path, struct findings *found)
{
	struct document running;
	struct buffer settled = {0};
	struct json json;
	struct reason why;

	if (!document_read(&running, running_path, FARM_CONFIG_MOST, &why))
		die("%s", why.text);
	if (!json_parse(&json, made->data, made->length, &why))
		die("%s", why.text);
	farm_settled_put(&settled, &json, &running.json, found);
	json_free(&json);
	document_free(&running);
	buffer_free(made);
	*made = settled;
}

int main(int argc, char *argv[])
{
	const char *running = NULL;
	struct findings found = {0};
	struct document document;
	struct buffer out = {0};
	struct reason why;
	bool good;

	cli_start("farm-config", usage);
	while (cli_option(argc, argv, "o:") != -1)
		running = optarg;
	if (optind < argc)
		usage_error("'%s': the configuration is read from standard input",
			    argv[optind]);
	if (!document_read(&document, NULL, FARM_CONFIG_MOST, &why))
		die("%s", why.text);
	good = farm_config_put(&out, &document.json, &found);
	if (good && running != NULL)
		settle(&out, running, &found);
	buffer_add_byte(&out, '\n');
	if (good)
		output(out.data, out.length);
	document_free(&document);
	buffer_free(&out);
	output_finish();
	return good ? 0 : 1;
}
