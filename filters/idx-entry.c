/* idx-entry: packages -> index entries. */
#include <unistd.h>

#include "cli.h"
#include "io.h"
#include "package.h"
#include "package_list.h"
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
	const struct trust *trust; /* whom clients trust */
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

/* What was published stays listed (§6.3.1), whoever may sign by now. */
static void warn_of_signer(const char *path, const char *fingerprint)
{
	struct reason why;

	if (fingerprint[0] != '\0' &&
	    trust_find(options.trust, fingerprint, options.policy.now, &why) == NULL)
		warn("%s: %s; clients do not install it", path, why.text);
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
static void choose_trust(struct trust_choice *choice, struct trust *former,
			 bool published)
{
	struct findings found = {0};
	struct reason why;

	if (published && choice->descriptor == NULL)
		usage_error("-p goes with -d");
	if (!trust_choice_finish(choice, &why))
		die("%s", why.text);
	if (published && !trust_add_former(former, choice->descriptor, &found, &why))
		die("%s", why.text);
	options.trust = &choice->trust;
	options.policy.trust = published ? former : &choice->trust;
	options.policy.now = choice->now;
}

int main(int argc, char *argv[])
{
	struct package_list list = {0};
	struct trust_choice choice = {0};
	struct trust former = {0};
	const char *recorded = NULL;
	struct reason why;
	bool published = false;
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
			published = true;
		else if (option == 'u')
			options.policy.allows_unsigned = true;
		else if (!trust_choice_option(&choice, option, optarg, &why))
			die("%s", why.text);
	}
	if (end == '\0' && optind < argc)
		usage_error("-0 goes with a list on standard input");
	if (!url_check_template(options.template, &why))
		usage_error("-T %s: %s", options.template, why.text);
	choose_trust(&choice, &former, published);
	read_list(&list, argv + optind, end, recorded);
	good = put_packages(&list);
	package_list_free(&list);
	trust_free(&former);
	trust_free(&choice.trust);
	output_finish();
	return good ? 0 : 1;
}
