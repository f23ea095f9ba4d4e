/* Whether a pattern is well-formed, and how much it stands for. */
#include <string.h>

#include "glob.h"

/* How many patterns without braces a part of a pattern stands for, and their bytes. */
struct extent {
	size_t count, bytes;
};

/* Braces around the byte at hand, or the whole pattern. */
struct level {
	const char *opening;
	struct extent alternative; /* as far as it has been read */
	struct extent before;	   /* the alternatives in front of it */
};

static const struct extent one_empty = {1, 0};

static struct extent either(struct extent a, struct extent b)
{
	return (struct extent){a.count + b.count, a.bytes + b.bytes};
}

static struct extent each_behind(struct extent a, struct extent b)
{
	return (struct extent){a.count * b.count, a.bytes * b.count + b.bytes * a.count};
}

static bool bad_pattern(struct reason *why, const char *pattern, const char *at,
			const char *what)
{
	enum { SHOWN_MOST = 200 };
	size_t length = strlen(pattern);

	return refuse(why, "%.*s%s: %s at byte %zu [§8.2]", SHOWN_MOST, pattern,
		      length > SHOWN_MOST ? "..." : "", what, (size_t)(at - pattern) + 1);
}

/* Checks the class at *at and moves it to the closing bracket. Where braces end and their
 * commas are is told without regard to classes. */
static const char *check_class(const char **at, bool inside_braces)
{
	const char *p = *at + 1;

	if (*p == '!' || *p == '^')
		p++;
	if (*p == ']')
		return "an empty class";
	for (; *p != ']'; p++) {
		if (*p == '\\' && p[1] != '\0')
			p++;
		else if (*p == '\\' || *p == '\0')
			return "a class without its ']'";
		else if (inside_braces && strchr("{,}", *p) != NULL)
			return "a class inside of braces with a brace or comma that is "
			       "not escaped";
	}
	*at = p;
	return NULL;
}

static const char *open_braces(struct level levels[], size_t *depth, const char *opening)
{
	if (*depth == GLOB_NESTING)
		return "braces nested more than 64 levels deep";
	levels[++*depth] = (struct level){.opening = opening, .alternative = one_empty};
	return NULL;
}

static const char *close_braces(struct level levels[], size_t *depth)
{
	struct level *inner = &levels[*depth];
	struct extent all = either(inner->before, inner->alternative);

	if (*depth == 0)
		return "a '}' without its '{'";
	all.bytes += all.count;
	--*depth;
	levels[*depth].alternative = each_behind(levels[*depth].alternative, all);
	return NULL;
}

/* Checks the element at *at and moves it to the element's last byte. Returns what is
 * wrong with it, or null. */
static const char *check_element(const char **at, struct level levels[], size_t *depth)
{
	const char *start = *at, *wrong = NULL;
	struct level *level = &levels[*depth];

	if (*start == '{')
		return open_braces(levels, depth, start);
	if (*start == '}')
		return close_braces(levels, depth);
	if (*start == ',' && *depth > 0) {
		level->before = either(level->before, level->alternative);
		level->alternative = one_empty;
		return NULL;
	}
	if (*start == '[')
		wrong = check_class(at, *depth > 0);
	else if (*start == '\\' && start[1] == '\0')
		wrong = "a backslash with nothing behind it";
	else if (*start == '\\')
		*at = start + 1;
	level->alternative.bytes += (size_t)(*at + 1 - start) * level->alternative.count;
	return wrong;
}

bool glob_check(const char *pattern, struct reason *why)
{
	struct level levels[GLOB_NESTING + 1] = {{.alternative = one_empty}};
	size_t depth = 0;

	for (const char *at = pattern; *at != '\0'; at++) {
		const char *start = at;
		const char *wrong = check_element(&at, levels, &depth);
		struct extent all =
			either(levels[depth].before, levels[depth].alternative);

		if (wrong != NULL)
			return bad_pattern(why, pattern, start, wrong);
		if (all.count + all.bytes > GLOB_WRITTEN_OUT)
			return bad_pattern(why, pattern, start,
					   "more than 65536 bytes, written out without "
					   "braces,");
	}
	if (depth > 0)
		return bad_pattern(why, pattern, levels[depth].opening,
				   "a '{' without its '}'");
	return true;
}
