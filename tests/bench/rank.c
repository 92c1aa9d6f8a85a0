/* rank -- a made factor model and made rows with Gowalla's shape, for rank.sh.
 *
 *   rank          a stream: model.mf.*, user, item, label, part (0 train, 2 test)
 *   rank --raw    the same for numpy: user factors, item factors (f32), train and test pairs (u32),
 *                 each into its file in the folder given */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "mem.h"
#include "mf.h"
#include "model_write.h"
#include "opt.h"
#include "rng.h"
#include "stream_out.h"

enum { U = 29858, I = 40981, D = 64, TRAIN = 810128, TEST = 217242, N = TRAIN + TEST };

static float *normals(size_t n, uint64_t seed)
{
	float *x = mem_new(n, sizeof *x);

#pragma omp parallel for schedule(static)
	for (size_t i = 0; i < n; i++)
		x[i] = (float)(0.125 * rng_normal(seed, RNG_MAKE, i));
	return x;
}

/* Rows of users in turn; items are the more popular the lower (the square of a uniform number). */
static void make_rows(uint32_t *user, uint32_t *item, uint8_t *part)
{
	for (size_t r = 0; r < N; r++) {
		double x = rng_unit(3, RNG_MAKE, r);

		user[r] = (uint32_t)(r % U);
		item[r] = (uint32_t)(r < I ? r : x * x * I);
		part[r] = r < TRAIN ? 0 : 2;
	}
}

static void put_file(const char *folder, const char *name, const void *data, size_t n, size_t size)
{
	char path[4096];
	FILE *file;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	file = fopen(path, "wb");
	if (!file || fwrite(data, size, n, file) != n || fclose(file))
		die("%s:", path);
}

static void put_stream(const struct mf *mf, struct tensor *const column[4])
{
	struct stream_options options = STREAM_OPTIONS;
	struct stream *out = stream_out(NULL, &options, opt_provenance());
	struct text spec = { 0 };
	struct tensors model = { 0 };

	model_from_mf(&model, "mf", &spec, mf_copy(mf));
	for (size_t i = 0; i < model.n; i++)
		stream_write(out, model.at[i]);
	stream_write_rows(out, column, 4);
	stream_close(out);
	tensors_free(&model);
}

int main(int argc, char **argv)
{
	const char *raw = NULL;
	const struct opt opts[] = { OPT_FILE(0, "raw", &raw, "folder for raw files"), OPT_END };
	struct mf mf = { .users = U, .items = I, .dim = D, .low = -9, .high = 9 };
	struct tensor *column[] = { tensor_new("user", U32, N, 0), tensor_new("item", U32, N, 0),
		tensor_new("label", F32, N, 0), tensor_new("part", U8, N, 0) };
	uint32_t *user = column[0]->data, *item = column[1]->data;

	opt_parse(argc, argv, "made factors and rows", NULL, NULL, opts);
	mf.user_bias = mem_new(U, sizeof(float));
	mf.item_bias = mem_new(I, sizeof(float));
	mf.user_factors = normals((size_t)U * D, 1);
	mf.item_factors = normals((size_t)I * D, 2);
	make_rows(user, item, column[3]->data);
	for (size_t r = 0; r < N; r++)
		((float *)column[2]->data)[r] = 1;
	if (raw) {
		put_file(raw, "p", mf.user_factors, (size_t)U * D, sizeof(float));
		put_file(raw, "q", mf.item_factors, (size_t)I * D, sizeof(float));
		put_file(raw, "user", user, N, sizeof *user);
		put_file(raw, "item", item, N, sizeof *item);
	} else {
		put_stream(&mf, column);
	}
	return 0;
}
