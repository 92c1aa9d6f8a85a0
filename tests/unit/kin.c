/* kin -- groups, teachers and those alone, of models with specs only. */
#include "kin.h"

#include <stdio.h>

#include "tap.h"

enum { N = 10 };

static struct model *make(struct tensors *set, const char *name, int dim, const char *teacher)
{
	char full[100], text[200];
	struct tensor *t;

	snprintf(full, sizeof full, "model.%s.spec", name);
	snprintf(text, sizeof text, "arch=mf\ntask=rating\ndim=%d\nlow=1\nhigh=5\n%s%s%s", dim,
		teacher ? "teacher=" : "", teacher ? teacher : "", teacher ? "\n" : "");
	tensors_add(set, tensor_text(full, text));
	snprintf(full, sizeof full, "model.%s.bias", name);
	tensors_add(set, tensor_new(full, F32, 1, 0));
	for (int i = 0; i < 2; i++) {
		snprintf(full, sizeof full, "model.%s.%s.bias", name, i ? "item" : "user");
		tensors_add(set, tensor_new(full, F32, 3, 0));
		snprintf(full, sizeof full, "model.%s.%s.factors", name, i ? "item" : "user");
		t = tensor_new(full, F32, 3, (uint64_t)dim);
		tensors_add(set, t);
	}
	return model_open(set, name);
}

int main(void)
{
	struct tensors set = { 0 };
	struct model *m[N] = { make(&set, "big-1", 8, NULL), make(&set, "alone-1", 2, NULL),
		make(&set, "student-1", 2, "big-1"), make(&set, "big-2", 8, NULL),
		make(&set, "alone-2", 2, NULL), make(&set, "student-2", 2, "big-2"),
		make(&set, "mf_s3", 3, NULL), make(&set, "mf_s4", 4, NULL),
		make(&set, "both", 2, "mean"), make(&set, "x2", 5, NULL) };
	struct kin *kin;
	size_t n = kin_groups(&kin, m, N, NULL);

	near((double)n, 7, 0, "seven groups");
	same(kin[0].name, "big", "seeds of one model: the name without them");
	ok(kin[0].n == 2 && kin[0].member[1] == 3, "its models in their order");
	same(kin[3].name, "mf_s3", "another shape is another model: the whole name");
	same(kin[6].name, "x2", "a number that is no seed");
	ok(kin[2].teacher == 0 && kin[2].alone == 1, "a student's teacher, and who is alone");
	ok(kin[0].teacher == KIN_NONE && kin[1].alone == KIN_NONE, "others have neither");
	ok(kin[5].teacher == 0 && kin[5].alone == 1, "taught by no model of these: the others' teacher");
	kin_free(kin, n);
	n = kin_groups(&kin, m, N, "mf_s4");
	near((double)kin[2].teacher, 4, 0, "the teacher that is asked for");
	kin_free(kin, n);
	for (size_t i = 0; i < N; i++)
		model_free(m[i]);
	tensors_free(&set);
	return done();
}
