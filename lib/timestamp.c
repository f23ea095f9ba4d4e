#include "timestamp.h"

#include <string.h>

/* Own arithmetic and not timegm and gmtime: with a time zone of the "right/" family those
 * count leap seconds, and the same bytes would come to mean another time. */
enum { SECONDS_A_DAY = 24 * 60 * 60 };

/* How much of a bad timestamp a message shows, so that the reason behind it has room. */
enum { SHOWN_MOST = 200 };

struct moment {
	int year, month, day, hour, minute, second;
};

static bool is_leap_year(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int days_in_month(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return days[month - 1] + (month == 2 && is_leap_year(year));
}

static int days_in_year(int year)
{
	return 365 + is_leap_year(year);
}

/* The number that count digits make. */
static int digits(const char *text, int count)
{
	int value = 0;

	for (int i = 0; i < count; i++)
		value = 10 * value + (text[i] - '0');
	return value;
}

static bool has_the_form(const char *text)
{
	static const char form[] = "0000-00-00T00:00:00Z";

	for (size_t i = 0; i < sizeof form; i++)
		if (form[i] == '0' ? text[i] < '0' || text[i] > '9' : text[i] != form[i])
			return false;
	return true;
}

static bool exists(const struct moment *moment)
{
	return moment->month >= 1 && moment->month <= 12 && moment->day >= 1 &&
	       moment->day <= days_in_month(moment->year, moment->month) &&
	       moment->hour < 24 && moment->minute < 60 && moment->second < 60;
}

/* The seconds of a moment that exists, from 1970 on. */
static int64_t seconds_of(const struct moment *moment)
{
	int64_t days = moment->day - 1;

	for (int year = 1970; year < moment->year; year++)
		days += days_in_year(year);
	for (int month = 1; month < moment->month; month++)
		days += days_in_month(moment->year, month);
	return days * SECONDS_A_DAY + moment->hour * 3600 + moment->minute * 60 +
	       moment->second;
}

/* What is wrong with a timestamp, or null when *seconds is filled. */
static const char *timestamp_fault(const char *text, int64_t *seconds)
{
	struct moment moment;
	int64_t value;

	if (!has_the_form(text))
		return "YYYY-MM-DDThh:mm:ssZ is wanted";
	moment = (struct moment){digits(text, 4),      digits(text + 5, 2),
				 digits(text + 8, 2),  digits(text + 11, 2),
				 digits(text + 14, 2), digits(text + 17, 2)};
	if (!exists(&moment))
		return "there is no such date or time of day";
	value = moment.year < 1970 ? -1 : seconds_of(&moment);
	if (value < 0 || value > TIMESTAMP_MOST)
		return "not within 1970-01-01T00:00:00Z and 2242-03-16T12:56:31Z";
	*seconds = value;
	return NULL;
}

bool timestamp_parse(const char *text, int64_t *seconds, struct reason *why)
{
	const char *fault = timestamp_fault(text, seconds);

	if (fault != NULL)
		return refuse(why, "timestamp '%.*s': %s [§3.3]", SHOWN_MOST, text,
			      fault);
	return true;
}

static char *put_number(char *out, int value, int digits, char behind)
{
	for (int i = digits - 1; i >= 0; i--, value /= 10)
		out[i] = (char)('0' + value % 10);
	out[digits] = behind;
	return out + digits + 1;
}

void timestamp_format(int64_t seconds, char text[TIMESTAMP_SIZE + 1])
{
	int day = (int)(seconds / SECONDS_A_DAY), second = (int)(seconds % SECONDS_A_DAY);
	int year = 1970, month = 1;

	for (; day >= days_in_year(year); year++)
		day -= days_in_year(year);
	for (; day >= days_in_month(year, month); month++)
		day -= days_in_month(year, month);
	text = put_number(text, year, 4, '-');
	text = put_number(text, month, 2, '-');
	text = put_number(text, day + 1, 2, 'T');
	text = put_number(text, second / 3600, 2, ':');
	text = put_number(text, second / 60 % 60, 2, ':');
	text = put_number(text, second % 60, 2, 'Z');
	*text = '\0';
}
