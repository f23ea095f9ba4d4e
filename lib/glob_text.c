#include "glob_text.h"

#include <string.h>

#include "glob_element.h"

/* Where a match stands: the pattern from byte `at` on is to match the path from there on.
 * A star can take up whatever an earlier star would, and so with "**"; hence it is enough
 * to go back to the last of each. */
struct match {
	const struct glob_text *pattern;
	const char *path;
	size_t at;
	bool component_starts; /* at `at` */
	size_t written_out;    /* the alternatives before this byte are text by now */
	size_t behind_star;
	const char *star_path; /* where the path goes on behind the star; null without */
	size_t behind_deep;    /* the same of the last whole-component "**" */
	const char *deep_path;
};

static bool is_brace(const struct match *match, size_t at)
{
	const bool *starts_alternative = match->pattern->starts_alternative;

	return starts_alternative != NULL && at >= match->written_out &&
	       starts_alternative[at];
}

/* What stands in the pattern at that byte; NUL at its end. */
static char pattern_byte(const struct match *match, size_t at)
{
	return is_brace(match, at) ? '{' : match->pattern->text[at];
}

static void write_out_braces(struct match *match)
{
	if (!is_brace(match, match->at))
		return;
	match->written_out = match->at + 1;
	match->component_starts = true;
}

static void pass_star(struct match *match)
{
	match->at++;
	match->component_starts = false;
	match->behind_star = match->at;
	match->star_path = match->path;
}

/* Goes behind the star, or stars, at hand. */
static void pass_stars(struct match *match)
{
	char next;

	if (pattern_byte(match, match->at + 1) != '*') {
		pass_star(match);
		return;
	}
	match->at++;
	next = pattern_byte(match, match->at + 1);
	if (match->component_starts && next == '/') {
		match->at += 2;
		match->behind_deep = match->at;
		match->deep_path = match->path;
		match->star_path = NULL;
	} else if (match->component_starts && next == '\0') {
		match->at++;
		match->path += strlen(match->path);
	} else {
		pass_star(match);
	}
}

/* Goes behind the element at hand and what it takes of the path, if it takes anything. */
static bool pass_element(struct match *match)
{
	const char *element = match->pattern->text + match->at;
	size_t taken;

	if (*element == '\0')
		return false;
	if (*element == '*') {
		pass_stars(match);
		return true;
	}
	taken = glob_element_takes(element, match->path);
	if (taken == 0)
		return false;
	match->at += glob_element(element);
	match->component_starts = match->pattern->text[match->at - 1] == '/';
	match->path += taken;
	return true;
}

/* Lets the last star take one character more, or else the last "**" one component more.
 */
static bool go_back(struct match *match)
{
	const char *slash;

	if (match->star_path != NULL && *match->star_path != '/') {
		match->star_path += glob_character(match->star_path);
		match->path = match->star_path;
		match->at = match->behind_star;
		match->component_starts = false;
		return true;
	}
	slash = match->deep_path != NULL ? strchr(match->deep_path, '/') : NULL;
	if (slash == NULL)
		return false;
	match->deep_path = slash + 1;
	match->path = match->deep_path;
	match->at = match->behind_deep;
	match->component_starts = true;
	return true;
}

/* Whether what is left of the pattern may stand for nothing, where the path ends. */
static bool takes_nothing(struct match *match)
{
	static const char *const rests[] = {"", "*", "**", "/**", "**/", "/**/"};
	const char *rest = match->pattern->text + match->at;

	write_out_braces(match);
	for (size_t i = 0; i < sizeof rests / sizeof rests[0]; i++) {
		if (strcmp(rest, rests[i]) != 0)
			continue;
		for (size_t at = match->at; at <= match->pattern->length; at++)
			if (is_brace(match, at))
				return false;
		return true;
	}
	return false;
}

bool glob_text_match(const struct glob_text *pattern, const char *path)
{
	struct match match = {.pattern = pattern, .path = path, .component_starts = true};

	while (*match.path != '\0') {
		write_out_braces(&match);
		if (!pass_element(&match) && !go_back(&match))
			return false;
	}
	return takes_nothing(&match);
}
