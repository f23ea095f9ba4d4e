/* Secrets in the memory of this process: keys of signatures, of an HMAC. */
#ifndef SECRET_H
#define SECRET_H

#include <stdbool.h>
#include <stddef.h>

#include "report.h"

/* Keeps this process out of core dumps and away from debuggers. To be called by every
 * program that reads a secret, before it does; it must not go on when this fails. */
bool secret_protect_process(struct reason *why);

/* Keeps what is to be held for long from being swapped out, as far as the limit on locked
 * memory allows. */
void secret_keep_in_memory(const void *secret, size_t size);

/* Wipes what the functions that the caller called before have left on the stack and, as
 * far as the compiler can, in registers: those of nettle and BearSSL leave there what
 * they were told, and what they hashed of it. */
void secret_wipe_stack(void);

#endif
