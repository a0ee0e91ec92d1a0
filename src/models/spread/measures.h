/* measures.h - what trades cost against the quotes around them: quoted, effective
 * and realised spread, price impact, and who began each trade.
 *
 * D is +1 where a buyer began the trade and -1 where a seller did; M the mid that
 * stood at the trade, M+ the mid that stood a chosen time later. The formulas are
 * those of Huang and Stoll 1996 (J. Fin. Economics 41:313-357) and of Lee and
 * Ready 1991 (J. Finance 46:733-746). */
#ifndef TC_MODELS_SPREAD_MEASURES_H
#define TC_MODELS_SPREAD_MEASURES_H

#include "join.h"

/* Name, unit, formula. A spread is what buying and selling at once would cost: twice the half-spread. */
#define TC_MEASURES(X)                                                                                   \
    X(TC_E_MIDPOINT, "midpoint", "rupees", "M = (bid + ask)/2")                                          \
    X(TC_E_DIRECTION, "direction", "1", "D")                                                             \
    X(TC_E_QUOTED, "quoted_spread", "rupees", "ask - bid")                                               \
    X(TC_E_EFFECTIVE, "effective_spread", "rupees", "2 D (P - M)")                                       \
    X(TC_E_REALISED, "realised_spread", "rupees", "2 D (P - M+)")                                        \
    X(TC_E_IMPACT, "price_impact", "rupees", "D (M+ - M), half of effective less realised")              \
    X(TC_E_RELATIVE_QUOTED, "relative_quoted_spread", "fraction", "quoted_spread/M")                     \
    X(TC_E_RELATIVE_EFFECTIVE, "relative_effective_spread", "fraction", "effective_spread/M")            \
    X(TC_E_RELATIVE_REALISED, "relative_realised_spread", "fraction", "realised_spread/M")               \
    X(TC_E_RELATIVE_IMPACT, "relative_price_impact", "fraction", "price_impact/M")                       \
    X(TC_E_LOG_QUOTED, "log_quoted_spread", "1", "ln(ask/bid)")                                          \
    X(TC_E_LOG_SIZE, "log_quoted_size", "1", "ln(ask quantity) + ln(bid quantity)")                      \
    X(TC_E_SLOPE, "quoted_slope", "rupees", "quoted_spread/log_quoted_size; not where that is 0")
#define TC_AS_ENUM(name, word, unit, formula) name,
typedef enum { TC_MEASURES(TC_AS_ENUM) TC_MEASURE_COUNT } tc_measure;
#undef TC_AS_ENUM

/* One trade; NAN: not known. */
typedef struct {
    double value[TC_MEASURE_COUNT];
} tc_measured;

/* Who began a trade: above the mid a buyer, below it a seller; at the mid the
 * last change of price tells, up a buyer, down a seller. Until a price has
 * changed a trade at the mid counts as a buyer's. All-zero is the beginning;
 * trades without a quote (mid NAN) are shown to it too, and answered by the change of price alone. */
typedef struct {
    double price; /* of the trade before; 0: none */
    int direction;
} tc_tick_test;

int tc_lee_ready(tc_tick_test *test, double price, double mid);

/* Everything of one trade. `quote` stood at it, neither empty nor crossed;
 * `later` is M+, or NAN. */
void tc_measure_trade(tc_measured *measured, double price, const tc_quote_tick *quote, double later, int direction);

/* Trades in order of time against quotes in order of time, in one pass. */
typedef struct {
    tc_join now, then;
    int64_t lag, after;
    tc_tick_test test;
} tc_measurer;

/* Two sources of the same quotes: the one behind M+ runs ahead. A trade at t
 * meets the quote that stood at t - lag, for reports of trades come later than
 * those of quotes; M+ is the mid at t - lag + after. A quote that is crossed, or
 * has a side that is empty, is none while it stands; none stands for longer than
 * a session. M+ is known only where a later quote shows that the market went on. */
void tc_measurer_begin(tc_measurer *measurer, tc_quote_source now, tc_quote_source then, int64_t lag, int64_t after);
/* `*known` is false where no quote stands; all is then NAN but the direction. TC_BAD_MARKET (order), and what a source fails with. */
tc_status tc_measurer_next(tc_measurer *measurer, tc_measured *measured, bool *known, tc_error *error, const tc_trade_tick *trade);

/* Means over the trades that know a measure. All-zero is none. */
typedef struct {
    double sum[TC_MEASURE_COUNT], lost[TC_MEASURE_COUNT];
    uint64_t count[TC_MEASURE_COUNT];
} tc_measure_means;

void tc_measure_add(tc_measure_means *means, const tc_measured *measured);
double tc_measure_mean(const tc_measure_means *means, tc_measure measure); /* NAN of none */

/* NULL beyond the list. */
const char *tc_measure_name(tc_measure measure);

#endif
