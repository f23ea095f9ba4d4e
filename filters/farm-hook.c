/* farm-hook: body of a webhook -> the repositories that it names. */
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "io.h"
#include "key_file.h"
#include "secret.h"
#include "webhook.h"

static const char usage[] = "usage: farm-hook -s SECRETFILE [-g SIGNATURE]\n";

enum { STATUS_UNSIGNED = 3 };

/* Not by lib/input: what is signed are the bytes as they come. */
static void read_body(struct buffer *body)
{
	ssize_t count = read_full(STDIN_FILENO, buffer_reserve(body, WEBHOOK_MOST + 1),
				  WEBHOOK_MOST + 1);

	if (count < 0)
		die_errno("standard input");
	if (count > WEBHOOK_MOST)
		die("standard input: over the limit of %d bytes", WEBHOOK_MOST);
	body->length = (size_t)count;
}

/* Editors and echo put a newline behind a secret. */
static size_t trim(const char *text, size_t length)
{
	while (length > 0 && memchr(" \t\n\v\f\r", text[length - 1], 6) != NULL)
		length--;
	return length;
}

/* Whether the signature holds; says why if not. */
static bool check_signature(const char *signature, const char *secret_path,
			    const struct buffer *body)
{
	static struct key_file file;
	struct reason why;
	size_t length;
	bool holds;

	if (!secret_protect_process(&why))
		die("%s", why.text);
	if (!key_file_read(secret_path, &file, &why))
		die("%s: %s", secret_path, why.text);
	length = trim(file.bytes, file.length);
	if (length == 0)
		die("%s: no secret in it", secret_path);
	holds = webhook_check_signature(signature, file.bytes, length, body->data,
					body->length, &why);
	explicit_bzero(&file, sizeof file);
	if (!holds)
		report("%s", why.text);
	return holds;
}

static void write_repositories(const struct buffer *body)
{
	struct buffer repositories = {0};
	struct reason why;

	if (!webhook_put_repositories(&repositories, body->data, body->length, &why))
		die("standard input: %s", why.text);
	output(repositories.data, repositories.length);
	buffer_free(&repositories);
}

int main(int argc, char *argv[])
{
	const char *secret_path = NULL, *signature = "";
	struct buffer body = {0};
	bool holds;
	int option;

	cli_start("farm-hook", usage);
	while ((option = cli_option(argc, argv, "g:s:")) != -1) {
		if (option == 's')
			secret_path = optarg;
		else
			signature = optarg;
	}
	if (secret_path == NULL)
		usage_error("-s is missing");
	if (optind < argc)
		usage_error("'%s': the body is read from standard input", argv[optind]);
	read_body(&body);
	holds = check_signature(signature, secret_path, &body);
	if (holds)
		write_repositories(&body);
	buffer_free(&body);
	output_finish();
	return holds ? 0 : STATUS_UNSIGNED;
}
