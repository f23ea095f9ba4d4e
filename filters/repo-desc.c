/* repo-desc: descriptor of a repository -> the same with other keys; or a new one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "descriptor.h"
#include "descriptor_edit.h"
#include "io.h"
#include "key.h"

static const char usage[] =
	"usage: repo-desc -c NAME [-D DESCRIPTION] -k PUBKEY [-k PUBKEY]...\n"
	"       repo-desc -a PUBKEY\n"
	"       repo-desc -t FINGERPRINT -u VALID_UNTIL\n"
	"       repo-desc -r FINGERPRINT\n"
	"       repo-desc -x FINGERPRINT\n";

/* What is asked for. */
struct request {
	int action;	     /* the option that says it, 0 for none yet */
	const char *subject; /* that option's value */
	const char *description;
	char (*fingerprints)[HASH_HEX_SIZE + 1]; /* of -a and -k */
	size_t count;
	bool has_keys;	     /* -k */
	bool has_date;	     /* -u */
	int64_t valid_until; /* of -u, seconds since 1970 */
};

static void add_key(struct request *request, const char *path)
{
	struct public_key key;
	struct reason why;

	if (!key_read_public(path, &key, &why))
		die("%s", why.text);
	request->fingerprints = grow_array(request->fingerprints, request->count,
					   sizeof *request->fingerprints);
	memcpy(request->fingerprints[request->count++], key.fingerprint,
	       sizeof key.fingerprint);
}

static void set_action(struct request *request, int option, const char *subject)
{
	if (request->action != 0)
		usage_error("one of -c, -a, -t, -r and -x is wanted");
	request->action = option;
	request->subject = subject;
}

static void take_option(struct request *request, int option, const char *value)
{
	if (option == 'D')
		request->description = value;
	else if (option == 'u')
		request->valid_until = cli_timestamp('u', value);
	else if (option != 'k')
		set_action(request, option, value);
	if (option == 'k' || option == 'a')
		add_key(request, value);
	request->has_keys |= option == 'k';
	request->has_date |= option == 'u';
}

static void check_request(const struct request *request)
{
	if (request->action == 0)
		usage_error("one of -c, -a, -t, -r and -x is wanted");
	if ((request->action == 'c') != request->has_keys)
		usage_error("-c and -k go together");
	if (request->description != NULL && request->action != 'c')
		usage_error("-D goes with -c");
	if ((request->action == 't') != request->has_date)
		usage_error("-t and -u go together");
	if (strchr("trx", request->action) != NULL && !hash_is_hex(request->subject))
		usage_error("-%c: '%s' is no fingerprint of %d lower-case hexadecimal "
			    "digits",
			    request->action, request->subject, HASH_HEX_SIZE);
}

/* Dies on findings. Warnings help only whoever can still choose otherwise. */
static void check(const struct descriptor *descriptor, bool hides_warnings)
{
	struct findings found = {.hides_warnings = hides_warnings};

	descriptor_check(descriptor, &found);
	if (found.errors > 0)
		exit(1);
}

static bool create(struct descriptor *descriptor, const struct request *request,
		   struct reason *why)
{
	const char *description = request->description;

	if (!descriptor_start(descriptor, request->subject,
			      description != NULL ? description : "", why))
		return false;
	for (size_t i = 0; i < request->count; i++)
		if (!descriptor_add(descriptor, request->fingerprints[i], why))
			return false;
	check(descriptor, false);
	return true;
}

/* A descriptor with faults is not for this program to mend, nor to pass on. */
static bool change(struct descriptor *descriptor, const struct request *request,
		   struct reason *why)
{
	if (!descriptor_read(descriptor, NULL, why))
		return false;
	check(descriptor, true);
	if (request->action == 'a')
		return descriptor_add(descriptor, request->fingerprints[0], why);
	if (request->action == 't')
		return descriptor_phase_out(descriptor, request->subject,
					    request->valid_until, why);
	if (request->action == 'r')
		return descriptor_remove(descriptor, request->subject, why);
	return descriptor_revoke(descriptor, request->subject, why);
}

int main(int argc, char *argv[])
{
	struct request request = {0};
	struct descriptor descriptor;
	struct buffer out = {0};
	struct reason why;
	int option;

	cli_start("repo-desc", usage);
	while ((option = cli_option(argc, argv, "c:D:k:a:t:u:r:x:")) != -1)
		take_option(&request, option, optarg);
	if (optind < argc)
		usage_error("the descriptor comes on standard input");
	check_request(&request);
	if (!(request.action == 'c' ? create : change)(&descriptor, &request, &why))
		die("%s", why.text);
	descriptor_put(&out, &descriptor);
	descriptor_free(&descriptor);
	output(out.data, out.length);
	buffer_free(&out);
	free(request.fingerprints);
	output_finish();
	return 0;
}
