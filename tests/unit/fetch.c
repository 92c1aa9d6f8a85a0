/* What is listed for the rows that come next, and that its end is what the rows' input should be.
 */
#include "fetch.h"

#include "tap.h"

enum { WIDE = 20, ROWS = 6 };

static float wide[ROWS * WIDE], narrow[ROWS * 3], x[4 * 48];

/* In training: rows 0 and 1 of the next batch are looked up, rows 1 and 2 of this one read
 * embeddings of two lines each, and their first-order weights. Row 0, at hand, has a rare id. */
static void training(void)
{
	static const uint32_t cat[] = { 7, 8, 9, 6, 5, 4 }, row[] = { 0, 1, 2, 5, 3 };
	const struct net_field field = {
		.kind = NET_CAT, .values = 20000, .entries = 6, .cat = cat
	};
	struct net_shape shape = { .arch = NET_DEEPFM,
		.dim = 32,
		.layers = 1,
		.hidden = { 4 },
		.fields = 1,
		.field = &field };
	struct net *net = net_new(&shape);
	struct fetch fetch = fetch_new(net, true);
	struct ids ids = { .of = (uint32_t[]){ 7, 8, 9 }, .rare = (uint32_t[]){ 0, 1 }, .n = 2 };
	struct fetch_next next = { .row = row,
		.first = 1,
		.n = 2,
		.nows = 1,
		.ids = &ids,
		.later = row + 3,
		.laters = 2,
		.products = 2,
		.x = x };

	fetch_list(&fetch, net, &field, &next);
	ok(fetch.forward.lines == 2 && fetch.line[0] == (const float *)(const void *)(cat + 5) &&
			fetch.line[1] == (const float *)(const void *)(cat + 3),
		"categories of the next batch");
	ok(fetch.back.lines == 10 && fetch.vector[0] == x && fetch.vector[3] == x + net->ldx + 16,
		"where the rows will be");
	ok(fetch.vector[4] == net->table.w + 8 * 32 &&
			fetch.vector[5] == net->table.w + 8 * 32 + 16 &&
			fetch.vector[6] == net->table.linear + 8 &&
			fetch.vector[7] == net->table.w + 9 * 32,
		"and what they read");
	ok(fetch.back.steps == 6, "in two products");
	ids.parted = true;
	fetch_list(&fetch, net, &field, &next);
	ok(fetch.forward.lines == 8 && fetch.line[2] == net->table.m + 7 * 32 &&
			fetch.line[5] == net->table.v + 7 * 32 + 16 &&
			fetch.line[6] == net->table.linear_m + 7 &&
			fetch.line[7] == net->table.linear_v + 7,
		"moments of the rare id, which takes its step");
	fetch_free(&fetch);
	net_free(net);
	shape.rowwise = true;
	net = net_new(&shape);
	fetch = fetch_new(net, true);
	fetch_list(&fetch, net, &field, &next);
	ok(fetch.forward.lines == 4 && fetch.line[2] == net->table.v + 7 &&
			fetch.line[3] == net->table.linear_v + 7,
		"  rowwise has one, and one of the first order");
	fetch_free(&fetch);
	net_free(net);
}

int main(void)
{
	static const uint32_t key[] = { 2, 0, 9, 1 }, row[] = { 5, 3, 1, 0 };
	const struct net_field field[] = {
		{ .kind = NET_NUM, .values = WIDE, .entries = ROWS, .num = wide },
		{ .kind = NET_NUM, .values = 3, .entries = ROWS, .num = narrow },
	};
	struct net_field keyed[] = { field[0], field[1] };
	const bool unread[] = { true, false };
	struct net_shape shape = {
		.arch = NET_MLP, .layers = 1, .hidden = { 4 }, .fields = 2, .field = field
	};
	struct net *net = net_new(&shape);
	struct fetch fetch = fetch_new(net, true);
	struct fetch_next next = { .row = row, .first = 1, .n = 2, .then = 3, .end = 4, .x = x };
	int good = 1;

	for (size_t i = 0; i < ROWS * WIDE; i++)
		wide[i] = (float)i;
	for (size_t j = 0; j < net->numbers; j++) {
		net->mean[j] = 1;
		net->scale[j] = 2;
	}
	ok(fetch_makes(net, 0) && !fetch_makes(net, 1), "numbers are made from 16 on");
	fetch_list(&fetch, net, field, &next);
	ok(fetch.forward.rows == 2 && fetch.row[0].from == wide + 3 * WIDE &&
			fetch.row[1].from == wide + WIDE && fetch.row[1].to == x + net->ldx,
		"wide numbers of rows 1 and 2, which are entries 3 and 1");
	ok(fetch.row[2].from == wide && !fetch.row[3].from,
		"then row 3 is asked for, and no row beyond the end");
	ok(fetch.forward.lines == 2 && fetch.line[0] == narrow + 9 && fetch.forward.steps == 6,
		"a line for each few numbers");
	ok(!fetch_done(&fetch, x + 1), "not those of other rows");
	ok(fetch_done(&fetch, x) && !fetch_done(&fetch, x), "done once");
	for (size_t j = 0; j < WIDE; j++)
		good &= x[j] == (3 * WIDE + (float)j - 1) * 2 &&
			x[net->ldx + j] == (WIDE + (float)j - 1) * 2;
	ok(good && x[WIDE] == 0, "standardised, and nothing beside");
	keyed[0].key = keyed[1].key = key;
	next = (struct fetch_next){ .first = 2, .n = 2, .x = x };
	fetch_list(&fetch, net, keyed, &next);
	ok(fetch.forward.rows == 1 && fetch.row[0].from == wide + WIDE && fetch.forward.lines == 1,
		"row 2 is of nobody: nothing to read");
	ok(x[0] == 0 && x[WIDE - 1] == 0, "and its numbers are 0");
	next.unread = unread;
	fetch_list(&fetch, net, keyed, &next);
	ok(fetch.forward.rows == 0 && fetch.forward.lines == 1, "what nobody reads is not listed");
	next.n = 0;
	fetch_list(&fetch, net, keyed, &next);
	ok(!fetch.forward.steps && !fetch_done(&fetch, x), "no rows, no list");
	fetch_free(&fetch);
	net_free(net);
	training();
	return done();
}
