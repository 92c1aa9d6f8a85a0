#include "mapped.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "mem.h"
#include "model_write.h"
#include "sha256.h"

enum { DIGITS = 16 };

/* ---- words ---- */

/* Of the first n words of a feature; false when it has no vocabulary, or fewer. */
static bool digest_words(
	char text[DIGITS + 1], const struct tensors *set, const char *feature, size_t n)
{
	char name[2 * TENSOR_NAME], all[2 * SHA256_BYTES + 1];
	const struct tensor *at, *letters;
	uint8_t digest[SHA256_BYTES];
	struct sha256 sum;

	snprintf(name, sizeof name, "vocab.%s.at", feature);
	at = tensors_find(set, name);
	snprintf(name, sizeof name, "vocab.%s.text", feature);
	letters = tensors_find(set, name);
	if (!at || at->dtype != U64 || tensor_rows(at) < n + 1 || !letters ||
		letters->dtype != U8 || ((const uint64_t *)at->data)[n] > tensor_rows(letters))
		return false;
	sha256_start(&sum);
	sha256_add(&sum, at->data, (n + 1) * sizeof(uint64_t));
	sha256_add(&sum, letters->data, ((const uint64_t *)at->data)[n]);
	sha256_end(&sum, digest);
	sha256_text(digest, all);
	snprintf(text, DIGITS + 1, "%.*s", DIGITS, all);
	return true;
}

/* ---- writing ---- */

void mapped_note(struct text *spec, const struct tensors *set, const struct traits *traits)
{
	const struct features *f = &traits->f;
	char digest[DIGITS + 1], key[2 * TENSOR_NAME];

	text_add(spec, "content=");
	for (size_t i = 0; i < f->n; i++)
		text_add(spec, "%s%s", i ? "," : "", f->name[i]);
	text_add(spec, "\n");
	for (size_t i = 0; i < f->n; i++) {
		if (f->field[i].kind == NET_NUM ||
			!digest_words(digest, set, f->name[i], f->field[i].values))
			continue;
		snprintf(key, sizeof key, "words.%s", f->name[i]);
		model_note(spec, key, "%s", digest);
	}
}

static struct tensor *add(struct tensors *made, const char *model, const char *part,
	const char *feature, enum dtype dtype, size_t rows, size_t cols)
{
	char full[3 * TENSOR_NAME];
	struct tensor *t;

	snprintf(full, sizeof full, "model.%s.%s%s", model, part, feature);
	if (tensor_name_fault(full))
		die("'%s': %s", full, tensor_name_fault(full));
	t = tensor_new(full, dtype, rows, cols);
	tensors_add(made, t);
	return t;
}

/* The first `cols` of the `width` columns of w. */
static void add_weight(struct tensors *made, const char *model, const char *part, const float *w,
	size_t rows, size_t width, size_t cols)
{
	float *to = add(made, model, part, "", F32, rows, cols)->data;

	for (size_t r = 0; r < rows; r++)
		memcpy(to + r * cols, w + r * width, cols * sizeof *to);
}

static void add_row(
	struct tensors *made, const char *model, const char *part, const float *w, size_t n)
{
	memcpy(add(made, model, part, "", F32, n, 0)->data, w, n * sizeof *w);
}

void mapped_write(struct tensors *made, const char *name, const struct traits *traits,
	const struct content_scale *scale, const struct fill_map *map)
{
	size_t dim = map->dim + 1;

	for (size_t f = 0; f < scale->fields; f++) {
		const struct content_part *p = scale->part + f;
		size_t n = p->n + 2 * (p->kind != NET_NUM);

		memcpy(add(made, name, "content.", traits->f.name[f], F64, n, 0)->data, p->value,
			n * sizeof *p->value);
	}
	add_row(made, name, "map.mean", map->mean, dim);
	if (map->weight)
		add_weight(made, name, "map.weight", map->weight, map->cols, map->width, dim);
	if (map->net) {
		struct mapper_parts p = mapper_parts(map->net);

		add_row(made, name, "map.unit", p.unit, 1);
		add_row(made, name, "map.0.bias", p.b1, p.hidden);
		add_weight(made, name, "map.0.weight", p.w1, p.cols, p.hidden, p.hidden);
		add_row(made, name, "map.1.bias", p.b2, dim);
		add_weight(made, name, "map.1.weight", p.w2, p.hidden, p.width, dim);
	}
}

