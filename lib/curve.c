#include "curve.h"

#include <gmp.h>
#include <string.h>

/* -x² + y² = 1 + d·x²·y² over the integers modulo p (RFC 8032 §5.1). */
struct curve {
	mpz_t p; /* 2^255 - 19 */
	mpz_t d; /* -121665/121666 */
};

static void curve_init(struct curve *curve)
{
	mpz_init(curve->p);
	mpz_ui_pow_ui(curve->p, 2, 255);
	mpz_sub_ui(curve->p, curve->p, 19);
	mpz_init_set_ui(curve->d, 121666);
	mpz_invert(curve->d, curve->d, curve->p);
	mpz_mul_si(curve->d, curve->d, -121665);
	mpz_mod(curve->d, curve->d, curve->p);
}

static void curve_clear(struct curve *curve)
{
	mpz_clears(curve->p, curve->d, NULL);
}

/* The encoding is y, little-endian, with the sign of x as its top bit. */
static void decode_y(mpz_t y, const unsigned char bytes[POINT_SIZE])
{
	unsigned char without_sign[POINT_SIZE];

	memcpy(without_sign, bytes, POINT_SIZE);
	without_sign[POINT_SIZE - 1] &= 0x7F;
	mpz_import(y, POINT_SIZE, -1, 1, 0, 0, without_sign);
}

/* The eight points whose order divides 8 are those with y = ±1 (order 1 and 2), y = 0
 * (order 4), and, as doubling them gives y = 0, with x² = -y² (order 8), which put into
 * the curve's equation is d·y⁴ + 2y² - 1 = 0. */
static bool has_small_order(const struct curve *curve, const mpz_t y)
{
	mpz_t square, product, term;
	bool small;

	mpz_inits(square, product, term, NULL);
	mpz_mul(square, y, y);
	mpz_sub_ui(product, square, 1);
	mpz_mul(product, product, y);
	mpz_mul(term, curve->d, square);
	mpz_add_ui(term, term, 2);
	mpz_mul(term, term, square);
	mpz_sub_ui(term, term, 1);
	mpz_mul(product, product, term);
	small = mpz_divisible_p(product, curve->p) != 0;
	mpz_clears(square, product, term, NULL);
	return small;
}

/* Whether there is an x: x² = (y² - 1)/(d·y² + 1) is a square if and only if the product
 * of the two is. Neither is zero: -1/d is no square, and y = ±1 is of small order. */
static bool has_x(const struct curve *curve, const mpz_t y)
{
	mpz_t square, product;
	bool is_square;

	mpz_inits(square, product, NULL);
	mpz_mul(square, y, y);
	mpz_mul(product, square, curve->d);
	mpz_add_ui(product, product, 1);
	mpz_sub_ui(square, square, 1);
	mpz_mul(product, product, square);
	is_square = mpz_legendre(product, curve->p) == 1;
	mpz_clears(square, product, NULL);
	return is_square;
}

bool curve_check_point(const unsigned char bytes[POINT_SIZE], struct reason *why)
{
	struct curve curve;
	mpz_t y;
	bool good = false;

	curve_init(&curve);
	mpz_init(y);
	decode_y(y, bytes);
	if (mpz_cmp(y, curve.p) >= 0)
		refuse(why, "a point that is not in its canonical encoding [§5.2.2]");
	else if (has_small_order(&curve, y))
		refuse(why, "a point of small order, which is nobody's key");
	else if (!has_x(&curve, y))
		refuse(why, "bytes that are no point of the curve [§5.2.2]");
	else
		good = true;
	mpz_clear(y);
	curve_clear(&curve);
	return good;
}
