/* dict -- string <-> id, contiguous from 0 by first appearance. Owns: the hash table of words. */
#ifndef DICT_H
#define DICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dict;

struct dict *dict_new(void);
uint32_t dict_add(struct dict *d, const char *text, size_t n); /* the id, a new one if need be */
bool dict_find(const struct dict *d, const char *text, size_t n, uint32_t *id);
size_t dict_size(const struct dict *d);
const char *dict_word(const struct dict *d, uint32_t id, size_t *n); /* not terminated */
uint64_t dict_memory(const struct dict *d); /* bytes */

/* Gives its words away and frees d: word i is text[at[i] .. at[i + 1]). For free(). */
void dict_move(struct dict *d, uint64_t **at, char **text);
void dict_free(struct dict *d);

#endif
