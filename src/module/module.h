/* module.h - parts of the program that bring libraries of their own, so that
 * nothing else pays for these: NAME is the file tradecost-NAME.so.
 *
 * Looked for beside the program (as in a build tree), then in lib/tradecost of the
 * tree that the program is installed in, then in that of the prefix it was built
 * for. Nothing else is searched: no environment, no working directory. */
#ifndef TC_MODULE_MODULE_H
#define TC_MODULE_MODULE_H

#include <stdbool.h>

#include "tradecost/status.h"

#define TC_MODULE_NAME_SIZE 32

/* What the module calls `symbol`; loaded when first asked for, and never unloaded.
 * NULL: TC_UNKNOWN_WORD (`name` is not of a-z, 0-9 and -, or there is no such
 * module), TC_UNAVAILABLE (it is there and cannot be used; why). */
const void *tc_module_symbol(const char *name, const char *symbol, tc_error *error);

/* The name of a module that is there, in the order of their names, each once; false beyond the end. */
bool tc_module_at(char name[TC_MODULE_NAME_SIZE], size_t index);

#endif
