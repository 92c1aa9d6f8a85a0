/* Where weights lie: what is set is got back, in every layout; counts by hand. */
#include "net.h"

#include <stdlib.h>

#include "mem.h"
#include "tap.h"

static struct net_field field[] = {
	{ .kind = NET_CAT, .values = 7 },
	{ .kind = NET_NUM, .values = 3 },
	{ .kind = NET_BAG, .values = 5 },
};

/* Of tables that rowwise trains, moments are one for each row. */
static bool sizes_of_rowwise(struct net_shape shape)
{
	struct net *net, *whole = net_new(&shape);
	bool right = true;

	shape.rowwise = true;
	net = net_new(&shape);
	for (size_t i = 0, n = net_tensors(net); i < n; i++) {
		struct net_tensor t = net_tensor(net, i);
		size_t size = t.rows * (t.cols ? t.cols : 1), moments = net_trained(t) ? size : 0;
		bool table = t.field >= 0 && field[t.field].kind != NET_NUM;

		right &= net_state_size(net, i, NET_WEIGHT) == size &&
			 net_state_size(whole, i, NET_SECOND_MOMENT) == moments &&
			 net_state_size(net, i, NET_FIRST_MOMENT) == (table ? 0 : moments) &&
			 net_state_size(net, i, NET_SECOND_MOMENT) == (table ? t.rows : moments);
	}
	net_free(net);
	net_free(whole);
	return right;
}

/* Sets every weight to numbers of its own, then looks whether they are all there. */
static int round_trip(struct net *net)
{
	int good = 1;

	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0, n = net_tensors(net); i < n; i++) {
			struct net_tensor t = net_tensor(net, i);
			size_t size = t.rows * (t.cols ? t.cols : 1);
			float *x = mem_new(size, sizeof *x), *y = mem_new(size, sizeof *y);

			for (size_t j = 0; j < size; j++)
				x[j] = (float)(i * 1000 + j);
			if (pass == 0)
				net_set(net, i, NET_WEIGHT, x);
			net_get(net, i, NET_WEIGHT, y);
			good &= memcmp(x, y, size * sizeof *x) == 0;
			if (net_view(net, i, NET_WEIGHT))
				good &= memcmp(x, net_view(net, i, NET_WEIGHT), size * sizeof *x) ==
					0;
			else
				good &= t.layer >= 0;
			free(x);
			free(y);
		}
	return good;
}

/* Whether all that can be set are the same, and as set. */
static bool same_paces(const struct net *a, const struct net *b)
{
	size_t fields = a->shape.fields;
	bool same = memcmp(a->embedding_pace, b->embedding_pace, fields * sizeof(float)) == 0 &&
		    memcmp(a->linear_pace, b->linear_pace, fields * sizeof(float)) == 0;

	for (size_t l = 0; l < a->layers; l++)
		same &= a->layer[l].weights.pace == b->layer[l].weights.pace &&
			a->layer[l].bias_pace == b->layer[l].bias_pace;
	for (size_t l = 0; l < a->shape.crosses; l++)
		same &= a->cross[l].weights.pace == b->cross[l].weights.pace;
	return same && a->output.pace == b->output.pace &&
	       a->cross_output.pace == b->cross_output.pace && a->bias.pace == 0.25F &&
	       b->bias.pace == 0.25F && a->embedding_pace[0] == (a->has->embeddings ? 0.5F : 0);
}

/* A copy has all of it, and is its own. */
static bool copies(struct net *net)
{
	size_t last = net_tensors(net) - 1;
	struct net *copy;
	bool same;

	for (size_t i = 0; i <= last; i++)
		net_pace(net, i, 0.25F + 0.125F * (float)i);
	for (size_t i = 0; i <= last; i++)
		if (net_tensor(net, i).field == 0 && strcmp(net_tensor(net, i).part, "embedding") == 0)
			net_pace(net, i, 0.5F);
	net->clock.b1 = 0.75;
	copy = net_copy(net);
	same = memcmp(copy->block, net->block,
		       (net->size[0] + net->size[1] + net->size[2]) * sizeof(float)) == 0;
	same &= memcmp(copy->mean, net->mean, net->numbers * sizeof(float)) == 0;
	same &= same_paces(net, copy) && copy->clock.b1 == 0.75;
	same &= net_tensors(copy) == last + 1;
	net_set(net, 0, NET_WEIGHT, &(float){ 77 });
	same &= *net_view(copy, 0, NET_WEIGHT) != 77;
	net_free(copy);
	return same;
}

int main(void)
{
	/* first order 7 + 3 + 5, embeddings (7 + 5) x 4, numbers' vectors 3 x 4, MLP of 2 x 4 + 3
	 * inputs: 11 x 33 + 33, 33 x 2 + 2, output 2, bias 1 */
	static const size_t first = 15, wide = 48, vectors = 12, mlp = 396 + 68 + 2,
			    crosses = 2 * (11 * 11 + 11) + 11;
	static const size_t want[] = { 1 + first, 1 + first + wide + vectors, 1 + wide + mlp,
		1 + first + wide + mlp, 1 + first + wide + vectors + mlp, 1 + wide + crosses + mlp,
		/* towers: users' 8 + 3 inputs x 33, items' none but the bias */
		1 + wide + 2 * (33 + 68) + 11 * 33 };
	char what[80];

	for (int arch = 0; arch < NET_ARCHS; arch++) {
		struct net_shape shape = { .arch = (enum net_arch)arch,
			.dim = 4,
			.layers = 2,
			.crosses = 2,
			.hidden = { 33, 2 },
			.fields = 3,
			.field = field };
		struct net *net = net_new(&shape);
		float *kept = mem_new(net_size(net), sizeof *kept);

		snprintf(what, sizeof what, "%s: every weight has a place of its own",
			arch_of(shape.arch)->name);
		ok(round_trip(net), what);
		ok(net_parameters(net) == want[arch], "  and the count is right");
		near(net_weights(&shape), (double)want[arch], 0,
			"  known before there was memory for it");
		net_save(net, kept);
		net_set(net, 0, NET_WEIGHT, &(float){ -1 });
		net_swap(net, kept);
		ok(*net_view(net, 0, NET_WEIGHT) == 0 && round_trip(net), "  saved and restored");
		net_swap(net, kept);
		ok(*net_view(net, 0, NET_WEIGHT) == -1, "  for what was there since");
		ok(copies(net), "  a copy is its own");
		ok(sizes_of_rowwise(shape), "  rowwise: one second moment a row, no first");
		free(kept);
		net_free(net);
	}
	return done();
}
