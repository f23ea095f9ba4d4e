#include "published_keys.h"

#include <string.h>
#include <sys/stat.h>

#include "buffer.h"
#include "key.h"
#include "key_file.h"
#include "path.h"
#include "timestamp.h"

enum { DAYS_AHEAD = 30, SECONDS_A_DAY = 24 * 60 * 60 };

static bool check_content(const struct key_file *file, const char *fingerprint,
			  struct reason *why)
{
	struct public_key key;

	if (!key_parse_public(file->bytes, file->length, &key, why))
		return false;
	if (strcmp(key.fingerprint, fingerprint) != 0)
		return refuse(why, "holds the key %s [§6.1.3]", key.fingerprint);
	/* No PEM is as short as the only other form. */
	return file->length > KEY_SIZE ||
	       refuse(why, "raw bytes, not PEM, as published keys are [§6.4.5]");
}

/* Nobody can fetch anything else, and a FIFO would be waited for. */
static bool check_regular(const char *path, struct reason *why)
{
	struct stat status;

	return stat(path, &status) < 0 || S_ISREG(status.st_mode) ||
	       refuse(why, "no regular file");
}

static void check_file(const char *path, const char *fingerprint, struct findings *found)
{
	struct key_file file;
	struct reason why;

	if (!check_regular(path, &why) || !key_file_read(path, &file, &why) ||
	    !check_content(&file, fingerprint, &why))
		find_error(found, "%s: %s", path, why.text);
}

static void check_date(const struct descriptor_key *key, const char *path, int64_t now,
		       struct findings *found)
{
	char valid_until[TIMESTAMP_SIZE + 1];

	if (key->fault != NULL || key->status != KEY_TRANSITIONING ||
	    key->valid_until - now > (int64_t)DAYS_AHEAD * SECONDS_A_DAY)
		return;
	timestamp_format(key->valid_until, valid_until);
	find_warning(found, "%s: key %s: transitioning, %s out at %s [§6.1.4]", path,
		     key->fingerprint, key->valid_until < now ? "ran" : "runs",
		     valid_until);
}

void published_keys_check(const struct descriptor *descriptor, const char *path,
			  int64_t now, struct findings *found)
{
	size_t directory = (size_t)(path_base(path) - path);
	struct buffer file = {0};

	for (size_t i = 0; i < descriptor->key_count; i++) {
		const struct descriptor_key *key = &descriptor->keys[i];

		if (key->is_twice || key->fingerprint[0] == '\0')
			continue;
		buffer_clear(&file);
		buffer_add(&file, path, directory);
		buffer_printf(&file, "keys/%s.pub", key->fingerprint);
		check_file(file.data, key->fingerprint, found);
		check_date(key, path, now, found);
	}
	buffer_free(&file);
}
