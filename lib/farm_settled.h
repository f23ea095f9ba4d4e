/* What a farm cannot change while it runs: its id, where its state is, where it listens.
 */
#ifndef FARM_SETTLED_H
#define FARM_SETTLED_H

#include "buffer.h"
#include "json.h"
#include "report.h"

/* Appends a new configuration with those values of the running one; a warning for each
 * that differs. Both are complete, as farm_config_put writes them; if running lacks one
 * of them, the new value stays. */
void farm_settled_put(struct buffer *out, const struct json *made,
		      const struct json *running, struct findings *found);

#endif
