/* ids -- which ids rows have. Owns: the lookup, hiding ids in training, those of a batch by row and
 * sorted, the common ones apart, the steps of some. */
#ifndef IDS_H
#define IDS_H

#include "net.h"

enum { IDS_CHUNK = 144 }; /* most rows that are looked up at once */

/* What training hides: a share of the ids is taken for unknown. */
struct ids_draw {
	uint64_t seed; /* of this epoch */
	size_t first; /* position in the epoch of the first row */
	double unknown; /* the share */
};

/* Whether the field counts as unknown in row i from draw->first on; draw NULL: never. */
bool ids_hidden(const struct ids_draw *draw, size_t field, size_t i);

/* The entry of a column that a row reads, or UINT64_MAX for an unknown user or item. */
static inline uint64_t ids_entry(const struct net_field *f, uint64_t row)
{
	uint64_t e = f->key ? f->key[row] : row;

	return f->key && e >= f->entries ? UINT64_MAX : e;
}

/* Rows of the embedding table for a categorical field of n <= IDS_CHUNK rows: row[i], or first + i
 * when row is NULL. */
void ids_of(const struct net *net, size_t field, const struct net_field *f, const uint32_t *row,
	uint64_t first, size_t n, uint32_t *id, const struct ids_draw *draw);

/* A field's ids in a batch. Ids are rows of the embedding table. */
struct ids {
	/* Row by row. Of a category row r has of[r] (the table's last row: unknown); of a bag or a
	 * cross of[at[r]] .. of[at[r + 1]] with their shares, unknown ones left out. */
	uint32_t *of, *at;
	float *share;
	/* The same by id, then row: n entries without unknown ones. */
	uint32_t *id, *row;
	float *weight; /* of each; NULL but for bags and crosses */
	size_t n;
	/* Of a category instead, where those are set apart that more than one row has: */
	bool parted;
	uint32_t *common; /* these, ascending; number k is that of rows */
	uint32_t *common_at, *common_row; /* common_row[common_at[k]] .. [common_at[k + 1]] */
	uint32_t *rare; /* the n rows with another one, ascending */
	size_t commons;
	/* work space */
	uint32_t *of_row;
	unsigned char *is_rare; /* of each row */
	size_t listed, room, rows;
};

/* Work space of a thread that sorts; zeroed before its first use. */
struct ids_spare {
	uint32_t *id, *row;
	float *weight;
	size_t room;
};

/* Makes `s` (zeroed before its first use) those of field f in the n rows row[0 .. n). Unknown ids
 * are left out of the entries unless they have an embedding. */
void ids_list(struct ids *s, const struct net *net, size_t f, const struct net_field *in,
	const uint32_t *row, size_t n, const struct ids_draw *draw, struct ids_spare *spare);

/* A categorical field's in two steps: room for n rows; then rows first .. first + n - 1 of them, n
 * <= IDS_CHUNK, looked up by whom it suits, and all n sorted. */
void ids_room(struct ids *s, size_t n);
void ids_look(struct ids *s, const struct net *net, size_t f, const struct net_field *in,
	const uint32_t *row, size_t first, size_t n, const struct ids_draw *draw);
void ids_sort(struct ids *s, const struct net *net, size_t f, size_t n, struct ids_spare *spare);

/* Of a sorted category's n rows, the share with an id that another one has too. */
double ids_common(const struct ids *s, size_t n);

/* From now on these are set apart, in the n rows that are sorted already, too; room for `batch`. */
void ids_part(struct ids *s, size_t n, size_t batch);

/* What looking up row r of a categorical field reads first, or NULL: nothing far away. */
static inline const void *ids_line(const struct net_field *f, uint64_t r)
{
	return f->key ? f->key + r : f->cat ? f->cat + r : NULL;
}

/* The same of a cross of the wide part: ids are places in table.linear. */
void ids_list_wide(struct ids *s, const struct net *net, size_t wide, const struct net_field *field,
	const uint32_t *row, size_t n, struct ids_spare *spare);

/* Steps of n ids of field f, each there once, at the field's paces, by gradients g (n, dim) of their
 * embeddings and linear (n) of their first-order weights. */
void ids_step(struct net *net, size_t f, const uint32_t *id, size_t n, const float *g,
	const float *linear, const struct optim_step *how);

void ids_free(struct ids *s);
void ids_spare_free(struct ids_spare *spare);

#endif
