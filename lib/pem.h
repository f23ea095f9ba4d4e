/* A file that holds one PEM object (RFC 7468) and nothing else.
 *
 * No reason given here quotes the text: it may be that of a private key. */
#ifndef PEM_H
#define PEM_H

#include <stdbool.h>
#include <stddef.h>

#include "report.h"

enum { PEM_LABEL_SIZE = 64, PEM_KEPT = 128 };

/* What the object holds: length bytes, of which the first PEM_KEPT are here. */
struct pem {
	unsigned char bytes[PEM_KEPT];
	size_t length;
};

/* Reads the label of the object that starts the text ("PUBLIC KEY"), white space before
 * it aside. Fails when there is none, or other text comes first. */
bool pem_label(const char *text, size_t length, char label[PEM_LABEL_SIZE],
	       struct reason *why);

/* Decodes the object of that label, as pem_label gave it. Fails when it is cut short or
 * damaged, and when anything but white space stands behind it. An object of at most
 * PEM_KEPT bytes has to be spelt as br_pem_encode spells it, white space aside. On
 * failure *object is all zeros; otherwise wiping it is up to the caller. */
bool pem_decode(const char *text, size_t length, const char *label, struct pem *object,
		struct reason *why);

#endif
