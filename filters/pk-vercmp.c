/* pk-vercmp: lines of versions -> the same lines with their order, match or validity. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "constraint.h"
#include "input.h"
#include "io.h"
#include "version.h"

static const char usage[] = "usage: pk-vercmp [-c | -n]\n";

enum { LINE_MOST = 1024 * 1024 };

/* What is asked about each line: how many tabs it may have, what to say when it has
 * others, and the answer to the fields before and behind the first one. second is null
 * where there is no tab. */
struct question {
	size_t least_tabs, most_tabs;
	const char *refusal;
	const char *(*answer)(const char *first, const char *second);
};

static const char *answer_order(const char *first, const char *second)
{
	static const char *const answers[] = {"<", "=", ">"};
	struct version a, b;
	struct reason why;

	if (!version_parse(&a, first, &why) || !version_parse(&b, second, &why))
		return "invalid";
	return answers[version_compare(&a, &b) + 1];
}

static const char *answer_match(const char *first, const char *second)
{
	struct version version;
	struct reason why;
	bool matches;

	if (!version_parse(&version, first, &why) ||
	    !constraint_matches(second, &version, &matches, &why))
		return "invalid";
	return matches ? "yes" : "no";
}

static const char *answer_validity(const char *first, const char *second)
{
	struct version version;
	struct reason why;

	(void)second;
	return version_parse(&version, first, &why) ? "valid" : "invalid";
}

static const struct question order_question = {
	1, 1, "two versions with one tab between them are wanted", answer_order};
/* Within a constraint, tabs are white space (§2.2.8). */
static const struct question match_question = {
	1, LINE_MOST, "a version and a constraint with a tab between them are wanted",
	answer_match};
static const struct question validity_question = {
	0, 0, "a version without a tab is wanted", answer_validity};

static size_t count_tabs(const struct buffer *line)
{
	size_t tabs = 0;

	for (size_t i = 0; i < line->length; i++)
		if (line->data[i] == '\t')
			tabs++;
	return tabs;
}

/* The answer to a line of the right number of tabs, which is cut up for it. */
static const char *answer_line(const struct question *question, struct buffer *line)
{
	char *tab;

	/* Behind a NUL the functions of lib/ would see nothing. */
	if (memchr(line->data, '\0', line->length) != NULL)
		return "invalid";
	tab = strchr(line->data, '\t');
	if (tab != NULL)
		*tab++ = '\0';
	return question->answer(line->data, tab);
}

static void answer_all(const struct question *question, struct input *in)
{
	struct buffer line = {0};
	struct reason why;

	for (size_t number = 1; input_line(in, &line, LINE_MOST, &why); number++) {
		size_t tabs = count_tabs(&line);
		if (tabs < question->least_tabs || tabs > question->most_tabs)
			die("%s: line %zu: %s", input_name(in), number,
			    question->refusal);
		fwrite(line.data, 1, line.length, stdout);
		printf("\t%s\n", answer_line(question, &line));
		output_check();
	}
	buffer_free(&line);
	if (why.text[0] != '\0')
		die("%s", why.text);
}

static const struct question *choose_question(int argc, char *argv[])
{
	const struct question *chosen = NULL;
	int option;

	while ((option = cli_option(argc, argv, "cn")) != -1) {
		const struct question *asked =
			option == 'c' ? &match_question : &validity_question;
		if (chosen != NULL && chosen != asked)
			usage_error("-c and -n exclude each other");
		chosen = asked;
	}
	if (optind < argc)
		usage_error("'%s': versions are read from standard input", argv[optind]);
	return chosen != NULL ? chosen : &order_question;
}

int main(int argc, char *argv[])
{
	const struct question *question;
	struct input *in;
	struct reason why;

	cli_start("pk-vercmp", usage);
	question = choose_question(argc, argv);
	in = input_open(NULL, &why);
	if (in == NULL)
		die("%s", why.text);
	answer_all(question, in);
	input_close(in);
	output_finish();
	return 0;
}
