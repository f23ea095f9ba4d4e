/* Where the keys of a trust set come from. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "path.h"
#include "trust.h"

static void add(struct trust *trust, const struct trusted_key *key)
{
	trust->keys = grow_array(trust->keys, trust->count, sizeof *trust->keys);
	trust->keys[trust->count++] = *key;
}

void trust_add(struct trust *trust, const struct public_key *key)
{
	add(trust, &(struct trusted_key){.key = *key, .status = KEY_ACTIVE});
}

/* A published key is a file: nobody has to wait for the writer of a FIFO. */
static bool check_regular(const char *path, struct reason *why)
{
	struct stat status;

	if (stat(path, &status) < 0)
		return refuse_errno(why, "%s", path);
	return S_ISREG(status.st_mode) || refuse(why, "%s: no regular file", path);
}

static bool read_published(const char *path, const char *fingerprint,
			   struct public_key *key, struct reason *why)
{
	if (!check_regular(path, why) || !key_read_public(path, key, why))
		return false;
	return strcmp(key->fingerprint, fingerprint) == 0 ||
	       refuse(why, "%s: holds the key %s [§6.1.3]", path, key->fingerprint);
}

/* A listed key that can be trusted as it says. */
static bool take_listed(struct trusted_key *key, const struct descriptor_key *listed,
			const char *descriptor, struct reason *why)
{
	struct buffer path = {0};
	bool good;

	*key = (struct trusted_key){.status = listed->status,
				    .valid_until = listed->valid_until};
	buffer_add(&path, descriptor, (size_t)(path_base(descriptor) - descriptor));
	buffer_printf(&path, "keys/%s.pub", listed->fingerprint);
	good = read_published(path.data, listed->fingerprint, &key->key, why);
	buffer_free(&path);
	return good || refuse_in(why, "%s: repo.signing.keys", descriptor);
}

bool trust_add_descriptor(struct trust *trust, const char *path, struct reason *why)
{
	struct descriptor descriptor;
	struct trusted_key key;
	bool good = true;

	if (!descriptor_read(&descriptor, path, why))
		return false;
	for (size_t i = 0; good && i < descriptor.key_count; i++) {
		good = take_listed(&key, &descriptor.keys[i], path, why);
		if (good)
			add(trust, &key);
	}
	descriptor_free(&descriptor);
	return good;
}

/* A key of which nothing but its fingerprint is known, or not even that. */
static void add_unknown(struct trust *trust, const char *fingerprint, const char *fault)
{
	struct trusted_key key = {.fault = copy_text(fault, strlen(fault))};

	strcpy(key.key.fingerprint, fingerprint);
	add(trust, &key);
}

void trust_add_readable(struct trust *trust, const char *path)
{
	struct descriptor descriptor;
	struct trusted_key key;
	struct reason why;

	descriptor_survey(&descriptor, path);
	if (descriptor.key_count == 0 && descriptor.fault_count > 0)
		add_unknown(trust, "", descriptor.faults[0]);
	for (size_t i = 0; i < descriptor.key_count; i++) {
		const struct descriptor_key *listed = &descriptor.keys[i];

		if (listed->fault != NULL)
			add_unknown(trust, listed->fingerprint, listed->fault);
		else if (take_listed(&key, listed, path, &why))
			add(trust, &key);
		else
			add_unknown(trust, listed->fingerprint, why.text);
	}
	descriptor_free(&descriptor);
}

/* A file that is named after a key (§6.4.2). */
static int has_key_name(const struct dirent *file)
{
	return strspn(file->d_name, "0123456789abcdef") == HASH_HEX_SIZE &&
	       strcmp(file->d_name + HASH_HEX_SIZE, ".pub") == 0;
}

static int compare_names(const struct dirent **left, const struct dirent **right)
{
	return strcmp((*left)->d_name, (*right)->d_name);
}

static void add_former(struct trust *trust, const char *path, struct findings *found)
{
	char fingerprint[HASH_HEX_SIZE + 1] = "";
	struct public_key key;
	struct reason why;

	memcpy(fingerprint, path_base(path), HASH_HEX_SIZE);
	if (read_published(path, fingerprint, &key, &why))
		trust_add(trust, &key);
	else
		find_warning(found, "%s", why.text);
}

bool trust_add_former(struct trust *trust, const char *descriptor, struct findings *found,
		      struct reason *why)
{
	size_t directory = (size_t)(path_base(descriptor) - descriptor);
	struct buffer path = {0};
	struct dirent **files;
	int count;

	buffer_add(&path, descriptor, directory);
	buffer_add_text(&path, "keys/");
	count = scandir(path.data, &files, has_key_name, compare_names);
	if (count < 0)
		refuse_errno(why, "%s", path.data);
	for (int i = 0; i < count; i++) {
		buffer_clear(&path);
		buffer_add(&path, descriptor, directory);
		buffer_printf(&path, "keys/%s", files[i]->d_name);
		add_former(trust, path.data, found);
		free(files[i]);
	}
	if (count >= 0)
		free(files);
	buffer_free(&path);
	return count >= 0;
}
