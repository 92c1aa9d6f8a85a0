#include "samples.h"

#include <stdlib.h>
#include <string.h>

#include "corrected.h"
#include "mem.h"
#include "rank.h"

enum { WIDTH = SAMPLES_CUTOFFS * SAMPLES_VALUES };

struct share {
	size_t negatives; /* 0: the user does not count */
	double auc, value[WIDTH], corrected[WIDTH];
};

static size_t count_negatives(
	const struct metrics_rows *rows, const struct group *users, size_t u, float relevant)
{
	size_t n = 0, all = users->start[u + 1] - users->start[u];

	for (size_t i = users->start[u]; i < users->start[u + 1]; i++)
		n += !(rows->label[users->row[i]] >= relevant);
	return n < all ? n : 0;
}

/* Which n there are; returns how many, more than SAMPLES_SIZES if there are more. */
static size_t find_sizes(size_t size[SAMPLES_SIZES], const struct metrics_rows *rows,
	const struct group *users, float relevant)
{
	size_t sizes = 0;

	for (size_t u = 0; u < users->ids; u++) {
		size_t n = count_negatives(rows, users, u, relevant), i = 0;

		while (i < sizes && size[i] != n)
			i++;
		if (!n || i < sizes)
			continue;
		if (sizes == SAMPLES_SIZES)
			return SAMPLES_SIZES + 1;
		size[sizes++] = n;
	}
	return sizes;
}

const char *samples_fault(
	const struct metrics_rows *rows, const struct group *users, float relevant)
{
	size_t size[SAMPLES_SIZES], sizes = find_sizes(size, rows, users, relevant);

	if (sizes > SAMPLES_SIZES)
		return "users have more than 64 different numbers of sampled items";
	for (size_t i = 0; i < sizes; i++)
		if (size[i] > CORRECTED_NEGATIVES)
			return "a user has more than 1000 sampled items";
	return NULL;
}

/* f(R) of the three values at every cutoff, R <= the last cutoff. */
static void make_values(double *f, const double *discount, const size_t *k, size_t ks)
{
	for (size_t r = 0; r < k[ks - 1]; r++)
		for (size_t c = 0; c < ks; c++) {
			double *at = f + r * ks * SAMPLES_VALUES + c * SAMPLES_VALUES;

			at[SAMPLES_HR] = r < k[c];
			at[SAMPLES_NDCG] = r < k[c] ? discount[r] : 0;
			at[SAMPLES_MRR] = r < k[c] ? 1 / (double)(r + 1) : 0;
		}
}

struct way {
	const struct metrics_rows *rows;
	float relevant;
	size_t width, most; /* values, the last cutoff */
	const double *f;
};

/* g: the corrected values of a rank among so many. */
static void measure_user(
	struct share *s, const struct way *w, const uint32_t *row, size_t n, const double *g)
{
	size_t relevant = 0;

	for (size_t i = 0; i < n; i++) {
		size_t ahead = 0;

		if (!(w->rows->label[row[i]] >= w->relevant))
			continue;
		relevant++;
		for (size_t j = 0; j < n; j++) {
			float a = w->rows->score[row[j]], b = w->rows->score[row[i]];

			ahead += !(w->rows->label[row[j]] >= w->relevant) &&
				 (a > b || (a == b && j < i));
		}
		s->auc += 1 - (double)ahead / (double)s->negatives;
		for (size_t v = 0; v < w->width; v++) {
			s->value[v] += ahead < w->most ? w->f[ahead * w->width + v] : 0;
			s->corrected[v] += g[ahead * w->width + v];
		}
	}
	s->auc /= (double)relevant;
	for (size_t v = 0; v < w->width; v++) {
		s->value[v] /= (double)relevant;
		s->corrected[v] /= (double)relevant;
	}
}

static void add_share(struct samples *s, const struct share *share, size_t width)
{
	s->users++;
	s->least = share->negatives < s->least || s->users == 1 ? share->negatives : s->least;
	s->most = share->negatives > s->most ? share->negatives : s->most;
	s->auc += share->auc;
	for (size_t v = 0; v < width; v++) {
		s->value[v / SAMPLES_VALUES][v % SAMPLES_VALUES] += share->value[v];
		s->corrected[v / SAMPLES_VALUES][v % SAMPLES_VALUES] += share->corrected[v];
	}
}

void samples_measure(struct samples *s, const struct metrics_rows *rows, const struct group *users,
	float relevant, size_t items, const size_t *k, size_t ks, double gamma)
{
	size_t size[SAMPLES_SIZES], sizes = find_sizes(size, rows, users, relevant);
	size_t width = ks * SAMPLES_VALUES, most = k[ks - 1];
	double *discount = mem_new(most, sizeof *discount), *f = mem_new(most * width, sizeof *f);
	struct share *share = mem_new(users->ids, sizeof *share);
	struct way way = { rows, relevant, width, most, f };

	*s = (struct samples){ 0 };
	rank_discounts(discount, most);
	make_values(f, discount, k, ks);
#pragma omp parallel for schedule(dynamic)
	for (size_t i = 0; i < sizes; i++) {
		double *g = mem_new((size[i] + 1) * width, sizeof *g);

		corrected_weights(g, size[i], items, f, most < items ? most : items, width, gamma);
		for (size_t u = 0; u < users->ids; u++) {
			size_t n = count_negatives(rows, users, u, relevant);

			if (n != size[i])
				continue;
			share[u].negatives = n;
			measure_user(&share[u], &way, users->row + users->start[u],
				users->start[u + 1] - users->start[u], g);
		}
		free(g);
	}
	for (size_t u = 0; u < users->ids; u++)
		if (share[u].negatives)
			add_share(s, &share[u], width);
	s->auc /= (double)s->users;
	for (size_t v = 0; v < width; v++) {
		s->value[v / SAMPLES_VALUES][v % SAMPLES_VALUES] /= (double)s->users;
		s->corrected[v / SAMPLES_VALUES][v % SAMPLES_VALUES] /= (double)s->users;
	}
	free(share);
	free(discount);
	free(f);
}
