/* dict -- string <-> id, contiguous from 0 by first appearance. Owns: the hash table of words. */
#ifndef DICT_H
#define DICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "csv.h"
#include "figures.h"

struct dict;

struct dict *dict_new(void);
uint32_t dict_add(struct dict *d, const char *text, size_t n); /* the id, a new one if need be */
bool dict_find(const struct dict *d, const char *text, size_t n, uint32_t *id);
/* The ids of n words, DICT_NONE for those that are not there; faster than one by one. 8 bytes can
 * be read from each text on, however many belong to the word. */
#define DICT_NONE UINT32_MAX
void dict_find_all(const struct dict *d, const struct csv_field *word, size_t n, uint32_t *id);

/* The same for words in plain text, but DICT_NONE also for some that are there. False, nothing
 * done: it would not help, since few words are numbers. */
bool dict_find_numbers(const struct dict *d, const struct figures *words, uint32_t *id);

/* Adds the words of `from` in their order: word i gets id[i]. So pieces of a text may each collect
 * the words that d lacks, and merged in the order of the text they get the ids of one reader. */
void dict_merge(struct dict *d, const struct dict *from, uint32_t *id);
void dict_clear(struct dict *d); /* forgets all words, keeps the memory */
size_t dict_size(const struct dict *d);
const char *dict_word(const struct dict *d, uint32_t id, size_t *n); /* not terminated */
uint64_t dict_memory(const struct dict *d); /* bytes */

/* Gives its words away and frees d: word i is text[at[i] .. at[i + 1]). For free(). */
void dict_move(struct dict *d, uint64_t **at, char **text);
void dict_free(struct dict *d);

#endif
