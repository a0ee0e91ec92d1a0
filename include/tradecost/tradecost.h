/* tradecost.h - what a trade costs: the whole interface of libtradecost. */
#ifndef TRADECOST_TRADECOST_H
#define TRADECOST_TRADECOST_H

#include "book.h"
#include "date.h"
#include "estimate.h"
#include "market.h"
#include "model.h"
#include "money.h"
#include "parameters.h"
#include "price.h"
#include "schedule.h"
#include "spread.h"
#include "status.h"
#include "tca.h"
#include "trade.h"

#endif
