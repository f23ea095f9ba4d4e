/* The points of Ed25519's curve. Public ones only: nothing here runs in constant time. */
#ifndef CURVE_H
#define CURVE_H

#include <stdbool.h>

#include "report.h"

enum { POINT_SIZE = 32 };

/* Whether bytes are a point that may be a public key: in its one encoding (RFC 8032
 * §5.1.2), on the curve, and not of small order. Under a key of small order one signature
 * holds for many messages, so whoever publishes such a key could swap a signed file. */
bool curve_check_point(const unsigned char bytes[POINT_SIZE], struct reason *why);

#endif
