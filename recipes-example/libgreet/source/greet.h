#ifndef GREET_H
#define GREET_H

#include <stddef.h>

/* Writes a greeting for name to text, as snprintf does: at most size bytes with the final
 * NUL; returns the length of the whole greeting. A null pointer or "" greets the world.
 */
int greet(char *text, size_t size, const char *name);

#endif
