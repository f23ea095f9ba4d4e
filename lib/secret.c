#include "secret.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>

/* Registers hold what memory was copied through, and the dynamic linker, for one, saves
 * them to the stack. */
#if __has_attribute(zero_call_used_regs)
#define WIPES_REGISTERS __attribute__((zero_call_used_regs("all")))
#else
#define WIPES_REGISTERS
#endif

bool secret_protect_process(struct reason *why)
{
	return prctl(PR_SET_DUMPABLE, 0) == 0 ||
	       refuse_errno(why, "this process cannot be kept out of core dumps");
}

void secret_keep_in_memory(const void *secret, size_t size)
{
	(void)mlock(secret, size);
}

/* This array lies over the frames of functions that have returned. */
WIPES_REGISTERS __attribute__((noinline)) void secret_wipe_stack(void)
{
	char below[16 * 1024];

	explicit_bzero(below, sizeof below);
}
