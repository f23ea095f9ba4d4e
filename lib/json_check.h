/* The grammar of RFC 8259 with what §1.3 adds, without building anything. */
#ifndef JSON_CHECK_H
#define JSON_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "report.h"

/* Whether text[0..length) is one JSON value, white space around it allowed: valid UTF-8,
 * no lone surrogates, nested no deeper than JSON_DEPTH. Keys are not compared. The reason
 * names the byte, counted from 1. */
bool json_check(const char *text, size_t length, struct reason *why);

#endif
