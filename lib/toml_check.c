#include "toml_check.h"

#include <stdint.h>
#include <string.h>

#include "utf8.h"

struct text {
	const char *start, *end;
};

static bool refuse_at(struct reason *why, const struct text *text, const char *fault,
		      const char *what)
{
	size_t line = 1, column = 1;

	for (const char *p = text->start; p < fault;) {
		uint32_t character;
		p += utf8_decode(p, (size_t)(fault - p), &character);
		column = character == '\n' ? 1 : column + 1;
		line += character == '\n' ? 1 : 0;
	}
	return refuse(why, "%zu:%zu: %s", line, column, what);
}

static bool check_utf8(const struct text *text, struct reason *why)
{
	for (const char *p = text->start; p < text->end;) {
		uint32_t character;
		size_t bytes = utf8_decode(p, (size_t)(text->end - p), &character);
		if (bytes == 0)
			return refuse_at(why, text, p, "not UTF-8");
		p += bytes;
	}
	return true;
}

static bool is_triple_quote(const char *p, const char *end)
{
	return end - p >= 3 && p[1] == p[0] && p[2] == p[0];
}

/* Behind the string on one line that starts at p. Where it has no end, the parser stops
 * at the end of the line. */
static const char *skip_short_string(const char *p, const char *end)
{
	const char quote = *p++;

	for (; p < end && *p != quote && *p != '\n'; p++)
		if (*p == '\\' && quote == '"' && end - p > 1)
			p++;
	return p < end ? p + 1 : end;
}

/* Behind the string of any number of lines that starts at p. */
static const char *skip_long_string(const char *p, const char *end)
{
	const char quote = *p;

	for (p += 3; p < end && !(*p == quote && is_triple_quote(p, end)); p++)
		if (*p == '\\' && quote == '"' && end - p > 1)
			p++;
	/* One or two quotes more before the last three belong to the text. */
	while (p < end && *p == quote)
		p++;
	return p;
}

static const char *skip_string(const char *p, const char *end)
{
	return is_triple_quote(p, end) ? skip_long_string(p, end)
				       : skip_short_string(p, end);
}

static const char *skip_comment(const char *p, const char *end)
{
	const char *newline = memchr(p, '\n', (size_t)(end - p));

	return newline != NULL ? newline : end;
}

static bool check_containers(const struct text *text, struct reason *why)
{
	size_t parts = 1, depth = 0, count = 0;
	const char *next;

	for (const char *p = text->start; p < text->end; p = next) {
		next = p + 1;
		if (*p == '#')
			next = skip_comment(p, text->end);
		else if (*p == '"' || *p == '\'')
			next = skip_string(p, text->end);
		else if (*p == '.' && ++parts > TOML_KEY_PARTS)
			return refuse_at(why, text, p, "a key of more than 64 parts");
		else if ((*p == '[' || *p == '{') && ++depth > TOML_NESTING)
			return refuse_at(why, text, p, "nested more than 64 levels deep");
		else if ((*p == ']' || *p == '}') && depth > 0)
			depth--;
		if (strchr(".[{", *p) != NULL && *p != '\0' && ++count > TOML_CONTAINERS)
			return refuse_at(why, text, p,
					 "more than 65536 dots, brackets and braces");
		/* No key goes on behind one of these. */
		if (*p != '\0' && strchr("\n=,[]{}", *p) != NULL)
			parts = 1;
	}
	return true;
}

bool toml_check(const char *text, size_t length, struct reason *why)
{
	const struct text whole = {text, text + length};

	if (length > TOML_MOST)
		return refuse_at(why, &whole, text, "longer than 1048576 bytes");
	return check_utf8(&whole, why) && check_containers(&whole, why);
}
