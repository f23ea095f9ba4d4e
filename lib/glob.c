#include "glob.h"

#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "glob_element.h"
#include "glob_text.h"

/* Braces that were met, and the alternative that is chosen in them. */
struct choice {
	const char *alternative;
	const char *stop; /* the comma or brace behind the alternative */
	const char *end;  /* the closing brace */
	size_t enclosing; /* the choice of whose alternative the braces are a part */
};

/* A pattern being written out, in one way after the other. */
struct writing {
	struct choice *choices; /* in the order of their braces */
	size_t chosen;
	char *text;
	bool *starts_alternative;
};

static const size_t no_choice = (size_t)-1;

static const char *closing_brace(const char *opening)
{
	size_t depth = 0;

	for (const char *p = opening;; p += glob_element(p)) {
		if (*p == '{')
			depth++;
		else if (*p == '}' && --depth == 0)
			return p;
	}
}

/* Where to go on behind the opening brace that is met as number `met`: in its first
 * alternative, unless another has been chosen. */
static const char *enter_braces(struct writing *writing, size_t met, const char *opening,
				size_t enclosing)
{
	if (met == writing->chosen) {
		writing->choices = grow_array(writing->choices, writing->chosen++,
					      sizeof *writing->choices);
		writing->choices[met] = (struct choice){
			opening + 1, NULL, closing_brace(opening), enclosing};
	}
	return writing->choices[met].alternative;
}

static struct glob_text write_out(struct writing *writing, const char *pattern)
{
	size_t length = 0, met = 0, inside = no_choice;

	writing->starts_alternative[0] = false;
	for (const char *p = pattern; *p != '\0';) {
		if (*p == '{') {
			writing->starts_alternative[length] = true;
			p = enter_braces(writing, met, p, inside);
			inside = met++;
		} else if (inside != no_choice && (*p == ',' || *p == '}')) {
			struct choice *left = &writing->choices[inside];
			left->stop = p;
			p = left->end + 1;
			inside = left->enclosing;
		} else {
			for (size_t left = glob_element(p); left > 0; left--) {
				writing->text[length++] = *p++;
				writing->starts_alternative[length] = false;
			}
		}
	}
	writing->text[length] = '\0';
	return (struct glob_text){writing->text, length, writing->starts_alternative};
}

/* Chooses the next way to write the pattern out; false when there are no more. */
static bool choose_next(struct writing *writing)
{
	while (writing->chosen > 0) {
		struct choice *last = &writing->choices[writing->chosen - 1];
		if (*last->stop == ',') {
			last->alternative = last->stop + 1;
			return true;
		}
		writing->chosen--;
	}
	return false;
}

/* Whether path differs from what the pattern says literally before anything else. */
static bool starts_otherwise(const char *pattern, const char *path)
{
	size_t plain = strcspn(pattern, "*?[{\\");

	for (size_t i = 0; i < plain && path[i] != '\0'; i++)
		if (pattern[i] != path[i])
			return true;
	return false;
}

bool glob_match(const char *pattern, const char *path)
{
	size_t length = strlen(pattern);
	struct writing writing = {0};
	bool matches = false;

	if (starts_otherwise(pattern, path))
		return false;
	if (strchr(pattern, '{') == NULL) {
		struct glob_text text = {pattern, length, NULL};
		return glob_text_match(&text, path);
	}
	writing.text = allocate(length + 1, 1);
	writing.starts_alternative = allocate(length + 1, sizeof(bool));
	do {
		struct glob_text text = write_out(&writing, pattern);
		matches = glob_text_match(&text, path);
	} while (!matches && choose_next(&writing));
	free(writing.choices);
	free(writing.text);
	free(writing.starts_alternative);
	return matches;
}
