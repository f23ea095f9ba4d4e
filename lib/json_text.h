/* The text of a JSON string as it stands between its quotes, escapes and all; of one that
 * json_check let through. */
#ifndef JSON_TEXT_H
#define JSON_TEXT_H

#include <stddef.h>

/* Decodes the escape at *at to UTF-8, or takes the one plain byte there; moves *at behind
 * it and returns its bytes. */
size_t json_text_decode(const char **at, char out[4]);

/* Compares what two texts stand for, bytewise. As strcmp. */
int json_text_compare(const char *a, size_t a_length, const char *b, size_t b_length);

#endif
