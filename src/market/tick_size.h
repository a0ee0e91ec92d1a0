/* tick_size.h - NSE's price steps by date and price, where no instrument file tells. */
#ifndef TC_MARKET_TICK_SIZE_H
#define TC_MARKET_TICK_SIZE_H

#include "tradecost/market.h"

/* The step of a share at `price` on `date`, in rupees; NAN where the price is not
 * above 0. Bands are set by the last close of the month before: this is the fallback
 * where the contract master is not at hand. ETFs had 0.05 until 2025-04-15 and the
 * same bands since; tc_book_tick() knows them and derivatives too. */
double tc_tick_size(tc_date date, double price);

#endif
