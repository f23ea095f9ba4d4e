#include "trust_choice.h"

#include <stddef.h>
#include <time.h>

#include "cli.h"

bool trust_choice_option(struct trust_choice *choice, int option, const char *value,
			 struct reason *why)
{
	struct public_key key;

	if (option == 'd') {
		choice->descriptor = value;
	} else if (option == 't') {
		choice->now_text = value;
	} else if (option == 'r') {
		choice->readable = true;
	} else {
		if (!key_read_public(value, &key, why))
			return false;
		trust_add(&choice->trust, &key);
	}
	return true;
}

bool trust_choice_finish(struct trust_choice *choice, struct reason *why)
{
	bool has_descriptor = choice->descriptor != NULL;

	if (has_descriptor == (choice->trust.count > 0))
		usage_error("either -k or -d is wanted");
	if (choice->now_text != NULL && !has_descriptor)
		usage_error("-t goes with -d");
	if (choice->readable && !has_descriptor)
		usage_error("-r goes with -d");
	choice->now = choice->now_text != NULL ? cli_timestamp('t', choice->now_text)
					       : time(NULL);
	if (choice->readable)
		trust_add_readable(&choice->trust, choice->descriptor);
	return !has_descriptor || choice->readable ||
	       trust_add_descriptor(&choice->trust, choice->descriptor, why);
}
