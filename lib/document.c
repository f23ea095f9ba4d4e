#include "document.h"

#include "input.h"

static bool parse(struct document *document, struct reason *why)
{
	if (!json_parse(&document->json, document->text.data, document->text.length, why))
		return false;
	if (json_type(&document->json, 0) == JSON_OBJECT)
		return true;
	json_free(&document->json);
	return refuse(why, "no object");
}

bool document_read(struct document *document, const char *path, size_t limit,
		   struct reason *why)
{
	bool good;

	*document = (struct document){0};
	good = input_document(path, limit, &document->text, why);
	if (good && !parse(document, why))
		good = refuse_in(why, "%s", path != NULL ? path : "standard input");
	if (!good)
		buffer_free(&document->text);
	return good;
}

void document_free(struct document *document)
{
	json_free(&document->json);
	buffer_free(&document->text);
}
