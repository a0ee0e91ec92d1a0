/* memo.h - words resolved once.
 *
 * The fills of a tradebook repeat the same few hundred securities, products and
 * sides. All that tc_resolve() makes of a request, but quantity, price and
 * turnover, depends on its words alone, so that a trade with known words needs
 * its two numbers read. Whatever is not plain (a number that is not above 0 and
 * whole, a value or lot size of the file, an exercise, a time of another day)
 * is left to tc_resolve(), which knows the rules. */
#ifndef CLI_MEMO_H
#define CLI_MEMO_H

#include "memory.h"
#include "tradecost/book.h"

enum { MEMO_ROOM = 4096 };

/* All-zero is an empty memo; one serves one book and one context. */
typedef struct {
    struct {
        uint64_t hash;
        tc_buffer words;
        tc_trade trade;
    } slots[MEMO_ROOM];
} memo;

/* As tc_resolve(). `day` and `micros` are what the request's time says:
 * day below TC_DATE_MIN where it has no date. */
tc_status memo_resolve(memo *m, tc_trade *trade, tc_error *error, const tc_book *book, const tc_request *request,
                       const tc_context *context, tc_date day);
void memo_free(memo *m); /* frees the memo itself too; NULL is a no-op */

#endif
