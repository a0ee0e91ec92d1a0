/* instruments.h - what a symbol is, from a Kite instruments dump or a CSV with
 * symbol, exchange, instrument, class, lot_size, tick, isin, series (any order,
 * all but symbol and exchange optional; underlying, expiry, strike and
 * option_type are read too). */
#ifndef TC_IO_INSTRUMENTS_H
#define TC_IO_INSTRUMENTS_H

#include "tradecost/trade.h"

typedef struct tc_instruments tc_instruments;

/* Texts live as long as the list; empty: not said. `instrument` is empty for
 * what is plain equity in a dump, which does not tell shares from ETFs. */
typedef struct {
    tc_text exchange, symbol, instrument, class, lot_size, tick, isin, series;
    tc_text underlying, expiry, strike, option_type;
} tc_instrument;

/* TC_IO, TC_BAD_FORMAT, TC_BAD_ROW, TC_LIMIT (1,000,000 rows, 256 MiB of text),
 * TC_NO_MEMORY. Of two rows with one name the later one stays. */
tc_status tc_instruments_open(tc_instruments **list, tc_error *error, const char *path);
void tc_instruments_close(tc_instruments *list); /* NULL is a no-op */
size_t tc_instruments_count(const tc_instruments *list);

/* By exchange (in any of its names: NFO is NSE) and symbol, any case; NULL if
 * there is none. A share in a series of its own (CENTRALBK-BE) is also found by
 * its bare symbol, unless that names another. */
const tc_instrument *tc_instruments_find(const tc_instruments *list, tc_text exchange, tc_text symbol);

/* Fills the fields that a request leaves empty; the tick is no field of it. */
const tc_instrument *tc_instruments_fill(const tc_instruments *list, tc_request *request);

#endif
