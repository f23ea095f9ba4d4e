/* The name by which a farm signs off what it built, `farm_id` in manifests (§8.1.2). */
#ifndef FARM_ID_H
#define FARM_ID_H

#include <stdbool.h>

/* Whether id holds what looks like a date or the number of a build. A generation number,
 * as in peios-build-2, does not, nor does an architecture, as x86_64 or i686. */
bool farm_id_names_a_build(const char *id);

#endif
