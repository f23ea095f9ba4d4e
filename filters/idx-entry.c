/* idx-entry: packages -> index entries. */
#include <unistd.h>

#include "cli.h"
#include "io.h"
#include "package.h"
#include "package_list.h"
#include "timestamp.h"
#include "trust_choice.h"
#include "url.h"

static const char usage[] =
	"usage: idx-entry [-u] -k PUBKEY [-k PUBKEY]... [-T TEMPLATE] [-o INDEX]\n"
	"                 [-0 | PACKAGE...]\n"
	"       idx-entry [-pu] -d DESCRIPTOR [-t NOW] [-T TEMPLATE] [-o INDEX]\n"
	"                 [-0 | PACKAGE...]\n";

static struct {
	const char *template;
	struct policy policy;
	struct trust_choice choice; /* whom clients trust */
	bool are_published;
	struct trust former;
} options = {.template = URL_TEMPLATE_DEFAULT};

static bool write_entry(const struct package *package, const char *recorded_url,
			struct reason *why)
{
	struct buffer url = {0}, line = {0};
	bool good;

	if (recorded_url != NULL)
		buffer_add_text(&url, recorded_url);
	else
		url_put(&url, options.template, package->manifest.name,
			package->manifest.version, package->manifest.architecture);
	good = url_check(url.data, why) || refuse_in(why, "url '%s'", url.data);
	if (good) {
		package_put_entry(&line, package, url.data);
		output_gathered(line.data, line.length);
	}
	buffer_free(&url);
	buffer_free(&line);
	return good;
}

static void warn_of_date(const char *path, const struct trusted_key *key)
{
	char valid_until[TIMESTAMP_SIZE + 1];

	timestamp_format(key->valid_until, valid_until);
	warn("%s: signed by %s, which is transitioning: it stops installing at %s "
	     "[§5.2.6]",
	     path, key->key.fingerprint, valid_until);
}

/* What was published stays listed (§6.3.1), whoever may sign by now. What is new may have
 * been built before its key was rotated, but is good for a short time only. */
static void warn_of_signer(const char *path, const char *fingerprint)
{
	const struct trusted_key *key;
	struct reason why;

	if (fingerprint[0] == '\0')
		return;
	key = trust_find(&options.choice.trust, fingerprint, options.policy.now, &why);
	if (key == NULL)
		warn("%s: %s; clients do not install it", path, why.text);
	else if (key->status == KEY_TRANSITIONING && !options.are_published)
		warn_of_date(path, key);
}

static bool put_package(const struct listed_package *listed, struct reason *why)
{
	struct package package;
	bool good;
	int fd;

	if (listed->is_repeated)
		return refuse(why, "twice among the packages [§6.3.1]");
	fd = package_list_open(listed, why);
	if (fd < 0)
		return false;
	good = package_verify(&package, fd, NULL, &options.policy, why) &&
	       package_check_file_name(&package, listed->path, why) &&
	       write_entry(&package, listed->url, why);
	if (good)
		warn_of_signer(listed->path, package.signed_by);
	package_free(&package);
	close(fd);
	return good;
}

static bool put_packages(const struct package_list *list)
{
	struct reason why;
	bool good = true;

	for (size_t i = 0; i < list->count; i++) {
		if (put_package(&list->packages[i], &why))
			continue;
		report("%s: %s", list->packages[i].path, why.text);
		good = false;
	}
	return good;
}

/* Fills the list with the operands, or what standard input names, and the urls that are
 * recorded for them in an index, unless that is null. */
static void read_list(struct package_list *list, char *operands[], char end,
		      const char *recorded)
{
	struct reason why;

	for (size_t i = 0; operands[i] != NULL; i++)
		package_list_add(list, operands[i]);
	if (operands[0] == NULL && !package_list_read(list, end, &why))
		die("%s", why.text);
	package_list_finish(list);
	if (recorded != NULL &&
	    !package_list_record_urls(list, recorded, options.template, &why))
		die("%s", why.text);
}

/* Fills in whose signatures count: those of the keys chosen, or, of what was published
 * before, of all that could sign for the repository once. */
static void choose_trust(void)
{
	struct trust_choice *choice = &options.choice;
	struct findings found = {0};
	struct reason why;

	if (options.are_published && choice->descriptor == NULL)
		usage_error("-p goes with -d");
	if (!trust_choice_finish(choice, &why))
		die("%s", why.text);
	options.policy.now = choice->now;
	options.policy.trust = &choice->trust;
	if (!options.are_published)
		return;
	if (!trust_add_former(&options.former, choice->descriptor, &found, &why))
		die("%s", why.text);
	options.policy.trust = &options.former;
}

int main(int argc, char *argv[])
{
	struct package_list list = {0};
	const char *recorded = NULL;
	struct reason why;
	char end = '\n';
	bool good;
	int option;

	cli_start("idx-entry", usage);
	while ((option = cli_option(argc, argv, TRUST_OPTIONS "0T:o:pu")) != -1) {
		if (option == '0')
			end = '\0';
		else if (option == 'T')
			options.template = optarg;
		else if (option == 'o')
			recorded = optarg;
		else if (option == 'p')
			options.are_published = true;
		else if (option == 'u')
			options.policy.allows_unsigned = true;
		else if (!trust_choice_option(&options.choice, option, optarg, &why))
			die("%s", why.text);
	}
	if (end == '\0' && optind < argc)
		usage_error("-0 goes with a list on standard input");
	if (!url_check_template(options.template, &why))
		usage_error("-T %s: %s", options.template, why.text);
	choose_trust();
	read_list(&list, argv + optind, end, recorded);
	good = put_packages(&list);
	package_list_free(&list);
	trust_free(&options.former);
	trust_free(&options.choice.trust);
	output_finish();
	return good ? 0 : 1;
}
