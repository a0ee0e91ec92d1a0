/* tick_size.h - NSE's price steps by date and price, where no instrument file tells. */
#ifndef TC_MARKET_TICK_SIZE_H
#define TC_MARKET_TICK_SIZE_H

#include "tradecost/market.h"

/* The step of a share or ETF at `price` on `date`, in rupees. Bands are set by
 * the month's last close: this is the fallback where the contract master is not at hand. */
double tc_tick_size(tc_date date, double price);

#endif
