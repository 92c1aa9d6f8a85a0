#include "sha256.h"

#include "tap.h"

static const char *of(const void *data, size_t n, size_t piece)
{
	static char text[2 * SHA256_BYTES + 1];
	uint8_t digest[SHA256_BYTES];
	struct sha256 s;

	sha256_start(&s);
	for (size_t at = 0; at < n; at += piece)
		sha256_add(&s, (const char *)data + at, n - at < piece ? n - at : piece);
	sha256_end(&s, digest);
	sha256_text(digest, text);
	return text;
}

int main(void)
{
	static char a[1000000];
	const char *two = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
	const char *million = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

	/* FIPS 180-4, its examples */
	same(of("", 0, 1), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"empty");
	same(of("abc", 3, 3), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
		"abc");
	same(of(two, 56, 56), "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
		"two blocks");
	memset(a, 'a', sizeof a);
	same(of(a, sizeof a, sizeof a), million, "a million a");
	same(of(a, sizeof a, 1), million, "byte by byte");
	same(of(a, sizeof a, 63), million, "in pieces of 63");
	same(of(a, sizeof a, 65), million, "in pieces of 65");
	return done();
}
