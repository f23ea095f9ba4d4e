#include "duration.h"

#include <stddef.h>
#include <string.h>

static const struct unit {
	const char *name;
	int64_t nanoseconds;
} units[] = {
	{"ns", 1},
	{"us", 1000},
	{"\u00B5s", 1000}, /* micro sign */
	{"\u03BCs", 1000}, /* Greek letter mu */
	{"ms", 1000000},
	{"s", NANOSECONDS_A_SECOND},
	{"m", 60 * (int64_t)NANOSECONDS_A_SECOND},
	{"h", 3600 * (int64_t)NANOSECONDS_A_SECOND},
};

static const char digits[] = "0123456789";

/* The unit at *at, up to the next number, and moves *at behind it; null when there is
 * none of that name. */
static const struct unit *read_unit(const char **at)
{
	size_t length = strcspn(*at, ".0123456789");

	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
		if (strlen(units[i].name) == length &&
		    memcmp(units[i].name, *at, length) == 0) {
			*at += length;
			return &units[i];
		}
	return NULL;
}

/* Puts number of that many digits times unit into *product; false when too large. */
static bool multiply(const char *number, size_t length, int64_t unit, int64_t *product)
{
	*product = 0;
	for (size_t i = 0; i < length; i++)
		if (__builtin_mul_overflow(*product, 10, product) ||
		    __builtin_add_overflow(*product, number[i] - '0', product))
			return false;
	return !__builtin_mul_overflow(*product, unit, product);
}

/* The digits behind the point times unit, cut to a whole number. From the last digit to
 * the first, cutting at each is as good as cutting once. */
static int64_t multiply_fraction(const char *fraction, size_t length, int64_t unit)
{
	int64_t product = 0;

	while (length-- > 0)
		product = (product + (fraction[length] - '0') * unit) / 10;
	return product;
}

/* Adds the number and unit at *at to *sum, and moves *at behind them. */
static bool add_term(const char **at, int64_t *sum)
{
	const char *number = *at, *fraction = NULL;
	size_t number_length = strspn(number, digits), fraction_length = 0;
	const struct unit *unit;
	int64_t product;

	*at += number_length;
	if (**at == '.') {
		fraction = *at + 1;
		fraction_length = strspn(fraction, digits);
		*at = fraction + fraction_length;
	}
	if (number_length + fraction_length == 0)
		return false;
	unit = read_unit(at);
	if (unit == NULL || !multiply(number, number_length, unit->nanoseconds, &product))
		return false;
	return !__builtin_add_overflow(*sum, product, sum) &&
	       !__builtin_add_overflow(
		       *sum,
		       multiply_fraction(fraction, fraction_length, unit->nanoseconds),
		       sum);
}

bool duration_parse(const char *text, int64_t *nanoseconds, struct reason *why)
{
	const char *at = text;

	*nanoseconds = 0;
	if (strcmp(text, "0") == 0)
		return true;
	do {
		if (!add_term(&at, nanoseconds))
			return refuse(why, "'%.200s' is no length of time as 90s, 1h30m",
				      text);
	} while (*at != '\0');
	return true;
}
