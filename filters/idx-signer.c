/* idx-signer: index entries -> which key signed each package. */
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "container.h"
#include "decoder.h"
#include "envelope.h"
#include "io.h"
#include "package_walk.h"

static const char usage[] =
	"usage: idx-signer [-j JOBS] [-k FINGERPRINT] {-C PACKAGES | -r REPOSITORY}\n";

static bool read_envelope(struct container *container, const struct tar_entry *entry,
			  struct envelope *envelope, struct reason *why)
{
	struct buffer text = {0};
	bool good = container_content(container, entry, SIGNATURE_LIMIT, &text, why) &&
		    envelope_parse(envelope, text.data, text.length, why);

	buffer_free(&text);
	return good;
}

/* Goes through the archive to its end; the fingerprint stays empty when nothing signs it.
 */
static bool read_signature(struct container *container, struct envelope *envelope,
			   struct reason *why)
{
	struct tar_entry entry;

	*envelope = (struct envelope){0};
	for (;;) {
		if (!container_next(container, &entry, why))
			return false;
		if (container->part == PART_END)
			return true;
		if (container->part == PART_SIGNATURE
			    ? !read_envelope(container, &entry, envelope, why)
			    : !container_skip(container, why))
			return false;
	}
}

static bool find_signer(int fd, struct envelope *envelope, struct reason *why)
{
	struct decoder *decoder = decoder_open(fd, NULL);
	struct container container;
	bool good;

	container_start(&container, decoder_source, decoder, NULL, NULL);
	good = read_signature(&container, envelope, why);
	container_free(&container);
	decoder_close(decoder);
	return good;
}

static void put_signer(void *context, const struct index_entry *entry, int fd,
		       struct outcome *outcome)
{
	const char *wanted = context;
	struct buffer file = {0};
	struct envelope envelope;
	struct reason why;

	index_entry_put_file_name(&file, entry);
	if (!find_signer(fd, &envelope, &why))
		outcome_note(outcome, true, "%s: %s", file.data, why.text);
	else if (wanted == NULL || strcmp(wanted, envelope.fingerprint) == 0)
		buffer_printf(&outcome->output, "%s  %s\n",
			      envelope.fingerprint[0] != '\0' ? envelope.fingerprint
							      : "-",
			      file.data);
	buffer_free(&file);
}

int main(int argc, char *argv[])
{
	struct package_walk walk = {.look = put_signer};
	struct findings found = {0};
	struct reason why;
	int option;

	cli_start("idx-signer", usage);
	while ((option = cli_option(argc, argv, PACKAGE_WALK_OPTIONS "k:")) != -1) {
		if (option == 'k')
			walk.context = optarg;
		else
			package_walk_option(&walk, option, optarg);
	}
	package_walk_check(&walk, argc - optind);
	if (walk.context != NULL && !hash_is_hex(walk.context))
		usage_error("-k: '%s' is no fingerprint [§5.2.3]", (char *)walk.context);
	if (!package_walk(&walk, &found, &why))
		die("%s", why.text);
	output_finish();
	return found.errors > 0 ? 1 : 0;
}
