/* Made data that several unit tests start from. */
#ifndef MADE_H
#define MADE_H

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mf.h"
#include "rng.h"
#include "tensor.h"

/* Factors and biases drawn from a standard normal; scores are not clipped below 100. */
static inline struct mf *made_factors(
	uint32_t users, uint32_t items, uint32_t dim, float mean, uint64_t seed)
{
	struct mf *mf = calloc(1, sizeof *mf);
	float *part[4];
	size_t n[] = { users, items, (size_t)users * dim, (size_t)items * dim };

	for (size_t k = 0; k < 4; k++) {
		part[k] = calloc(n[k] + 1, sizeof(float));
		for (size_t i = 0; i < n[k]; i++)
			part[k][i] = (float)rng_normal(seed + k, RNG_MAKE, i);
	}
	*mf = (struct mf){ users, items, dim, mean, -100, 100, part[0], part[1], part[2], part[3] };
	return mf;
}

/* Adds a tensor of one axis with a copy of data. */
static inline void made_column(
	struct tensors *set, const char *name, enum dtype dtype, uint64_t rows, const void *data)
{
	struct tensor *t = tensor_new(name, dtype, rows, 0);

	memcpy(t->data, data, tensor_bytes(t));
	tensors_add(set, t);
}

/* The columns that every data set has; part NULL: none. */
static inline void made_rows(struct tensors *set, uint64_t rows, const uint32_t *user,
	const uint32_t *item, const float *label, const uint8_t *part)
{
	made_column(set, "user", U32, rows, user);
	made_column(set, "item", U32, rows, item);
	made_column(set, "label", F32, rows, label);
	if (part)
		made_column(set, "part", U8, rows, part);
}

/* Model p, by which item i is worth i to anybody. */
static inline void made_popularity(struct tensors *set, uint64_t users, uint64_t items)
{
	float *zeros = calloc(users + 1, sizeof *zeros), *bias = calloc(items, sizeof *bias);

	for (uint64_t i = 0; i < items; i++)
		bias[i] = (float)i;
	tensors_add(
		set, tensor_text("model.p.spec", "arch=mf\ntask=rating\ndim=0\nlow=-9\nhigh=9\n"));
	made_column(set, "model.p.bias", F32, 1, zeros);
	made_column(set, "model.p.user.bias", F32, users, zeros);
	made_column(set, "model.p.item.bias", F32, items, bias);
	free(zeros);
	free(bias);
}

/* A descriptor that gives n bytes, of a file that is gone when it is closed. */
static inline int made_file(const void *bytes, size_t n)
{
	char path[] = "/tmp/made-XXXXXX";
	int fd = mkstemp(path);

	unlink(path);
	if (fd < 0 || write(fd, bytes, n) != (ssize_t)n || lseek(fd, 0, SEEK_SET) != 0)
		exit(2);
	return fd;
}

#endif
