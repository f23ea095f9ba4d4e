/* The side effects of §4.3.4, and which of them a payload asks for. */
#ifndef SIDE_EFFECTS_H
#define SIDE_EFFECTS_H

#include <stdbool.h>

#include "entry.h"
#include "json.h"
#include "report.h"

/* Which ones a manifest or recipe declares. */
struct side_effects {
	bool ldconfig;
	bool depmod;
	bool man_db;
};

/* Reads the array of a manifest or recipe; an absent one is empty. Refuses
 * what is no array, a name that §4.3.4 does not list, and one given twice. */
bool side_effects_parse(const struct json *json, json_value array,
			struct side_effects *declared, struct reason *why);

/* What of a payload decides on side effects. Start with {0}. */
struct payload_kinds {
	bool shared_libraries;
	bool kernel_modules;
	bool manual_pages;
	bool triplet_content; /* anything but directories below usr/lib/<triplet>/ */
};

/* Takes one entry into account. */
void side_effects_note(struct payload_kinds *kinds, const char *architecture,
		       enum entry_type type, const char *path);

/* Reports a side effect that the payload asks for and that is not declared, and one that
 * is declared and that nothing asks for (§4.3.4). */
void side_effects_check(const char *owner, const struct side_effects *declared,
			const struct payload_kinds *kinds, struct findings *found);

#endif
