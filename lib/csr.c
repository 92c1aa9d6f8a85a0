#include "csr.h"

#include <stdlib.h>

#include "mem.h"

/* at[] counts become offsets; then at[r] is where row r's next entry goes. */
static void offsets(struct csr *m)
{
	for (size_t r = 0; r < m->rows; r++)
		m->at[r + 1] += m->at[r];
	m->id = mem_new(m->at[m->rows], sizeof *m->id);
}

static void shift_back(struct csr *m)
{
	for (size_t r = m->rows; r > 0; r--)
		m->at[r] = m->at[r - 1];
	m->at[0] = 0;
}

struct csr csr_transpose(const struct csr *m, size_t cols)
{
	struct csr t = { .rows = cols, .at = mem_new(cols + 1, sizeof *t.at) };

	for (uint64_t e = 0; e < m->at[m->rows]; e++)
		t.at[m->id[e] + 1]++;
	offsets(&t);
	t.value = m->value ? mem_new(t.at[cols], sizeof *t.value) : NULL;
	for (size_t r = 0; r < m->rows; r++)
		for (uint64_t e = m->at[r]; e < m->at[r + 1]; e++) {
			uint64_t to = t.at[m->id[e]]++;

			t.id[to] = (uint32_t)r;
			if (m->value)
				t.value[to] = m->value[e];
		}
	shift_back(&t);
	return t;
}

static struct csr unsorted(const uint32_t *row, const uint32_t *col, const float *value,
	const uint8_t *keep, size_t n, size_t rows)
{
	struct csr m = { .rows = rows, .at = mem_new(rows + 1, sizeof *m.at) };

	for (size_t e = 0; e < n; e++)
		if (!keep || keep[e])
			m.at[row[e] + 1]++;
	offsets(&m);
	m.value = value ? mem_new(m.at[rows], sizeof *m.value) : NULL;
	for (size_t e = 0; e < n; e++) {
		uint64_t to;

		if (keep && !keep[e])
			continue;
		to = m.at[row[e]]++;
		m.id[to] = col[e];
		if (value)
			m.value[to] = value[e];
	}
	shift_back(&m);
	return m;
}

/* Two stable passes, the less important key first. */
struct csr csr_new(const uint32_t *row, const uint32_t *col, const float *value,
	const uint8_t *keep, size_t n, size_t rows)
{
	uint32_t cols = 0;
	struct csr by_col, m;

	for (size_t e = 0; e < n; e++)
		if ((!keep || keep[e]) && col[e] >= cols)
			cols = col[e] + 1;
	by_col = unsorted(col, row, value, keep, n, cols);
	m = csr_transpose(&by_col, rows);
	csr_free(&by_col);
	return m;
}

void csr_unite(struct csr *m, bool mean)
{
	uint64_t to = 0, e = 0;

	for (size_t r = 0; r < m->rows; r++) {
		uint64_t end = m->at[r + 1];

		while (e < end) {
			uint64_t from = e;
			float sum = 0;

			while (e < end && m->id[e] == m->id[from])
				sum += m->value[e++];
			m->id[to] = m->id[from];
			m->value[to++] = mean ? sum / (float)(e - from) : sum;
		}
		m->at[r + 1] = to;
	}
}

void csr_free(struct csr *m)
{
	free(m->at);
	free(m->id);
	free(m->value);
	*m = (struct csr){ 0 };
}

size_t csr_find(const uint32_t *id, size_t low, size_t high, uint32_t least)
{
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (id[middle] < least)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}
