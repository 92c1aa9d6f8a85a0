/* What is written comes back; the digest sees every column. */
#include "resume.h"

#include <stdlib.h>

#include "model_write.h"
#include "tap.h"

static void round_trip(void)
{
	float a[3] = { 1, 0.1F, -3 }, b[2] = { 7, 1e-30F }, x[3], y[2];
	const struct mf_state out[] = { { "rows", a, 3 }, { "columns", b, 2 } };
	const struct mf_state in[] = { { "rows", x, 3 }, { "columns", y, 2 } };
	struct resume at = { 12, 9, 0.1 + 0.2, 0xdeadbeef }, got;
	struct text spec = { 0 }, want = { 0 };
	struct mf mf = { 1, 1, 0, 3, 1, 5, a, a, NULL, NULL };
	struct tensors set = { 0 };

	model_note(&spec, "rate", "0.5");
	model_note(&spec, "seed", "1");
	model_from_mf(&set, "m", &spec, mf_copy(&mf));
	resume_write(&set, "m", &at, out, 2);
	model_note(&want, "seed", "1");
	got = resume_read(&set, "m", &want, 0xdeadbeef, in, 2);
	ok(got.epochs == 12 && got.best == 9 && got.least == 0.1 + 0.2, "numbers, to the last bit");
	ok(memcmp(a, x, sizeof a) == 0 && memcmp(b, y, sizeof b) == 0, "arrays");
	free(want.at);
	tensors_free(&set);
}

static void digest(void)
{
	uint32_t u[] = { 1, 2 }, i[] = { 3, 4 };
	float y[] = { 1, 0 }, w[] = { 1, 1 };
	uint8_t p[] = { 0, 1 };
	struct mf_rows rows = { u, i, y, NULL, NULL, 2, 3, 5 };
	uint32_t crc[6] = { resume_digest(&rows) };

	rows.weight = w;
	crc[1] = resume_digest(&rows);
	rows.part = p;
	crc[2] = resume_digest(&rows);
	p[0] = 1;
	crc[3] = resume_digest(&rows);
	y[1] = 2;
	crc[4] = resume_digest(&rows);
	i[0] = 4;
	crc[5] = resume_digest(&rows);
	for (int a = 0; a < 6; a++)
		for (int b = a + 1; b < 6; b++)
			ok(crc[a] != crc[b], "another column, another digest");
}

/* Another value of whatever a feature is, is seen. */
static void features(void)
{
	uint32_t key[] = { 0, 2, 0 }, cat[] = { 0, 1, 6 }, id[] = { 0, 4 };
	uint64_t at[] = { 0, 1, 2 };
	float num[] = { 1, 2, 3, 4, 5, 6 }, weight[] = { 1, 1 };
	struct net_field field[] = {
		{ .kind = NET_CAT, .values = 7, .key = key, .cat = cat, .entries = 3 },
		{ .kind = NET_BAG, .values = 5, .at = at, .id = id, .weight = weight, .entries = 2 },
		{ .kind = NET_NUM, .values = 2, .num = num, .entries = 3 },
	};
	struct features f = { .n = 3, .field = field };
	void *last[] = { key + 2, cat + 2, at + 1, id + 1, num + 5, weight + 1 };
	uint32_t whole = resume_features(7, &f, 3);

	ok(whole != resume_features(8, &f, 3), "goes on from another digest");
	for (size_t i = 0; i < sizeof last / sizeof *last; i++) {
		*(uint8_t *)last[i] ^= 1;
		ok(resume_features(7, &f, 3) != whole, "another value, another digest");
		*(uint8_t *)last[i] ^= 1;
	}
	ok(resume_features(7, &f, 3) == whole, "the same again");
}

int main(void)
{
	round_trip();
	digest();
	features();
	return done();
}
