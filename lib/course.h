/* course -- the epochs of a training. Owns: how losses are mixed on the way, judging on part 1,
 * early stopping, the best epoch, the learning curve. */
#ifndef COURSE_H
#define COURSE_H

#include "train.h"

/* Up to `epochs` epochs on that mix, then the best epoch so far is put back (judged on part 1;
 * without a part 1 the last one stays). */
void course_run(struct train *t, const struct train_mix *mix, size_t epochs);

#endif
