/* tariffs.h - reading tariff files (YAML). A library of its own,
 * libtradecost-tariffs, because it needs libyaml and the engine needs nothing. */
#ifndef TRADECOST_TARIFFS_H
#define TRADECOST_TARIFFS_H

#include "book.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Takes a problem found in a tariff: the file (as under the directory given; ""
 * for a problem of the whole), line, column and message, and a hint (may be ""). */
typedef void (*tc_tariff_report)(void *context, const char *file, const tc_error *problem, const char *hint);

/* Reads every *.yaml below `directory` in order of path (law/, exchange/ and
 * broker/ are layers, all else is the user's), adds it to a copy of `base`
 * (NULL: an empty book) and compiles. `report` (may be NULL) hears of every
 * problem; `error` (may be NULL) holds the first. On success the caller owns
 * `*book` and frees it with tc_book_free(). TC_BAD_TARIFF, TC_IO, TC_LIMIT,
 * TC_NO_MEMORY. */
tc_status tc_tariffs_load(tc_book **book, tc_error *error, const tc_book *base, const char *directory);
tc_status tc_tariffs_check(tc_book **book, const tc_book *base, const char *directory,
                           tc_tariff_report report, void *context);

/* Writes a compiled book as C source that defines the shipped book; for the build. */
tc_status tc_book_write_c(const tc_book *book, const char *path);

#ifdef __cplusplus
}
#endif
#endif
