/* rs-pick -- keep, drop or rename tensors.
 *
 * Reads   any stream
 * Writes  the tensors whose names match a PATTERN and no --drop, their frames byte for byte; with
 *         --repack all of them deflated anew, tables first, rows side by side */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "mem.h"
#include "opt.h"
#include "stream_out.h"
#include "stream_rows.h"

struct pick {
	char *const *pattern; /* to keep; all when there are none */
	size_t patterns;
	struct opt_each drop, rename;
	bool *used; /* of the patterns, then of --drop, then of --rename */
	char has[1024];
};

static bool matches(struct pick *p, const char *name)
{
	bool keep = p->patterns == 0;

	for (size_t i = 0; i < p->patterns; i++)
		if (tensor_match(p->pattern[i], name))
			keep = p->used[i] = true;
	for (size_t i = 0; i < p->drop.n; i++)
		if (tensor_match(p->drop.at[i], name)) {
			p->used[p->patterns + i] = true;
			keep = false;
		}
	return keep;
}

/* OLD=NEW, or OLD*=NEW* for a common beginning. Returns whether name becomes to. */
static bool renamed(const char *rule, const char *name, char to[TENSOR_NAME + 1])
{
	const char *new = strchr(rule, '=') + 1;
	size_t n = (size_t)(new - rule) - 1, m = strlen(new);
	bool star = n && rule[n - 1] == '*';

	n -= star;
	m -= star;
	if (strncmp(rule, name, n) != 0 || (!star && name[n]))
		return false;
	if (m + strlen(name + n) > TENSOR_NAME)
		die_usage("--rename %s: '%s' would get a name of more than %d bytes", rule, name,
			TENSOR_NAME);
	memcpy(to, new, m);
	strcpy(to + m, name + n);
	if (tensor_name_fault(to))
		die_usage("--rename %s: '%s': %s", rule, to, tensor_name_fault(to));
	return true;
}

/* The name of a tensor on its way out; to is where a new one is put. */
static const char *new_name(struct pick *p, const char *name, char to[TENSOR_NAME + 1])
{
	for (size_t i = 0; i < p->rename.n; i++)
		if (renamed(p->rename.at[i], name, to)) {
			p->used[p->patterns + p->drop.n + i] = true;
			return to;
		}
	return name;
}

static void note(struct pick *p, const char *name)
{
	size_t n = strlen(p->has);

	if (n + strlen(name) + 3 < sizeof p->has)
		strcat(strcat(p->has, n ? ", " : ""), name);
}

static void check_rules(const struct pick *p)
{
	for (size_t i = 0; i < p->rename.n; i++) {
		const char *rule = p->rename.at[i], *equal = strchr(rule, '=');

		if (!equal || equal == rule || !equal[1])
			die_usage("--rename %s: expected OLD=NEW", rule);
		if ((equal[-1] == '*') != (rule[strlen(rule) - 1] == '*'))
			die_usage("--rename %s: expected a * at both ends or at none", rule);
	}
}

/* A pattern that met nothing is a slip of the pen. */
static void check_used(const struct pick *p)
{
	for (size_t i = 0; i < p->patterns + p->drop.n + p->rename.n; i++) {
		const char *rule = i < p->patterns ? p->pattern[i]
				   : i < p->patterns + p->drop.n
					   ? p->drop.at[i - p->patterns]
					   : p->rename.at[i - p->patterns - p->drop.n];

		if (!p->used[i])
			die("stdin: no tensor for '%s'; stream has %s", rule,
				*p->has ? p->has : "none");
	}
}

static void forward(struct stream *in, struct stream *out, struct pick *p)
{
	char to[TENSOR_NAME + 1];
	const struct frame *f;

	while ((f = stream_next(in))) {
		const char *name;
		struct frame g;
		uint8_t *bytes;

		if (f->kind == 'T' && f->row_start == 0)
			note(p, f->name);
		if (f->kind == 'T' && !matches(p, f->name))
			continue;
		name = f->kind == 'T' ? new_name(p, f->name, to) : f->name;
		if (name == f->name) {
			stream_forward(out, f);
			continue;
		}
		bytes = mem_grow(NULL, frame_rename_room(f), 1);
		frame_rename(&g, bytes, f, name);
		stream_forward(out, &g);
		free(bytes);
	}
}

static int choose(const char *name, const struct frame *first, void *arg)
{
	struct pick *p = arg;

	note(p, name);
	if (!matches(p, name))
		return STREAM_DROP;
	return frame_readable(first) ? STREAM_KEEP | STREAM_DROP : STREAM_PASS;
}

/* Row columns of equal length are written side by side. */
static void write_rows(struct stream *out, const struct tensors *set)
{
	struct tensor **column = mem_new(set->n, sizeof(struct tensor *));
	bool *done = mem_new(set->n, sizeof *done);

	for (size_t i = 0; i < set->n; i++) {
		size_t n = 0;

		for (size_t j = i; j < set->n; j++) {
			if (done[j] || !tensor_is_row(set->at[j]->name) ||
				tensor_rows(set->at[j]) != tensor_rows(set->at[i]))
				continue;
			done[j] = true;
			column[n++] = set->at[j];
		}
		stream_write_rows(out, column, n);
	}
	free(column);
	free(done);
}

static void repack(struct stream *in, struct stream *out, struct pick *p)
{
	struct tensors set = { 0 };
	char to[TENSOR_NAME + 1];

	stream_load(in, out, choose, p, &set);
	for (size_t i = 0; i < set.n; i++) {
		struct tensor *t = set.at[i];

		if (new_name(p, t->name, to) == to)
			strcpy(t->name, to);
		if (!tensor_is_row(t->name))
			stream_write(out, t);
	}
	write_rows(out, &set);
	tensors_free(&set);
}

int main(int argc, char **argv)
{
	bool anew = false;
	struct pick p = { .patterns = 0 };
	struct stream_options options = { .level = 1 };
	const struct opt opts[] = {
		OPT_EACH('d', "drop", &p.drop, "PATTERN", "leave these out; may be repeated"),
		OPT_EACH('r', "rename", &p.rename, "OLD=NEW",
			"another name, 'model.a.*=model.b.*' for many; may be repeated"),
		OPT_FLAG('p', "repack", &anew,
			"deflate everything anew at --level, rows side by side"),
		OPT_STREAM(&options),
		OPT_END,
	};
	int first = opt_parse(argc, argv, "keep, drop or rename tensors", "[PATTERN...]",
		"  rs-pick 'model.*' < all.rts > models.rts\n"
		"  rs-pick --drop 'soft.*' --repack --level 6 < all.rts > small.rts\n",
		opts);
	struct stream *in, *out;

	p.pattern = argv + first;
	p.patterns = (size_t)(argc - first);
	p.used = mem_new(p.patterns + p.drop.n + p.rename.n, sizeof *p.used);
	check_rules(&p);
	in = stream_in(&options);
	out = stream_out(in, &options, opt_provenance());
	if (anew)
		repack(in, out, &p);
	else
		forward(in, out, &p);
	check_used(&p);
	stream_close(out);
	stream_free(in);
	free(p.used);
	return 0;
}
