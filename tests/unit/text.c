#include "text.h"

#include <math.h>
#include <stdlib.h>

#include "tap.h"

static const char *clean(const char *text, size_t n)
{
	static char to[256];

	text_clean(to, text, n);
	return to;
}

static const char *quote(const char *text)
{
	static char to[256];

	text_quote(to, text, strlen(text));
	return to;
}

static const char *element(enum dtype dtype, const void *data)
{
	static char to[TEXT_NUMBER];

	text_element(to, dtype, data, 1);
	return to;
}

static const char *csv(const char *from)
{
	static char to[100];

	return to[text_csv(to, from, strlen(from))] ? NULL : to;
}

static const char *json(const char *from, size_t n)
{
	static char to[100];

	return to[text_json(to, from, n)] ? NULL : to;
}

int main(void)
{
	char to[TEXT_NUMBER];
	int back = 1;

	ok(text_starts("item.bag", "item.") && text_starts("a", "") && !text_starts("it", "item"),
		"how a text starts");
	ok(text_ends("x.spec", ".spec") && text_ends("a", "") && !text_ends("c", "spec"),
		"how it ends");
	text_float(to, 0.1f);
	same(to, "0.1", "the fewest digits of a float");
	text_float(to, 16777216);
	same(to, "16777216", "2^24");
	text_double(to, 0.1);
	same(to, "0.1", "of a double");
	text_float(to, -NAN);
	same(to, "nan", "no number has no sign");
	text_float(to, -INFINITY);
	same(to, "-inf", "infinity has");
	for (int i = -3000; i < 3000; i++) {
		float x = (float)(i * 1e-3 / 7);

		text_float(to, x);
		back = back && strtof(to, NULL) == x;
	}
	ok(back, "every float reads back as itself");
	same(element(U64, (uint64_t[]){ 0, UINT64_MAX }), "18446744073709551615", "u64");
	same(element(I64, (int64_t[]){ 0, INT64_MIN }), "-9223372036854775808", "i64");
	same(element(I8, (int8_t[]){ 0, -128 }), "-128", "i8");
	/* IEEE 754: 1 01111 1000000000 is -1.5; 0 00000 0000000001 is 2^-24; 0 11111 0 is infinity
	 */
	same(element(F16, (uint16_t[]){ 0, 0xBE00 }), "-1.5", "f16");
	same(element(F16, (uint16_t[]){ 0, 1 }), "5.9604645e-08", "the smallest f16");
	same(element(F16, (uint16_t[]){ 0, 0x7C00 }), "inf", "f16 infinity");
	same(element(BF16, (uint16_t[]){ 0, 0x4049 }), "3.140625",
		"bf16, the upper half of an f32");

	same(clean("a\tb\nc\\d", 7), "a\\tb\\nc\\\\d", "tab, newline, backslash");
	same(clean("\033[31m\0x", 7), "\\x1b[31m\\x00x", "escapes and NUL");
	same(clean("\xc3\xa9\xe2\x82\xac", 5), "\xc3\xa9\xe2\x82\xac", "UTF-8 stays");
	same(clean("\xc3", 1), "\\xc3", "half a character");
	same(clean("\xc0\xaf\xed\xa0\x80", 5), "\\xc0\\xaf\\xed\\xa0\\x80", "overlong, surrogate");
	same(clean("\xc2\x9b", 2), "\\xc2\\x9b", "a control of the second set");
	same(clean("\xe2\x80\xae", 3), "\\xe2\\x80\\xae", "a mark that turns the writing");

	same(quote("--dim=16"), "--dim=16", "a harmless word");
	same(quote(""), "''", "an empty word");
	same(quote("a b;$(x)*"), "'a b;$(x)*'", "a shell sees nothing in it");
	same(quote("it's"), "$'it\\'s'", "a quote in it");
	same(quote("a\033b"), "$'a\\x1bb'", "a control character");

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
	return done();
}
