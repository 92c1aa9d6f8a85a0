/* stops: places of separators and line ends as a loop over the bytes finds them, on every set. */
#include "stops.h"

#include <assert.h>

#include "levels.h"
#include "rng.h"
#include "tap.h"

enum { N = 3000 };

static char text[N + 1];

/* Bytes of which some are of each kind that matters; seed decides which kinds. */
static size_t make_text(uint64_t seed)
{
	static const char kinds[] = "a,\n \t\"\r\0";
	size_t n = 2 + rng_below(N - 2, seed, RNG_MAKE, N);

	for (size_t i = 0; i < n; i++) {
		size_t kind = rng_below(3 + seed % 6, seed, RNG_MAKE, i);

		text[i] = rng_below(3, seed, RNG_MAKE, N + 1 + i) ? 'x' : kinds[kind];
	}
	assert(n >= 1 && n <= N);
	text[n - 1] = '\n';
	return n;
}

static bool good(int l, uint64_t seed)
{
	void (*find[])(struct stops *) = LEVELS(stops_find);
	static uint32_t stop[N + STOPS_SLACK];
	struct stops s = {
		.text = text, .n = make_text(seed), .separator = ',', .quote = '"', .stop = stop
	};
	size_t found = 0, lines = 0;
	bool odd = false, crlf = false, blank = false, same = true;

	while (s.at < s.n) {
		s.room = s.found + 10; /* a few at a time */
		find[l](&s);
	}
	for (size_t i = 0; i < s.n; i++) {
		char c = text[i];

		lines += c == '\n';
		odd |= c == '"' || c == 0 || (c == '\r' && text[i + 1] != '\n');
		crlf |= c == '\r';
		blank |= c == ' ' || c == '\t';
		if (c == ',' || c == '\n')
			same = same && stop[found++] == i;
	}
	return same && found == s.found && lines == s.lines && odd == s.odd && crlf == s.crlf &&
	       blank == s.blank;
}

int main(void)
{
	for (int l = 0; l < levels(); l++) {
		bool all = true;

		for (uint64_t seed = 0; seed < 600; seed++)
			all = all && good(l, seed);
		ok(all, "600 texts");
	}
	return done();
}
