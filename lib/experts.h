/* experts -- small networks that turn a student's row into a teacher's. Owns: distillation experts,
 * their choice, their training.
 *
 *   E_m(s) = W2_m relu(W1_m s + b1_m) + b2_m       hidden width (dim + teacher_dim) / 2
 *   a      = softmax(V t + c)                      how fit the M experts are for the teacher's row t
 *   z      = softmax((ln(a + 1e-10) + g) / T)      g_m standard Gumbel, drawn anew for every batch
 *   L      = sum over rows of |t - sum_m z_m E_m(s)|^2
 *
 * As T falls to 0 one expert is chosen for a row. Those with z_m below 1/100 are left out and the
 * rest made to add up to 1, which changes little and saves most of the work. One expert has no z:
 * that is hint regression. Gradients go to the student's rows and to the experts' own weights,
 * which take a step of Adam with L2 for every batch.
 *
 * Kang, Hwang, Kweon, Yu 2020, "DE-RRD: A knowledge distillation framework for recommender system",
 * section 4.1. Romero et al. 2015, "FitNets: hints for thin deep nets", eq. 3. */
#ifndef EXPERTS_H
#define EXPERTS_H

#include <stddef.h>
#include <stdint.h>

enum { EXPERTS_MOST = 32 };

struct experts_training {
	size_t dim, teacher_dim, count; /* count: 1 .. EXPERTS_MOST */
	double rate, l2;
	uint64_t seed;
};

struct experts;

struct experts *experts_new(const struct experts_training *training);
void experts_free(struct experts *x);

/* Rows side by side, n of each. */
struct experts_rows {
	const float *student, *teacher; /* (n, dim), (n, teacher_dim), packed */
	size_t n;
};

/* Adds weight dL/ds to slope (n, dim), packed; returns L before the experts' own step. */
double experts_slope(struct experts *x, float *slope, const struct experts_rows *rows,
	double temperature, double weight);

/* The same L with the experts as they are and without a step; for tests of the gradient, the noise
 * is that of the next batch. */
double experts_loss(struct experts *x, const struct experts_rows *rows, double temperature);

/* group[i]: the expert that is fittest for row i of the teacher, without noise. */
void experts_groups(struct experts *x, uint32_t *group, const float *teacher, size_t n);

#endif
