/* Signs standard input with the key file that its operand names: -> the raw signature;
 * and says on standard error how many copies of the seed and of the two halves of its
 * hash the memory of this process held before and after key_wipe. */
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli.h"
#include "io.h"
#include "key.h"

/* What to look for, every bit turned over, so that looking finds no copy of its own: the
 * seed, and both halves of its SHA-512, the secret scalar (RFC 8032 §5.1.5 sets some of
 * its bits) and the prefix of the nonce. */
struct hidden {
	unsigned char seed[KEY_SIZE];
	unsigned char hash[SHA512_DIGEST_SIZE];
};

static void turn_over(unsigned char *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		bytes[i] ^= 0xFF;
}

static void hide_key(const unsigned char seed[KEY_SIZE], struct hidden *hidden)
{
	struct sha512_ctx context;

	memcpy(hidden->seed, seed, KEY_SIZE);
	sha512_init(&context);
	sha512_update(&context, KEY_SIZE, seed);
	sha512_digest(&context, SHA512_DIGEST_SIZE, hidden->hash);
	hidden->hash[0] &= 0xF8;
	hidden->hash[31] = (hidden->hash[31] & 0x7F) | 0x40;
	turn_over(hidden->seed, sizeof hidden->seed);
	turn_over(hidden->hash, sizeof hidden->hash);
}

/* A child that hides the seed written into its pipe: what this leaves in memory is then
 * not found in ours. */
struct hider {
	struct hidden *hidden;
	int pipe[2];
	pid_t child;
};

static struct hider start_hider(void)
{
	struct hider hider;
	unsigned char seed[KEY_SIZE];

	hider.hidden = mmap(NULL, sizeof *hider.hidden, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (hider.hidden == MAP_FAILED || pipe(hider.pipe) < 0 ||
	    (hider.child = fork()) < 0)
		die_errno("a child that hides the key");
	if (hider.child == 0) {
		close(hider.pipe[1]);
		if (read_full(hider.pipe[0], seed, KEY_SIZE) == KEY_SIZE)
			hide_key(seed, hider.hidden);
		_exit(0);
	}
	return hider;
}

static void finish_hider(const struct hider *hider, const unsigned char seed[KEY_SIZE])
{
	if (!write_full(hider->pipe[1], seed, KEY_SIZE) ||
	    waitpid(hider->child, NULL, 0) < 0)
		die_errno("the child that hides the key");
}

static size_t count_copies(const unsigned char *at, const unsigned char *end,
			   const unsigned char *hidden)
{
	size_t copies = 0;

	for (; end - at >= KEY_SIZE; at++) {
		size_t same = 0;
		while (same < KEY_SIZE && (at[same] ^ hidden[same]) == 0xFF)
			same++;
		if (same == KEY_SIZE)
			copies++;
	}
	return copies;
}

enum { REGION_LIMIT = 256, MEMORY_LIMIT = 1 << 30 };

/* The writable memory of this process, listed before there is a key in it: calls that
 * come later would overwrite what earlier ones left on the stack. */
struct memory {
	const unsigned char *starts[REGION_LIMIT], *ends[REGION_LIMIT];
	size_t count;
};

static __attribute__((noinline)) void grow_stack(void)
{
	char below[256 * 1024];

	explicit_bzero(below, sizeof below);
}

/* Returns false when there is too much of it, which is a sanitizer's shadow. */
static bool list_memory(struct memory *memory)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	unsigned long start, end, total = 0;
	char access[5];

	grow_stack();
	if (maps == NULL)
		die_errno("/proc/self/maps");
	while (memory->count < REGION_LIMIT &&
	       fscanf(maps, "%lx-%lx %4s %*[^\n]", &start, &end, access) == 3) {
		if (access[0] != 'r' || access[1] != 'w')
			continue;
		memory->starts[memory->count] = (const unsigned char *)start;
		memory->ends[memory->count] = (const unsigned char *)end;
		memory->count++;
		total += end - start;
	}
	fclose(maps);
	return memory->count < REGION_LIMIT && total < MEMORY_LIMIT;
}

struct copies {
	size_t of_seed, of_hash;
};

static struct copies find_copies(const struct memory *memory, const struct hidden *hidden)
{
	struct copies found = {0};

	for (size_t i = 0; i < memory->count; i++) {
		const unsigned char *start = memory->starts[i];
		const unsigned char *end = memory->ends[i];
		found.of_seed += count_copies(start, end, hidden->seed);
		found.of_hash += count_copies(start, end, hidden->hash) +
				 count_copies(start, end, hidden->hash + KEY_SIZE);
	}
	return found;
}

static void report_copies(const char *when, struct copies found)
{
	report("%s: copies of the seed: %zu, of its hash: %zu", when, found.of_seed,
	       found.of_hash);
}

static __attribute__((noinline)) void
read_and_sign(const char *path, struct private_key *key,
	      unsigned char signature[SIGNATURE_SIZE])
{
	char message[4096];
	size_t count = fread(message, 1, sizeof message, stdin);
	struct reason why;

	if (!key_read_private(path, key, &why))
		die("%s", why.text);
	key_sign(key, message, count, signature);
}

int main(int argc, char *argv[])
{
	unsigned char signature[SIGNATURE_SIZE];
	struct memory memory = {0};
	struct copies holding = {0};
	struct private_key key;
	struct hider hider;
	struct reason why;
	bool small;

	cli_start("sign", "");
	if (!key_protect_process(&why) || prctl(PR_GET_DUMPABLE) != 0)
		die("this process can be dumped");
	if (argc != 2)
		die("one operand is wanted");
	hider = start_hider();
	small = list_memory(&memory);
	read_and_sign(argv[1], &key, signature);
	finish_hider(&hider, key.seed);
	if (small)
		holding = find_copies(&memory, hider.hidden);
	key_wipe(&key);
	if (!small)
		report("too much memory to look into");
	else {
		report_copies("with the key", holding);
		report_copies("without it", find_copies(&memory, hider.hidden));
	}
	output(signature, sizeof signature);
	return 0;
}
