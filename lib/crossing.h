/* crossing -- crosses of the wide part by the names of features. Owns: "user.cat.a*item.cat.b,...".
 */
#ifndef CROSSING_H
#define CROSSING_H

#include "net.h"
#include "tensor.h"

/* Crosses of text, separated by commas, into wide[0 .. NET_WIDES), how many into *n; fields are
 * those of name[0 .. fields). NULL, or what is wrong with it (in static memory). */
const char *crossing_parse(const char *text, char (*name)[TENSOR_NAME + 1],
	const struct net_field *field, size_t fields, struct net_wide *wide, size_t *n);

#endif
