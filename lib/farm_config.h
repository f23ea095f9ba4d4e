/* The configuration of a farm: what peipkg-manager reads before anything else. It is a
 * document here, as pk-toml writes it. */
#ifndef FARM_CONFIG_H
#define FARM_CONFIG_H

#include <stdbool.h>

#include "buffer.h"
#include "json.h"
#include "report.h"

/* The largest configuration document, in bytes: many times what pk-toml reads. */
enum { FARM_CONFIG_MOST = 1024 * 1024 };

/* Reports everything that is wrong with the configuration, and as warnings what is
 * doubtful. Appends it complete, canonical and with its members in a fixed order; when
 * there was an error, which the result says by false, what was appended is of no use. */
bool farm_config_put(struct buffer *out, const struct json *json, struct findings *found);

#endif
