/* text -- fields of CSV and JSON. */
#include "text.h"

#include "tap.h"

static char to[100];

static const char *csv(const char *from)
{
	return to[text_csv(to, from, strlen(from))] ? NULL : to;
}

static const char *json(const char *from, size_t n)
{
	return to[text_json(to, from, n)] ? NULL : to;
}

int main(void)
{
	same(csv("a b"), "a b", "CSV: harmless");
	same(csv(""), "\"\"", "CSV: nothing");
	same(csv("a,b"), "\"a,b\"", "CSV: a separator");
	same(csv("a\"b"), "\"a\"\"b\"", "CSV: a quote");
	same(csv("a\nb"), "\"a\nb\"", "CSV: a line end");
	same(csv(" a"), "\" a\"", "CSV: a space at the end");
	same(json("a\"\\/", 4), "\"a\\\"\\\\/\"", "JSON: quote and backslash");
	same(json("\n\0\x7f", 3), "\"\\u000a\\u0000\\u007f\"", "JSON: control characters");
	same(json("\xc3\xa9\xe2\x80\xae", 5), "\"\xc3\xa9\xe2\x80\xae\"", "JSON: UTF-8 as it is");
	same(json("\xc3", 1), "\"\\ufffd\"", "JSON: half a character");
	same(json("\xff"
		  "a\xed\xa0\x80",
		     5),
		"\"\\ufffda\\ufffd\\ufffd\\ufffd\"", "JSON: none");
	ok(text_clean(to, "\xe2\x80\xae", 3) == 12 && text_clean(to, "\xc2\x85", 2) == 8,
		"what turns the direction of writing is escaped for terminals");
	return done();
}
