/* Two lines: a pattern and a path. The verdict lies between those of two matchers which
 * try everything: a strict one, for which no class takes a slash and nothing but a star
 * stands for nothing where the path ends, and one with all that glob.h names. doublestar,
 * like glob_match, goes back to its last stars only, and so may refuse what needs one
 * before and one of these. Braces are written out first; as to that, doublestar has ways
 * of its own, and only what is accepted is compared. */
#include "glob.h"

#include <stdbool.h>

#include "fuzz.h"
#include "utf8.h"

enum { STEPS_MOST = 4000, TEXTS_MOST = 200 };

/* What is left of them before the comparison is given up. */
static int steps, texts;

static bool is_strict;

static uint32_t take_character(const char **text)
{
	uint32_t character;
	size_t bytes = utf8_decode(*text, strnlen(*text, 4), &character);

	if (bytes == 0)
		character = 0x110000 + (unsigned char)**text;
	*text += bytes > 0 ? bytes : 1;
	return character;
}

static uint32_t take_escaped(const char **text)
{
	if (**text == '\\')
		++*text;
	return take_character(text);
}

/* Moves *pattern behind the class that it starts with. */
static bool class_takes(const char **pattern, uint32_t character)
{
	bool negated, holds = false;

	++*pattern;
	negated = **pattern == '!' || **pattern == '^';
	if (negated)
		++*pattern;
	while (**pattern != ']') {
		uint32_t first = take_escaped(pattern), last = first;

		if ((*pattern)[0] == '-' && (*pattern)[1] != ']') {
			++*pattern;
			last = take_escaped(pattern);
		}
		holds = holds || first == character ||
			(first <= character && character <= last);
	}
	++*pattern;
	return holds != negated;
}

static bool takes_nothing(const char *pattern)
{
	static const char *const rests[] = {"", "*", "**", "/**", "**/", "/**/"};
	size_t count = is_strict ? 3 : sizeof rests / sizeof rests[0];

	for (size_t i = 0; i < count; i++)
		if (strcmp(pattern, rests[i]) == 0)
			return true;
	return false;
}

static bool matches(const char *pattern, const char *path, bool component_starts);

static bool star_matches(const char *rest, const char *path)
{
	for (;;) {
		if (matches(rest, path, false))
			return true;
		if (*path == '\0' || *path == '/')
			return false;
		(void)take_character(&path);
	}
}

static bool deep_matches(const char *rest, const char *path)
{
	while (path != NULL) {
		if (matches(rest, path, true))
			return true;
		path = strchr(path, '/');
		if (path != NULL)
			path++;
	}
	return false;
}

static bool matches(const char *pattern, const char *path, bool component_starts)
{
	uint32_t character;

	if (*path == '\0')
		return takes_nothing(pattern);
	if (*pattern == '\0' || --steps < 0)
		return false;
	if (component_starts && strcmp(pattern, "**") == 0)
		return true;
	if (component_starts && strncmp(pattern, "**/", 3) == 0)
		return deep_matches(pattern + 3, path);
	if (*pattern == '*')
		return star_matches(pattern + (pattern[1] == '*' ? 2 : 1), path);
	character = take_character(&path);
	if (*pattern == '[') {
		if (!class_takes(&pattern, character) || (is_strict && character == '/'))
			return false;
	} else if (*pattern == '?') {
		pattern++;
		if (character == '/')
			return false;
	} else if (take_escaped(&pattern) != character) {
		return false;
	}
	return matches(pattern, path, pattern[-1] == '/');
}

/* Behind the element of a pattern, an escaped character or a class. */
static const char *behind_element(const char *p)
{
	if (*p == '\\')
		return p + 2;
	if (*p != '[')
		return p + 1;
	while (*p != ']')
		p += *p == '\\' ? 2 : 1;
	return p + 1;
}

/* The first byte of those in `wanted` that is in no braces and in no class. */
static const char *find_outside(const char *p, const char *wanted)
{
	int depth = 0;

	for (; *p != '\0'; p = behind_element(p)) {
		if (depth == 0 && strchr(wanted, *p) != NULL)
			return p;
		depth += (*p == '{') - (*p == '}');
	}
	return NULL;
}

/* Whether one of what a pattern with braces stands for matches, or may do so: "**" that
 * braces have a part in is left out. */
static bool some_matches(const char *pattern, const char *path)
{
	const char *opening = find_outside(pattern, "{"), *end, *start, *stop;

	if (opening == NULL)
		return --texts < 0 || strstr(pattern, "**") != NULL ||
		       matches(pattern, path, true) || steps < 0;
	end = find_outside(opening + 1, "}");
	for (start = opening + 1; start <= end; start = stop + 1) {
		struct buffer text = {0};
		bool one_matches;

		stop = find_outside(start, ",}");
		buffer_add(&text, pattern, (size_t)(opening - pattern));
		buffer_add(&text, start, (size_t)(stop - start));
		buffer_add_text(&text, end + 1);
		one_matches = some_matches(text.data, path);
		buffer_free(&text);
		if (one_matches)
			return true;
	}
	return false;
}

static bool plain_matches(const char *pattern, const char *path, bool strict)
{
	steps = STEPS_MOST;
	is_strict = strict;
	return matches(pattern, path, true);
}

static void compare(const char *pattern, const char *path)
{
	bool match = glob_match(pattern, path);

	if (find_outside(pattern, "{") == NULL) {
		must(match || !plain_matches(pattern, path, true));
		must(!match || plain_matches(pattern, path, false) || steps < 0);
		return;
	}
	steps = STEPS_MOST;
	texts = TEXTS_MOST;
	is_strict = false;
	must(!match || some_matches(pattern, path));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reason why;
	const char *path;
	char *pattern;

	two_texts(data, size, &pattern, &path);
	if (glob_check(pattern, &why))
		compare(pattern, path);
	free(pattern);
	return 0;
}
