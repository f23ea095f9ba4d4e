#include "json_scan.h"

#include "json_plain.h"

/* Where the string goes on: behind its closing quote, or at the end of the bytes. */
static const char *pass_string(struct json_scan *scan, const char *at, const char *end)
{
	for (;; at++) {
		if (!scan->escaped)
			at = json_pass_plain(at, end);
		if (at == end)
			return at;
		if (!scan->escaped && *at == '"') {
			scan->in_string = false;
			return at + 1;
		}
		scan->escaped = !scan->escaped && *at == '\\';
	}
}

static void open_container(struct json_scan *scan, bool is_object)
{
	scan->objects = scan->objects << 1 | is_object;
	scan->depth++;
	if (scan->depth > scan->deepest)
		scan->deepest = scan->depth;
}

static void close_container(struct json_scan *scan, bool is_object)
{
	scan->mismatched |= (scan->objects & 1) != is_object;
	scan->objects >>= 1;
	scan->depth--;
}

size_t json_scan(struct json_scan *scan, const char *bytes, size_t count)
{
	const char *at = bytes, *end = bytes + count;

	while (at < end && !scan->ended) {
		bool closes = false;

		if (scan->in_string) {
			at = pass_string(scan, at, end);
			closes = !scan->in_string && scan->depth == 0;
		} else if (*at == '"') {
			scan->in_string = true;
			at++;
		} else {
			if (*at == '{' || *at == '[') {
				open_container(scan, *at == '{');
			} else if (*at == '}' || *at == ']') {
				close_container(scan, *at == '}');
				closes = scan->depth == 0;
			}
			at++;
		}
		scan->ended = closes;
	}
	return (size_t)(at - bytes);
}
