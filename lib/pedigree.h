/* pedigree -- what rs-score prints of teachers and students. Owns: its columns, means and deviations
 * over seeds, the tests of a student against the same model alone. */
#ifndef PEDIGREE_H
#define PEDIGREE_H

#include "heir.h"
#include "report.h"

/* A line a group of kin.h: of the models that heirs_run measured. */
void pedigree_report(const struct heirs *heirs, const char *teacher, enum report_form form);

#endif
