/* fit -- how a network is trained. Owns: the settings, the loss of a row by them. */
#ifndef FIT_H
#define FIT_H

#include "loss.h"
#include "mimic.h"
#include "net.h"
#include "objective.h"
#include "schedule.h"
#include "workspace.h"

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
	/* From one epoch to the next; NULL: an epoch has its own. Losses over pairs and of
	 * representations go without. */
	struct workspace *room;
};

/* Of n <= FORWARD_CHUNK rows row[r] with outputs z, in a batch of `batch` rows:
 *
 *   value[r] = weight loss(z[r])      slope[r] = weight / batch dloss/dz[r] */
void fit_loss(float *value, float *slope, const float *z, const struct fit *how,
	const uint32_t *row, size_t n, size_t batch);

#endif
