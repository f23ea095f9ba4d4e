#include "glob_element.h"

#include <stdbool.h>
#include <stdint.h>

#include "utf8.h"

/* A byte that is not UTF-8 becomes a character beyond all others. */
static size_t decode(const char *text, uint32_t *character)
{
	enum { LONGEST = 4, BEYOND_UNICODE = 0x110000 };
	size_t bytes = utf8_decode(text, LONGEST, character); /* no further than a NUL */

	if (bytes > 0)
		return bytes;
	*character = BEYOND_UNICODE + (unsigned char)text[0];
	return 1;
}

size_t glob_character(const char *text)
{
	uint32_t character;

	return decode(text, &character);
}

size_t glob_element(const char *pattern)
{
	const char *p = pattern;

	if (*p == '\\')
		return 1 + glob_character(p + 1);
	if (*p != '[')
		return glob_character(p);
	while (*p != ']')
		p += *p == '\\' ? 2 : 1;
	return (size_t)(p + 1 - pattern);
}

/* The character at *p, escaped or not; moves *p behind it. */
static uint32_t next_character(const char **p)
{
	uint32_t character;

	if (**p == '\\')
		++*p;
	*p += decode(*p, &character);
	return character;
}

/* A range whose ends are the wrong way round holds its first one only. */
static bool class_holds(const char *class, uint32_t character)
{
	const char *p = class + 1;
	bool negated = *p == '!' || *p == '^';
	bool held = false;

	p += negated ? 1 : 0;
	while (*p != ']') {
		uint32_t first = next_character(&p), last = first;
		if (p[0] == '-' && p[1] != ']') {
			p++;
			last = next_character(&p);
		}
		held |= character == first || (first < character && character <= last);
	}
	return held != negated;
}

size_t glob_element_takes(const char *pattern, const char *path)
{
	uint32_t character;
	size_t bytes = decode(path, &character);
	bool takes;

	if (*pattern == '?')
		takes = character != '/';
	else if (*pattern == '[')
		takes = class_holds(pattern, character);
	else
		takes = next_character(&pattern) == character;
	return takes ? bytes : 0;
}
