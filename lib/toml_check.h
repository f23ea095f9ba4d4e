/* What has to hold of a TOML text before toml++ may see it: toml++ recurses for each part
 * of a dotted key and for each bracket, and 150,000 of them overflow its stack. Each
 * makes a table or an array, too, which takes a hundred times the memory of its text. */
#ifndef TOML_CHECK_H
#define TOML_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "report.h"

enum {
	TOML_MOST = 1024 * 1024, /* bytes of a text */
	TOML_KEY_PARTS = 64,	 /* of a dotted key */
	TOML_NESTING = 64,	 /* brackets and braces inside each other */
	TOML_CONTAINERS = 65536, /* dots, opening brackets and braces, outside of texts */
};

/* Whether text[0..length) is UTF-8 and within the limits above. The reason starts with
 * line and column of the fault, "LINE:COLUMN: ", both from 1, columns in code points.
 * What else is wrong with the text is left to the parser. */
bool toml_check(const char *text, size_t length, struct reason *why);

#endif
