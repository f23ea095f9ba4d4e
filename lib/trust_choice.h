/* How filters are told whom to trust: -k PUBKEY, once or several times; or -d DESCRIPTOR,
 * a repository's keys, with -t NOW to hold their dates against another time than now. And
 * how those are told who look for faults: -r, which goes with -d, takes the keys that can
 * be read, see trust_add_readable. */
#ifndef TRUST_CHOICE_H
#define TRUST_CHOICE_H

#include <stdbool.h>
#include <stdint.h>

#include "report.h"
#include "trust.h"

#define TRUST_OPTIONS "k:d:t:"
#define TRUST_OPTIONS_OF_READABLE TRUST_OPTIONS "r"

/* Start with {0}. */
struct trust_choice {
	struct trust trust;
	int64_t now;			   /* seconds since 1970 */
	const char *descriptor, *now_text; /* -d, -t */
	bool readable;			   /* -r */
};

/* Takes one of TRUST_OPTIONS_OF_READABLE as cli_option returned it. value has to stay
 * valid. */
bool trust_choice_option(struct trust_choice *choice, int option, const char *value,
			 struct reason *why);

/* Behind the last option: checks that they go together (a usage error otherwise) and
 * fills in trust and now. */
bool trust_choice_finish(struct trust_choice *choice, struct reason *why);

#endif
