/* metrics -- how good scores are. Owns: RMSE, MAE, AUC, log loss, accuracy, precision, recall, F1,
 * conversion rates with lift, calibration error, the share of a lead that was recovered.
 *
 * Rows r have a score s, a label y and a weight w (1 without weights); every mean is weighted, so
 * a row of weight 2 counts as two equal rows. All sums are in double, over blocks of fixed size in
 * order: the same bits for any number of threads. A value that is not defined is NaN here, each
 * field says when; who prints it shows that it is missing. */
#ifndef METRICS_H
#define METRICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { METRICS_BINS = 15 };

/* n >= 1 and at most 2^32 - 1; scores and labels finite; weight NULL, or finite, none negative
 * and their sum above 0. */
struct metrics_rows {
	const float *score, *label, *weight;
	size_t n;
};

/* The index of the first value that is NaN or infinite; n when there is none. */
size_t metrics_not_finite(const float *x, size_t n);

/* The index of the first label that is neither 0 nor 1; n when all are: the task is binary. */
size_t metrics_not_binary(const float *label, size_t n);

/* Ratings, s the predicted one; Herlocker, Konstan, Terveen, Riedl 2004, "Evaluating collaborative
 * filtering recommender systems", section 4.1.
 *
 *   rmse = sqrt(sum w (s - y)^2 / sum w)
 *   mae  = sum w |s - y| / sum w
 *   r2   = 1 - sum w (s - y)^2 / sum w (y - mean of y)^2; NaN when all labels are equal */
struct metrics_rating {
	double rmse, mae, r2;
};

void metrics_rating(struct metrics_rating *m, const struct metrics_rows *rows);

/* What a score says about the probability p of label 1. */
enum metrics_scale {
	METRICS_LOGIT, /* p = 1 / (1 + e^-s) */
	METRICS_UNIT, /* p = s clipped to 0 .. 1 */
};

struct metrics_how {
	enum metrics_scale scale;
	double threshold; /* a row is called positive when p >= threshold */
	double top; /* 0 < top <= 1: share of the rows that counts as top-scored */
};

/* Labels 0 and 1. P, N: weight of the rows labelled 1, 0; W = P + N.
 * TP, FP, FN, TN: weight of the rows called positive or not at the threshold.
 *
 *   auc        U / (P N), U = sum over pairs of a positive and a negative row of the product of
 *              their weights x (1 if the positive one has the higher score, 1/2 if they are
 *              equal); without weights (sum of the positives' mid-ranks - P (P + 1) / 2) / (P N).
 *              Of s, not of p, so that a saturated p makes no ties. NaN without both classes.
 *              Hanley, McNeil 1982, "The meaning and use of the area under a ROC curve".
 *   logloss    -sum w (y ln q + (1 - y) ln(1 - q)) / W, q = p clipped to 2^-52 .. 1 - 2^-52 (as
 *              scikit-learn does for doubles): a row costs 36.05 at most. Good 1952, "Rational
 *              decisions".
 *   accuracy   (TP + TN) / W
 *   precision  TP / (TP + FP); NaN when no row is called positive
 *   recall     TP / P; NaN without positives
 *   f1         2 TP / (2 TP + FP + FN); NaN when that is 0 / 0: no positives, and none called so.
 *              These four: van Rijsbergen 1979, "Information retrieval", chapter 7.
 *   observed   P / W: the base rate, the observed conversion rate
 *   predicted  sum w p / W: the predicted conversion rate
 *   top        conversion rate among the rows of the highest s that have the share `top` of W. Of
 *              rows of equal s that only partly belong to them, each counts in part: the mean over
 *              all orders of the ties.
 *   lift       top / observed; NaN without positives. Ling, Li 1998, "Data mining for direct
 *              marketing: problems and solutions".
 *   ece        sum over bins b of |sum w p - sum w y over the rows of b| / W, b = floor(15 p), 14
 *              for p = 1: 15 bins of equal width. Guo, Pleiss, Sun, Weinberger 2017, "On
 *              calibration of modern neural networks", eq. 3.
 *   ece_mass   the same over 15 bins of equal weight: rows of equal s stay together and fall into
 *              bin floor(15 x), x the share of W that lies below the middle of their weight.
 *              Nixon et al. 2019, "Measuring calibration in deep learning".
 *   pr_auc     average precision: sum over the distinct scores t of (recall(t) - recall(next
 *              higher)) precision(t), both of the rows with s >= t. NaN without positives. Davis,
 *              Goadrich 2006, "The relationship between precision-recall and ROC curves"; not
 *              interpolated, as scikit-learn's average_precision_score.
 *   brier      sum w (p - y)^2 / W. Brier 1950.
 *   calibration  predicted / observed; NaN without positives
 *   low, high  Wilson's 95 % interval of the observed rate, of W trials. Wilson 1927, "Probable
 *              inference, the law of succession, and statistical inference". */
struct metrics_binary {
	double auc, logloss, accuracy, precision, recall, f1;
	double observed, predicted, top, lift, ece;
	double ece_mass, pr_auc, brier, calibration, low, high;
	bool constant; /* every row has the same score */
};

void metrics_binary(
	struct metrics_binary *m, const struct metrics_rows *rows, const struct metrics_how *how);

/* p of a score. */
double metrics_probability(double score, enum metrics_scale scale);

/* The log loss of one row. */
double metrics_log_loss(double score, double label, enum metrics_scale scale);

/* Wilson's 95 % interval of a rate x of n trials. */
void metrics_wilson(double *low, double *high, double x, double n);

/* (student - alone) / (teacher - alone): the share of the teacher's lead over a student trained
 * alone that the student recovered, by a quality that is better when it is higher (AUC) or, with
 * lower = true, when it is lower (RMSE). Above 1 the student is better than its teacher, below 0
 * worse than alone. NaN when the teacher has no lead, or a value is NaN. */
double metrics_recovered(double student, double alone, double teacher, bool lower);

#endif
