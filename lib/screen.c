#include "screen.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

enum { LEVELS = 127, SHIFT = 128, EXTRA = 8, LINE = 16 };

struct screen {
	const struct mf *mf;
	struct sieve sieve; /* of all items */
	uint8_t *panel;
	float *scale, *bias, *error, *norm;
	bool *drawn; /* items that have a factor other than 0 */
	double longest, most; /* |q'| + |q - q'| of any item, |c| of any item */
};

bool screen_works(void)
{
#if defined(__x86_64__)
	return simd_level() == SIMD_V4 && __builtin_cpu_supports("avx512vnni");
#else
	return false;
#endif
}

static const double tiny = 1e-36; /* more than products below the smallest normal float lose */

/* The largest float that is not above x, by a hair too low; the same upwards. */
static float below(double x)
{
	return nextafterf((float)x, -INFINITY);
}

static float over(double x)
{
	return nextafterf((float)x, INFINITY);
}

/* A vector as bytes: its unit, the length of what is lost, of what stays, and of all. */
struct bytes {
	float unit;
	double lost, kept, length;
};

static void round_vector(struct bytes *b, int8_t *byte, const float *x, size_t n)
{
	float most = 0;
	double lost = 0, kept = 0, length = 0;

	for (size_t k = 0; k < n; k++)
		most = fabsf(x[k]) > most ? fabsf(x[k]) : most;
	b->unit = most / LEVELS;
	for (size_t k = 0; k < n; k++) {
		double q = b->unit > 0 ? rint((double)x[k] / (double)b->unit) : 0, d;

		q = q > LEVELS ? LEVELS : q < -LEVELS ? -LEVELS : q;
		d = (double)x[k] - q * (double)b->unit;
		byte[k] = (int8_t)q;
		lost += d * d;
		kept += q * q * (double)b->unit * (double)b->unit;
		length += (double)x[k] * (double)x[k];
	}
	b->lost = sqrt(lost);
	b->kept = sqrt(kept);
	b->length = sqrt(length);
}

static void pack_panel(struct screen *s, size_t p)
{
	const struct mf *mf = s->mf;
	size_t quads = s->sieve.quads;
	uint8_t *panel = s->panel + p * quads * SIEVE_PANEL * 4;
	int8_t *byte = mem_new(mf->dim, 1);
	double error = 0, norm = 0;

	memset(panel, SHIFT, quads * SIEVE_PANEL * 4);
	for (size_t j = 0; j < SIEVE_PANEL; j++) {
		size_t i = p * SIEVE_PANEL + j;
		struct bytes b;

		if (i >= mf->items)
			break;
		round_vector(&b, byte, mf->item_factors + i * mf->dim, mf->dim);
		for (size_t k = 0; k < mf->dim; k++)
			panel[(k / 4 * SIEVE_PANEL + j) * 4 + k % 4] = (uint8_t)(byte[k] + SHIFT);
		s->scale[i] = b.unit;
		s->bias[i] = mf->item_bias[i];
		s->drawn[i] = b.length > 0;
		error = fmax(error, b.lost);
		norm = fmax(norm, b.kept);
	}
	s->error[p] = over(error);
	s->norm[p] = over(norm);
	free(byte);
}

struct screen *screen_new(const struct mf *mf, size_t items)
{
	struct screen *s = mem_new(1, sizeof *s);
	size_t panels = (items + SIEVE_PANEL - 1) / SIEVE_PANEL, quads = (mf->dim + 3) / 4;

	s->mf = mf;
	s->panel = mem_new(panels * quads, SIEVE_PANEL * 4);
	s->scale = mem_new(panels * SIEVE_PANEL, sizeof *s->scale);
	s->bias = mem_new(panels * SIEVE_PANEL, sizeof *s->bias);
	s->drawn = mem_new(panels * SIEVE_PANEL, sizeof *s->drawn);
	s->error = mem_new(panels, sizeof *s->error);
	s->norm = mem_new(panels, sizeof *s->norm);
	s->sieve = (struct sieve){ s->panel, s->scale, s->bias, s->error, s->norm, quads, panels };
#pragma omp parallel for schedule(static)
	for (size_t p = 0; p < panels; p++)
		pack_panel(s, p);
	for (size_t p = 0; p < panels; p++)
		s->longest = fmax(s->longest, (double)s->error[p] + (double)s->norm[p]);
	for (size_t i = 0; i < mf->items && i < items; i++)
		s->most = fmax(s->most, fabs((double)mf->item_bias[i]));
	return s;
}

void screen_free(struct screen *s)
{
	if (!s)
		return;
	free(s->panel);
	free(s->scale);
	free(s->bias);
	free(s->drawn);
	free(s->error);
	free(s->norm);
	free(s);
}

/* ---- users ---- */

struct screen_seats {
	const struct screen *screen;
	int32_t *bytes, offset[SIEVE_USERS];
	float scale[SIEVE_USERS], room[SIEVE_USERS], norm[SIEVE_USERS], error[SIEVE_USERS];
	float base[SIEVE_USERS];
	double slack[SIEVE_USERS];
	bool level[SIEVE_USERS]; /* who has no factor, nor any item a bias: the base is the score */
	const float *factors[SIEVE_USERS];
	float *none; /* factors of those that the model does not know */
	size_t n;
};

/* Rounding: a chain of dim + 2 floats is off by at most dim + 2 halves of the last bit of the sum
 * of the sizes of its terms; the sieve's few operations, and doubles here, by less than eight more.
 */
