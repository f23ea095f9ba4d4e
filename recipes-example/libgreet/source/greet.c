#include <stdio.h>

#include "greet.h"

int greet(char *text, size_t size, const char *name)
{
	return snprintf(text, size, "Hello, %s!",
			name != NULL && name[0] != '\0' ? name : "world");
}