/* ---- opening ---- */

/* Where a map is read from. */
struct source {
	const struct tensors *set;
	const struct model *model;
};

static const char *line(const struct source *s, const char *key)
{
	const char *value = model_spec(s->model, key);

	if (!value)
		die("stdin: model '%s' has no map from content: its spec lacks '%s'; ridge, mlp "
		    "and dropoutnet of rs-content make one",
			model_name(s->model), key);
	return value;
}

/* Finite, of that type and shape; rows 0: of any length. */
static const struct tensor *part(const struct source *s, const char *name, const char *feature,
	enum dtype dtype, size_t rows, size_t cols)
{
	char full[3 * TENSOR_NAME];
	const struct tensor *t;
	uint64_t n;

	snprintf(full, sizeof full, "model.%s.%s%s", model_name(s->model), name, feature);
	t = tensors_need(s->set, full, dtype, cols ? 2 : 1);
	n = tensor_rows(t) * tensor_cols(t);
	if ((rows && tensor_rows(t) != rows) || (cols && tensor_cols(t) != cols))
		die("stdin: '%s' is %llux%llu, expected %zux%zu", full,
			(unsigned long long)tensor_rows(t), (unsigned long long)tensor_cols(t),
			rows, cols ? cols : 1);
	for (uint64_t i = 0; i < n; i++)
		if (!isfinite(dtype == F64 ? ((const double *)t->data)[i]
					   : (double)((const float *)t->data)[i]))
			die("stdin: '%s' holds a value that is not finite", full);
	return t;
}

/* rows of `cols` into rows of `width`. */
static void take(float *to, size_t width, const struct tensor *t)
{
	size_t cols = t->ndim == 2 ? tensor_cols(t) : tensor_rows(t);
	size_t rows = t->ndim == 2 ? tensor_rows(t) : 1;

	for (size_t r = 0; r < rows; r++)
		memcpy(to + r * width, (const float *)t->data + r * cols, cols * sizeof *to);
}

/* Words are told apart by their numbers, so these must mean what they meant. */
static void check_words(const struct source *s, const char *feature, size_t n)
{
	char key[2 * TENSOR_NAME], digest[DIGITS + 1];
	const char *then;

	snprintf(key, sizeof key, "words.%s", feature);
	then = model_spec(s->model, key);
	if (then && (!digest_words(digest, s->set, feature, n) || strcmp(then, digest) != 0))
		die("stdin: the words of '%s' are not those that model '%s' learned, and more: "
		    "rs-import --vocab keeps them",
			feature, model_name(s->model));
}

/* All features of the map are there, and of whom it is. */
static void check_features(const struct source *s, const char *list, bool of_users)
{
	for (const char *at = list; *at;) {
		size_t n = strcspn(at, ",");
		char name[TENSOR_NAME + 4];

		snprintf(name, sizeof name, "%.*s", (int)(n < TENSOR_NAME ? n : TENSOR_NAME), at);
		if (strncmp(name, of_users ? "user." : "item.", 5) != 0)
			die("stdin: model '%s': '%s' in its spec is no feature of %ss",
				model_name(s->model), name, of_users ? "user" : "item");
		if (!tensors_find(s->set, name) && !tensors_find(s->set, strcat(name, ".at")))
			die("stdin: model '%s' needs '%.*s' ahead of the rows",
				model_name(s->model), (int)n, at);
		at += n + (at[n] == ',');
	}
}