static void seat(struct screen_seats *to, size_t u, uint32_t id)
{
	const struct screen *s = to->screen;
	const struct mf *mf = s->mf;
	bool known = id < mf->users;
	int8_t *byte = mem_new(s->sieve.quads, 4);
	struct bytes b;
	int sum = 0;

	to->factors[u] = known ? mf->user_factors + (size_t)id * mf->dim : to->none;
	to->base[u] = mf->mean + (known ? mf->user_bias[id] : 0);
	round_vector(&b, byte, to->factors[u], mf->dim);
	for (size_t k = 0; k < mf->dim; k++)
		sum += byte[k];
	for (size_t q = 0; q < s->sieve.quads; q++)
		memcpy(&to->bytes[q * SIEVE_USERS + u], byte + 4 * q, 4);
	to->offset[u] = SHIFT * sum;
	to->scale[u] = b.unit;
	to->norm[u] = over(b.length);
	to->error[u] = over(b.lost);
	to->level[u] = !(b.length > 0) && !(s->most > 0);
	to->slack[u] = tiny + (double)(mf->dim + 2 + EXTRA) * 0x1p-23 *
				      ((b.length + b.lost) * s->longest + s->most +
					      fabs((double)to->base[u]));
	free(byte);
}

struct screen_seats *screen_seat(const struct screen *s, const uint32_t *user, size_t n)
{
	struct screen_seats *seats = mem_new(1, sizeof *seats);

	seats->screen = s;
	seats->bytes = mem_new(s->sieve.quads * SIEVE_USERS, sizeof *seats->bytes);
	seats->none = mem_new(s->mf->dim, sizeof *seats->none);
	seats->n = n;
	for (size_t u = 0; u < n; u++)
		seat(seats, u, user[u]);
	return seats;
}

void screen_leave(struct screen_seats *seats)
{
	free(seats->bytes);
	free(seats->none);
	free(seats);
}

/* Pairs of items that there are; their numbers begin with `first` then. An item without factors is
 * worth its bias and the base, exactly, so ties of many of them cost no more than this. */
static size_t within_count(struct screen_found *f, const struct screen_seats *by,
	const float *least, size_t first, size_t count)
{
	const struct screen *s = by->screen;
	size_t kept = 0;

	for (size_t i = 0; i < f->n; i++) {
		size_t item = f->pair[i].item + first;
		uint32_t user = f->pair[i].user;

		if (f->pair[i].item < count &&
			(s->drawn[item] || s->bias[item] + by->base[user] > least[user]))
			f->pair[kept++] = (struct sieve_pair){ user, (uint32_t)item };
	}
	return kept;
}

/* Asks for the factors of a few pairs ahead of their use: they lie all over memory. */
static void fetch(const struct mf *mf, const struct sieve_pair *pair, size_t n)
{
	for (size_t j = 0; j < n; j++)
		for (size_t k = 0; k < mf->dim && pair[j].item < mf->items; k += LINE)
			__builtin_prefetch(mf->item_factors + (size_t)pair[j].item * mf->dim + k);
}

/* Exact scores of all pairs; those above least stay. */
static void keep_above(struct screen_found *f, const struct screen_seats *by, const float *least)
{
	const struct mf *mf = by->screen->mf;
	size_t kept = 0;

	for (size_t i = 0; i < f->n; i += SIEVE_SIDE) {
		float exact[SIEVE_SIDE], bias[SIEVE_SIDE], base[SIEVE_SIDE];
		const float *p[SIEVE_SIDE], *q[SIEVE_SIDE];
		size_t m = f->n - i < SIEVE_SIDE ? f->n - i : SIEVE_SIDE;
		size_t ahead = f->n - i - m;

		fetch(mf, f->pair + i + m, ahead < SIEVE_SIDE ? ahead : SIEVE_SIDE);

		for (size_t j = 0; j < SIEVE_SIDE; j++) {
			struct sieve_pair at = f->pair[j < m ? i + j : i];
			bool known = at.item < mf->items;

			p[j] = by->factors[at.user];
			base[j] = by->base[at.user];
			q[j] = known ? mf->item_factors + (size_t)at.item * mf->dim : by->none;
			bias[j] = known ? mf->item_bias[at.item] : 0;
		}
		SIMD_CALL(sieve_scores, exact, p, q, bias, base, mf->dim);
		for (size_t j = 0; j < m; j++)
			if (exact[j] > least[f->pair[i + j].user]) {
				f->pair[kept] = f->pair[i + j];
				f->score[kept++] = exact[j];
			}
	}
	f->n = kept;
}

void screen_above(struct screen_found *found, struct screen_seats *seats, const float *least,
	size_t first, size_t count)
{
	size_t from = first / SIEVE_PANEL;
	struct sieve_users users = { seats->bytes, seats->offset, seats->scale, seats->room,
		seats->norm, seats->error, seats->n };
	struct sieve part = seats->screen->sieve;

	part.panel += from * part.quads * SIEVE_PANEL * 4;
	part.scale += from * SIEVE_PANEL;
	part.bias += from * SIEVE_PANEL;
	part.error += from;
	part.norm += from;
	part.panels = (count + SIEVE_PANEL - 1) / SIEVE_PANEL;
	for (size_t u = 0; u < seats->n; u++)
		seats->room[u] = seats->level[u] && !(seats->base[u] > least[u]) ?
			INFINITY :
			below((double)least[u] - (double)seats->base[u] - seats->slack[u]);
	found->n = SIMD_CALL(sieve_pairs, found->pair, &part, &users);
	found->n = within_count(found, seats, least, first, count);
	keep_above(found, seats, least);
}
