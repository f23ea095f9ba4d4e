#include "constraint.h"

#include <string.h>

/* How much of a bad constraint a message shows, so that the reason behind it has room. */
enum { SHOWN_MOST = 200 };

/* An operator, and whether it holds for a version older than its operand, equal to it,
 * newer than it. */
struct comparison {
	const char *text;
	bool older, equal, newer;
};

/* Longer ones first: ">" would be found in ">=" as well. The last, "", always is. */
static const struct comparison comparisons[] = {
	{">=", false, true, true}, {"<=", true, true, false}, {"!=", true, false, true},
	{">", false, false, true}, {"<", true, false, false}, {"=", false, true, false},
	{"", false, true, false},
};

struct term {
	const struct comparison *comparison;
	struct version operand;
};

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t';
}

static const char *skip_blanks(const char *text, const char *end)
{
	while (text < end && is_blank(*text))
		text++;
	return text;
}

static const struct comparison *comparison_at(const char *text, const char *end)
{
	const struct comparison *comparison = comparisons;

	while (strlen(comparison->text) > (size_t)(end - text) ||
	       strncmp(text, comparison->text, strlen(comparison->text)) != 0)
		comparison++;
	return comparison;
}

/* Parses text..end, what stands between two commas. */
static bool parse_term(const char *text, const char *end, struct term *term,
		       struct reason *why)
{
	while (end > text && is_blank(end[-1]))
		end--;
	text = skip_blanks(text, end);
	if (text == end)
		return refuse(why, "empty where an operator and a version are wanted "
				   "[§4.1.6]");
	term->comparison = comparison_at(text, end);
	text = skip_blanks(text + strlen(term->comparison->text), end);
	return version_parse_operand(&term->operand, text, (size_t)(end - text), why);
}

static bool term_holds(const struct term *term, const struct version *version)
{
	struct version candidate = *version;
	int order;

	if (term->operand.revision == 0)
		candidate.revision = 0;
	order = version_compare(&candidate, &term->operand);
	if (order == 0)
		return term->comparison->equal;
	return order < 0 ? term->comparison->older : term->comparison->newer;
}

/* Checks every term; where there is a version, also whether all of them hold for it. */
static bool check_terms(const char *constraint, const struct version *version,
			bool *matches, struct reason *why)
{
	bool all = true;

	for (const char *text = constraint, *end;; text = end + 1) {
		struct term term;

		end = strchrnul(text, ',');
		if (!parse_term(text, end, &term, why))
			return refuse_in(why, "constraint '%.*s'", SHOWN_MOST,
					 constraint);
		if (version != NULL && !term_holds(&term, version))
			all = false;
		if (*end == '\0')
			break;
	}
	*matches = all;
	return true;
}

bool constraint_check(const char *constraint, struct reason *why)
{
	bool matches;

	return check_terms(constraint, NULL, &matches, why);
}

bool constraint_matches(const char *constraint, const struct version *version,
			bool *matches, struct reason *why)
{
	return check_terms(constraint, version, matches, why);
}
