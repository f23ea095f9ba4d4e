/* An envelope that parses says the same when it is written again. */
#include "envelope.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct envelope envelope, again;
	struct buffer out = {0};
	struct reason why;

	if (!envelope_parse(&envelope, (const char *)data, size, &why))
		return 0;
	envelope_put(&out, &envelope);
	must(envelope_parse(&again, out.data, out.length, &why));
	must(strcmp(envelope.fingerprint, again.fingerprint) == 0 &&
	     memcmp(envelope.signature, again.signature, SIGNATURE_SIZE) == 0);
	buffer_free(&out);
	return 0;
}
