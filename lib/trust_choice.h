/* How filters are told whom to trust: -k PUBKEY, once or several times; or -d DESCRIPTOR,
 * a repository's keys, with -t NOW to hold their dates against another time than now. */
#ifndef TRUST_CHOICE_H
#define TRUST_CHOICE_H

#include <stdbool.h>
#include <stdint.h>

#include "report.h"
#include "trust.h"

#define TRUST_OPTIONS "k:d:t:"

/* Start with {0}. */
struct trust_choice {
	struct trust trust;
	int64_t now;			   /* seconds since 1970 */
	const char *descriptor, *now_text; /* -d, -t */
};

/* Takes one of TRUST_OPTIONS as cli_option returned it. value has to stay valid. */
bool trust_choice_option(struct trust_choice *choice, int option, const char *value,
			 struct reason *why);

/* Behind the last option: checks that they go together (a usage error otherwise) and
 * fills in trust and now. */
bool trust_choice_finish(struct trust_choice *choice, struct reason *why);

#endif
