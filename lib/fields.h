/* The fields that recipes, manifests and index entries share, checked one at a time
 * (§2, §3.3, §4.1). */
#ifndef FIELDS_H
#define FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hash.h"
#include "json.h"
#include "report.h"

/* The five arrays that speak of other packages. */
enum relation {
	RELATION_DEPENDENCIES,
	RELATION_OPTIONAL_DEPENDENCIES,
	RELATION_CONFLICTS,
	RELATION_PROVIDES,
	RELATION_REPLACES,
	RELATION_COUNT,
};

/* Name of the array, how many elements it may have (§3.2.7), and whether a manifest or an
 * index entry has to have it (§3.3, §6.2.4). */
const char *relation_name(enum relation relation);
size_t relation_most(enum relation relation);
bool relation_is_required(enum relation relation);

/* Whether a value is not there, null or "": how an optional field says nothing (§1.3). */
bool field_is_absent(const struct json *json, json_value value);

/* The text of a member, to be freed; *text is null when it is absent. Refused: no string,
 * a NUL in it. Reasons start with the name. */
bool field_optional_text(const struct json *json, json_value object, const char *name,
			 char **text, struct reason *why);

/* As field_optional_text, but an absent one is refused too. */
bool field_required_text(const struct json *json, json_value object, const char *name,
			 char **text, struct reason *why);

/* Whether a member is absent, or a text that `check`, unless it is null, finds good. */
bool field_check_optional(const struct json *json, json_value object, const char *name,
			  bool (*check)(const char *text, struct reason *why),
			  struct reason *why);

/* A member that is a plain integer from 0 to 2^63-1. */
bool field_required_unsigned(const struct json *json, json_value object, const char *name,
			     int64_t *number, struct reason *why);

/* A member that is a SHA-256 in lower-case hexadecimal; written with a NUL behind. */
bool field_required_hash(const struct json *json, json_value object, const char *name,
			 char hex[HASH_HEX_SIZE + 1], struct reason *why);

/* Whether schema_version is there and 1. */
bool field_check_schema(const struct json *json, json_value object, struct reason *why);

/* Texts that are not null: printable, within its characters (§3.3); a http or https URL
 * with a host. */
bool field_check_description(const char *description, struct reason *why);
bool field_check_homepage(const char *homepage, struct reason *why);

/* Warns of a description that is not ASCII or over 80 characters, and of a license that
 * is no SPDX expression; null texts are fine. */
void field_check_habits(const char *owner, const char *description, const char *license,
			struct findings *found);

/* One element of a relation's array: an object with a good name, and constraint, arch or
 * version as that relation has them (§4.1). Members that it does not know are ignored. */
bool relation_check_element(const struct json *json, json_value element,
			    enum relation relation, struct reason *why);

/* A whole array of a manifest or an index entry: elements good, sorted by name, none
 * twice, not too many. Dependencies and conflicts have to be there (§3.3, §6.2.4). */
bool relation_check(const struct json *json, json_value object, enum relation relation,
		    struct reason *why);

/* Reports each element for which relation_check refuses an array, or why it is none, with
 * `about` before it. */
void relation_report(const struct json *json, json_value object, enum relation relation,
		     const char *about, struct findings *found);

#endif
