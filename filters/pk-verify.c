/* pk-verify: package -> a document that says what it is, or a refusal. */
#include <stdio.h>
#include <unistd.h>

#include "cli.h"
#include "io.h"
#include "json.h"
#include "package.h"
#include "trust_choice.h"

static const char usage[] = "usage: pk-verify [-u] -k PUBKEY [-k PUBKEY]...\n"
			    "       pk-verify [-u] -d DESCRIPTOR [-t NOW]\n";

static void put_document(struct buffer *out, const struct package *package)
{
	buffer_add_text(out, "{\"name\":");
	json_put_text(out, package->manifest.name);
	buffer_add_text(out, ",\"version\":");
	json_put_text(out, package->manifest.version);
	buffer_add_text(out, ",\"architecture\":");
	json_put_text(out, package->manifest.architecture);
	buffer_printf(
		out,
		",\"hash\":\"%s\",\"size_compressed\":%llu,\"size_installed\":%lld,"
		"\"signed_by\":\"%s\",\"files\":%zu,\"directories\":%zu,\"links\":%zu}\n",
		package->hash, (unsigned long long)package->size_compressed,
		(long long)package->manifest.size_installed, package->signed_by,
		package->files, package->directories, package->links);
}

int main(int argc, char *argv[])
{
	struct trust_choice choice = {0};
	struct policy policy = {.trust = &choice.trust};
	struct package package;
	struct buffer out = {0};
	struct reason why;
	int option;

	cli_start("pk-verify", usage);
	while ((option = cli_option(argc, argv, TRUST_OPTIONS "u")) != -1) {
		if (option == 'u')
			policy.allows_unsigned = true;
		else if (!trust_choice_option(&choice, option, optarg, &why))
			die("%s", why.text);
	}
	if (optind < argc)
		usage_error("the package comes on standard input");
	if (!trust_choice_finish(&choice, &why))
		die("%s", why.text);
	policy.now = choice.now;
	if (!package_verify(&package, STDIN_FILENO, "standard input", &policy, &why))
		die("%s", why.text);
	put_document(&out, &package);
	output(out.data, out.length);
	buffer_free(&out);
	package_free(&package);
	trust_free(&choice.trust);
	output_finish();
	return 0;
}