static void open_scale(struct mapped *m, const struct source *s)
{
	const struct features *f = &m->traits.f;
	struct content_scale *scale = &m->scale;

	scale->fields = f->n;
	scale->part = mem_new(f->n, sizeof *scale->part);
	for (size_t i = 0; i < f->n; i++) {
		struct content_part *p = scale->part + i;
		bool words = f->field[i].kind != NET_NUM;
		bool block = !words && f->field[i].values > 1;
		const struct tensor *t =
			part(s, "content.", f->name[i], F64, block ? f->field[i].values : 0, 0);

		if (words && tensor_rows(t) < 2)
			die("stdin: '%s' has %llu rows, expected a word's weight and two more",
				t->name, (unsigned long long)tensor_rows(t));
		p->kind = f->field[i].kind;
		p->n = tensor_rows(t) - 2 * words;
		p->value = mem_new(p->n + 2, sizeof *p->value);
		memcpy(p->value, t->data, tensor_bytes(t));
		for (size_t k = 1; k < p->n && !words && !block; k++)
			if (!(p->value[k - 1] < p->value[k]))
				die("stdin: '%s' does not rise", t->name);
		if (words)
			check_words(s, f->name[i], p->n);
		scale->cols += p->n;
	}
}

static void open_net(struct mapped *m, const struct source *s)
{
	const char *text = line(s, "hidden");
	size_t hidden = (size_t)strtoul(text, NULL, 10), dim = m->map.dim + 1;
	struct mapper_parts p;

	if (hidden < 16 || hidden > MAPPER_WIDTH || hidden % 16)
		die("stdin: model '%s': hidden=%s in its spec", model_name(s->model), text);
	m->map.net = mapper_new(m->map.cols, hidden, m->map.width);
	p = mapper_parts(m->map.net);
	take(p.unit, 1, part(s, "map.unit", "", F32, 1, 0));
	take(p.b1, hidden, part(s, "map.0.bias", "", F32, hidden, 0));
	take(p.w1, hidden, part(s, "map.0.weight", "", F32, p.cols, hidden));
	take(p.b2, p.width, part(s, "map.1.bias", "", F32, dim, 0));
	take(p.w2, p.width, part(s, "map.1.weight", "", F32, hidden, dim));
}

void mapped_open(struct mapped *m, const struct tensors *set, const struct model *model)
{
	static const char *const weight[] = { "none", "tfidf", "bm25" };
	struct source s = { set, model };
	const char *of = line(&s, "of"), *content = line(&s, "content");
	const char *method = line(&s, "method"), *how = line(&s, "weight");

	*m = (struct mapped){ .of_users = strcmp(of, "user") == 0 };
	check_features(&s, content, m->of_users);
	traits_open(&m->traits, set, m->of_users, content);
	while (m->scale.weight < CONTENT_BM25 && strcmp(weight[m->scale.weight], how) != 0)
		m->scale.weight++;
	if (strcmp(weight[m->scale.weight], how) != 0)
		die("stdin: model '%s': weight=%s in its spec", model_name(model), how);
	open_scale(m, &s);
	m->map.dim = model_mf(model)->dim;
	m->map.width = fill_width(m->map.dim);
	m->map.cols = m->scale.cols;
	m->map.mean = mem_new(m->map.width, sizeof *m->map.mean);
	take(m->map.mean, m->map.width, part(&s, "map.mean", "", F32, m->map.dim + 1, 0));
	if (strcmp(method, "ridge") != 0) {
		open_net(m, &s);
		return;
	}
	m->map.weight = mem_new(m->map.cols * m->map.width, sizeof *m->map.weight);
	take(m->map.weight, m->map.width,
		part(&s, "map.weight", "", F32, m->map.cols, m->map.dim + 1));
}

void mapped_free(struct mapped *m)
{
	traits_free(&m->traits);
	content_free(&m->scale);
	fill_map_free(&m->map);
}
