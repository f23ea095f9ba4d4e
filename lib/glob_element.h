/* What a pattern is made of: characters, escaped characters, "?" and classes. */
#ifndef GLOB_ELEMENT_H
#define GLOB_ELEMENT_H

#include <stddef.h>

/* Bytes of the element at the start of a well-formed pattern, not an empty one. */
size_t glob_element(const char *pattern);

/* Bytes of the one character that the element, anything but a "*", takes from the start
 * of path; 0 if it does not take it. Neither may be empty. */
size_t glob_element_takes(const char *pattern, const char *path);

/* Bytes of the first character of a text that is not empty. */
size_t glob_character(const char *text);

#endif
