/* Two lines: versions in each other's order, and the second a constraint on the first.
 * The operators of constraints agree with the order and with each other. */
#include "version.h"

#include "constraint.h"
#include "fuzz.h"

static bool holds(const char *operator, const char * operand,
		  const struct version *version)
{
	struct buffer constraint = {0};
	struct reason why;
	bool matches = false;

	buffer_printf(&constraint, "%s %s", operator, operand);
	must(constraint_matches(constraint.data, version, &matches, &why));
	buffer_free(&constraint);
	return matches;
}

static void check_operators(const struct version *version, const char *operand, int order)
{
	must(holds("", operand, version) == (order == 0));
	must(holds("=", operand, version) == (order == 0));
	must(holds("!=", operand, version) == (order != 0));
	must(holds("<", operand, version) == (order < 0));
	must(holds("<=", operand, version) == (order <= 0));
	must(holds(">", operand, version) == (order > 0));
	must(holds(">=", operand, version) == (order >= 0));
}

static int sign_of(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static void compare(const struct version *version, const char *text)
{
	struct version other;
	struct reason why;
	int order, expected;

	if (!version_parse(&other, text, &why))
		return;
	order = version_compare(version, &other);
	must(version_compare(version, version) == 0);
	must(order == -version_compare(&other, version));
	expected = sign_of(version->epoch, other.epoch);
	if (expected == 0)
		expected = version_compare_upstream(version, &other);
	if (expected == 0)
		expected = sign_of(version->revision, other.revision);
	must(order == expected);
	check_operators(version, text, order);
	(void)version_is_prerelease(&other);
}

/* What has no revision is compared without. */
static void compare_operand(const struct version *version, const char *text)
{
	struct version operand;
	struct reason why;
	int order;

	if (!version_parse_operand(&operand, text, strlen(text), &why) ||
	    operand.revision != 0)
		return;
	order = sign_of(version->epoch, operand.epoch);
	if (order == 0)
		order = version_compare_upstream(version, &operand);
	check_operators(version, text, order);
}

/* A constraint holds together with another if both hold. */
static void check_both(const struct version *version, const char *constraint)
{
	struct buffer both = {0};
	struct reason why;
	bool once, twice;

	must(constraint_matches(constraint, version, &once, &why));
	buffer_printf(&both, "%s, %s", constraint, constraint);
	must(constraint_matches(both.data, version, &twice, &why) && once == twice);
	buffer_add_text(&both, ", >= 1, < 1");
	must(constraint_matches(both.data, version, &twice, &why) && !twice);
	buffer_free(&both);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct version version;
	struct reason why;
	const char *second;
	char *first;
	bool matches;

	two_texts(data, size, &first, &second);
	if (version_parse(&version, first, &why)) {
		compare(&version, second);
		compare_operand(&version, second);
		must(constraint_matches(second, &version, &matches, &why) ==
		     constraint_check(second, &why));
		if (constraint_check(second, &why))
			check_both(&version, second);
	}
	free(first);
	return 0;
}
