#include "trust.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "path.h"

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

static bool add_listed(struct trust *trust, const struct descriptor_key *listed,
		       const char *descriptor, struct reason *why)
{
	struct trusted_key key = {.status = listed->status,
				  .valid_until = listed->valid_until};
	struct buffer path = {0};
	bool good;

	buffer_add(&path, descriptor, (size_t)(path_base(descriptor) - descriptor));
	buffer_printf(&path, "keys/%s.pub", listed->fingerprint);
	good = read_published(path.data, listed->fingerprint, &key.key, why);
	buffer_free(&path);
	if (good)
		add(trust, &key);
	return good;
}

bool trust_add_descriptor(struct trust *trust, const char *path, struct reason *why)
{
	struct descriptor descriptor;
	bool good = true;

	if (!descriptor_read(&descriptor, path, why))
		return false;
	for (size_t i = 0; good && i < descriptor.key_count; i++)
		good = add_listed(trust, &descriptor.keys[i], path, why);
	descriptor_free(&descriptor);
	return good || refuse_in(why, "%s: repo.signing.keys", path);
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

/* Whether a key may have signed what is trusted now. */
static bool check_standing(const struct trusted_key *key, int64_t now, struct reason *why)
{
	if (key->status == KEY_REVOKED)
		return refuse(why, "signed by %s, which is revoked [§5.2.6]",
			      key->key.fingerprint);
	if (key->status == KEY_TRANSITIONING && now > key->valid_until)
		return refuse(why, "signed by %s, which is past its valid_until [§5.2.6]",
			      key->key.fingerprint);
	return true;
}

static const struct trusted_key *find(const struct trust *trust, const char *fingerprint)
{
	for (size_t i = 0; i < trust->count; i++)
		if (strcmp(trust->keys[i].key.fingerprint, fingerprint) == 0)
			return &trust->keys[i];
	return NULL;
}

const struct trusted_key *trust_find(const struct trust *trust, const char *fingerprint,
				     int64_t now, struct reason *why)
{
	const struct trusted_key *key = find(trust, fingerprint);

	if (key == NULL)
		refuse(why, "signed by %s, which is not trusted [§5.3.4]", fingerprint);
	else if (check_standing(key, now, why))
		return key;
	return NULL;
}

bool trust_check(const struct trust *trust, const struct envelope *envelope,
		 const unsigned char digest[HASH_SIZE], int64_t now, struct reason *why)
{
	const struct trusted_key *key =
		trust_find(trust, envelope->fingerprint, now, why);

	if (key == NULL)
		return false;
	return key_verify(&key->key, digest, HASH_SIZE, envelope->signature) ||
	       refuse(why, "bad signature by %s [§5.3.4]", envelope->fingerprint);
}

bool trust_check_bare(const struct trust *trust, struct envelope *envelope,
		      const void *message, size_t count, int64_t now, struct reason *why)
{
	for (size_t i = 0; i < trust->count; i++) {
		const struct trusted_key *key = &trust->keys[i];

		if (!key_verify(&key->key, message, count, envelope->signature))
			continue;
		memcpy(envelope->fingerprint, key->key.fingerprint,
		       sizeof envelope->fingerprint);
		return check_standing(key, now, why);
	}
	return refuse(why, "no signature by any of the keys [§5.3.4]");
}

void trust_free(struct trust *trust)
{
	free(trust->keys);
	*trust = (struct trust){0};
}
