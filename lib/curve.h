/* curve -- what a threshold trades, and how predicted rates come true. Owns: the precision-recall
 * curve, the best threshold, the bins of a reliability diagram. */
#ifndef CURVE_H
#define CURVE_H

#include <stddef.h>

#include "metrics.h"

/* Precision and recall when the rows with p >= threshold are called positive. */
struct curve_point {
	double threshold, recall, precision;
};
enum { CURVE_STEPS = 200, CURVE_POINTS = CURVE_STEPS + 2 };

/* Of all distinct scores, from the highest down, those where recall first reaches 0, 1/200, 2/200,
 * ..., 1, and the lowest; returns how many there are: 0 without positives. Davis, Goadrich 2006,
 * "The relationship between precision-recall and ROC curves". */
size_t curve_precision(struct curve_point point[CURVE_POINTS], const struct metrics_rows *rows,
	enum metrics_scale scale);

/* Rows of bin b = floor(15 p), as for the ece: their weight, mean p, mean y and Wilson's interval
 * of that. Without rows all but weight are NaN. Niculescu-Mizil, Caruana 2005, "Predicting good
 * probabilities with supervised learning". */
struct curve_bin {
	double weight, predicted, observed, low, high;
};
void curve_calibration(struct curve_bin bin[METRICS_BINS], const struct metrics_rows *rows,
	enum metrics_scale scale);

enum curve_goal { CURVE_F1, CURVE_ACCURACY };

/* The p of the rows that makes f1, or accuracy, greatest as threshold; of equal ones the highest.
 * With CURVE_ACCURACY 1 + 2^-52, which calls nothing positive, counts as well. */
double curve_threshold(
	const struct metrics_rows *rows, enum metrics_scale scale, enum curve_goal goal);

#endif
