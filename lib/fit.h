/* fit -- the training of a network. Owns: an epoch, its batches, and which
 * thread does what of a step. */
#ifndef FIT_H
#define FIT_H

#include "backward.h"
#include "loss.h"
#include "mimic.h"
#include "net.h"
#include "objective.h"
#include "schedule.h"

/* What an epoch leaves to the next one of the same network, which would else touch it anew; {0}
 * before the first. Losses over pairs and of representations go without. */
struct fit_room {
	size_t rows;
	struct forward_rows forward;
	struct backward_rows backward;
	float *value, *slope;
};
void fit_room_free(const struct net *net, struct fit_room *room);

struct fit {
	uint64_t seed;
	size_t batch; /* rows a step */
	struct optim optim;
	double rate; /* learning rate, */
	struct schedule schedule; /* and how it changes */
	double l2; /* of embeddings and first-order weights */
	double l2_layers; /* of the weights of layers; biases have none */
	double clip_norm; /* the most that the norm of all gradients together may be; 0: any */
	double dropout; /* share of hidden units dropped, < 1 */
	double unknown; /* share of ids taken for unknown, < 1; the network has embeddings of those
			 */
	struct loss loss;
	const float *label; /* label[row] */
	const float *teacher; /* the teacher's output for the row; NULL: none */
	const float *trust; /* in it, 0 .. 1; NULL: 1 */
	const float *weight; /* of a row's loss; NULL: 1 */
	/* Or NULL: trains on its pairs instead, loss and slopes divided by the pairs of a batch, of
	 * a sum by those that are joined. A field's entries are users', or items' where it says so.
	 */
	const struct objective *objective;
	/* Losses of representations beside either, divided likewise. With pairs their users and
	 * items are those of the joined pairs. */
	struct mimic mimic;
	struct fit_room *room; /* NULL: an epoch has its own */
};

/* One pass over the rows row[0 .. n) in an order drawn from (seed, epoch), or over the objective's
 * batches. Returns the mean loss
 * (each batch before its step). When it is not finite: NaN, *bad is the number of the batch (from
 * 1) and the weights are of no use.
 * The bits do not depend on the threads. */
double fit_epoch(struct net *net, const struct fit *how, const struct net_field *field,
	const uint32_t *row, size_t n, uint64_t epoch, size_t *bad);

#endif
