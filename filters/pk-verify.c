/* pk-verify: package -> a document that says what it is, or a refusal. */
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"
#include "io.h"
#include "json.h"
#include "package.h"
#include "timestamp.h"

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

static void add_key(struct trust *trust, const char *path)
{
	struct public_key key;
	struct reason why;

	if (!key_read_public(path, &key, &why))
		die("%s", why.text);
	trust_add(trust, &key);
}

static int64_t parse_now(const char *text)
{
	struct reason why;
	int64_t now;

	if (!timestamp_parse(text, &now, &why))
		usage_error("-t: %s", why.text);
	return now;
}

int main(int argc, char *argv[])
{
	struct trust trust = {0};
	struct policy policy = {.trust = &trust, .now = time(NULL)};
	const char *descriptor = NULL, *now = NULL;
	struct package package;
	struct buffer out = {0};
	struct reason why;
	int option;

	cli_start("pk-verify", usage);
	while ((option = cli_option(argc, argv, "k:d:t:u")) != -1) {
		if (option == 'k')
			add_key(&trust, optarg);
		else if (option == 'd')
			descriptor = optarg;
		else if (option == 't')
			now = optarg;
		else
			policy.allows_unsigned = true;
	}
	if (optind < argc)
		usage_error("the package comes on standard input");
	if ((descriptor != NULL) == (trust.count > 0))
		usage_error("either -k or -d is wanted");
	if (now != NULL && descriptor == NULL)
		usage_error("-t goes with -d");
	if (now != NULL)
		policy.now = parse_now(now);
	if (descriptor != NULL && !trust_add_descriptor(&trust, descriptor, &why))
		die("%s", why.text);
	if (!package_verify(&package, STDIN_FILENO, "standard input", &policy, &why))
		die("%s", why.text);
	put_document(&out, &package);
	output(out.data, out.length);
	buffer_free(&out);
	package_free(&package);
	trust_free(&trust);
	output_finish();
	return 0;
}
