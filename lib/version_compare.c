/* The order of versions (§2.2.6, §2.2.7). */
#include <string.h>
#include <strings.h>

#include "version.h"

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static bool is_letter(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

/* What a token is, in the order in which different kinds compare (§2.2.7.2 and .4). */
enum token_kind {
	TOKEN_PRERELEASE_WORD, /* letters within the pre-release tail */
	TOKEN_END,	       /* no more tokens */
	TOKEN_NUMBER,
	TOKEN_WORD,
};

struct token {
	enum token_kind kind;
	const char *text;
	size_t length;
	int rank; /* of letters */
};

/* A walk over the tokens of an upstream part. */
struct walk {
	const char *at;
	const char *end;
	bool in_tail;
};

enum { RANK_OTHER = 5 };

/* The rank of a letter token (§2.2.7.2, §9.2), whatever its case. */
static int rank_of(const char *text, size_t length)
{
	static const struct {
		const char *word;
		int rank;
	} known[] = {
		{"dev", 0}, {"alpha", 1}, {"a", 1},  {"beta", 2},
		{"b", 2},   {"pre", 3},	  {"rc", 4},
	};

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (strlen(known[i].word) == length &&
		    strncasecmp(text, known[i].word, length) == 0)
			return known[i].rank;
	return RANK_OTHER;
}

static struct walk walk_start(const struct version *version)
{
	return (struct walk){version->upstream,
			     version->upstream + version->upstream_length, false};
}

static struct token next_number(struct walk *walk)
{
	struct token token = {.kind = TOKEN_NUMBER, .text = walk->at};

	while (walk->at < walk->end && is_digit(*walk->at))
		walk->at++;
	token.length = (size_t)(walk->at - token.text);
	return token;
}

static struct token next_word(struct walk *walk)
{
	struct token token = {.text = walk->at};

	while (walk->at < walk->end && is_letter(*walk->at))
		walk->at++;
	token.length = (size_t)(walk->at - token.text);
	token.rank = rank_of(token.text, token.length);
	if (token.rank < RANK_OTHER)
		walk->in_tail = true;
	token.kind = walk->in_tail ? TOKEN_PRERELEASE_WORD : TOKEN_WORD;
	return token;
}

static struct token next_token(struct walk *walk)
{
	for (; walk->at < walk->end; walk->at++) {
		if (is_digit(*walk->at))
			return next_number(walk);
		if (is_letter(*walk->at))
			return next_word(walk);
		if (*walk->at == '~')
			walk->in_tail = true;
	}
	return (struct token){.kind = TOKEN_END};
}

static bool is_word(const struct token *token)
{
	return token->kind == TOKEN_WORD || token->kind == TOKEN_PRERELEASE_WORD;
}

static int sign(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int compare_words(const struct token *a, const struct token *b)
{
	size_t common = a->length < b->length ? a->length : b->length;
	int order = sign(a->rank, b->rank);

	/* Words of one known rank are aliases (§2.2.7.2). */
	if (order != 0 || a->rank != RANK_OTHER)
		return order;
	order = memcmp(a->text, b->text, common);
	return order != 0 ? sign(order, 0) : sign((int64_t)a->length, (int64_t)b->length);
}

static void skip_zeros(struct token *number)
{
	while (number->length > 0 && number->text[0] == '0') {
		number->text++;
		number->length--;
	}
}

/* Numbers may be of any length, so their digits are compared, not their values. */
static int compare_numbers(struct token a, struct token b)
{
	skip_zeros(&a);
	skip_zeros(&b);
	if (a.length != b.length)
		return sign((int64_t)a.length, (int64_t)b.length);
	return sign(memcmp(a.text, b.text, a.length), 0);
}

static int compare_tokens(const struct token *a, const struct token *b)
{
	if (is_word(a) && is_word(b))
		return compare_words(a, b);
	if (a->kind == TOKEN_NUMBER && b->kind == TOKEN_NUMBER)
		return compare_numbers(*a, *b);
	return sign(a->kind, b->kind);
}

int version_compare_upstream(const struct version *a, const struct version *b)
{
	struct walk walk_a = walk_start(a), walk_b = walk_start(b);

	for (;;) {
		struct token token_a = next_token(&walk_a), token_b = next_token(&walk_b);
		int order = compare_tokens(&token_a, &token_b);

		if (order != 0 || token_a.kind == TOKEN_END)
			return order;
	}
}

int version_compare(const struct version *a, const struct version *b)
{
	int order = sign(a->epoch, b->epoch);

	if (order == 0)
		order = version_compare_upstream(a, b);
	if (order == 0)
		order = sign(a->revision, b->revision);
	return order;
}

bool version_is_prerelease(const struct version *version)
{
	struct walk walk = walk_start(version);
	struct token token;

	do
		token = next_token(&walk);
	while (token.kind != TOKEN_END && !walk.in_tail);
	return token.kind != TOKEN_END;
}
