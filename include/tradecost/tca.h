/* tca.h - what an order did cost, against what was decided, and where the money went.
 *
 * Costs are positive when they hurt: s (executed - benchmark), s = +1 for a buy
 * and -1 for a sell. The shortfall is exact: fills are decimals, the prices they
 * are measured against whole nano-rupees, their products 128-bit integers; it is
 * rounded to nano-rupees once, so that its parts add up to its total to the last
 * digit. Nothing here allocates; any number of threads. */
#ifndef TRADECOST_TCA_H
#define TRADECOST_TCA_H

#include "market.h"
#include "price.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A price to measure against, in nano-rupees a unit: half a tick is exact, the
 * mean of many prices is rounded once. */
typedef struct { int64_t nanos; } tc_mark;
#define TC_NO_MARK ((tc_mark){INT64_MIN})

static inline bool tc_mark_known(tc_mark mark)
{
    return mark.nanos != INT64_MIN;
}

/* Rounded half away from zero; none for NAN, what is not above 0, and what is above Rs 1e9. */
tc_mark tc_mark_of(double price);
/* (bid + ask) / 2, each a decimal of at most six digits; none where either is unknown or the book is crossed. */
tc_mark tc_mark_mid(double bid, double ask);
tc_mark tc_mark_of_price(tc_price price);
/* NAN for none. */
double tc_mark_price(tc_mark mark);

/* s (average / benchmark - 1) in basis points: the denominator is the benchmark. NAN where either is unknown. */
double tc_benchmark_bps(uint8_t side, double average, double benchmark);

/* Relative performance measure (T + fav - unfav)/(2 T): the part of the market's
 * volume `total` that traded at worse prices than ours (`favourable`), half of
 * what traded at ours. 1 is best, 0 worst; NAN without volume. Kissell 2013, "The
 * Science of Algorithmic Trading and Portfolio Management", chapter 3. */
double tc_relative_performance(double total, double favourable, double unfavourable);

/* How the mid's move is told apart into own impact and the market's timing. */
#define TC_IMPACT_RULES(X)                                                                                  \
    X(TC_IMPACT_UNTOLD, "none", "the whole move of the mid is timing; spread is s q (p - M)")               \
    X(TC_IMPACT_BY_MARKOUT, "markout",                                                                         \
      "impact is s q (M+ - M), how far the mid went on a lag after the fill; spread is what is left of it, s q (p - M+)") \
    X(TC_IMPACT_BY_MODEL, "model", "impact is what a model expects, timing the rest of the mid's move")
#define TC_AS_ENUM(name, word, meaning) name,
typedef enum { TC_IMPACT_RULES(TC_AS_ENUM) TC_IMPACT_RULE_COUNT } tc_impact_rule;
#undef TC_AS_ENUM

/* The parts of a shortfall beside its charges, in the order of time. `unsplit` is
 * the execution cost where no mid at the fills is known to split it. */
#define TC_SHORTFALL_PARTS(X) \
    X(TC_SHORTFALL_DELAY, "delay") X(TC_SHORTFALL_SPREAD, "spread") X(TC_SHORTFALL_IMPACT, "impact") \
    X(TC_SHORTFALL_TIMING, "timing") X(TC_SHORTFALL_UNSPLIT, "unsplit") X(TC_SHORTFALL_OPPORTUNITY, "opportunity")
#define TC_AS_ENUM(name, word) name,
typedef enum { TC_SHORTFALL_PARTS(TC_AS_ENUM) TC_SHORTFALL_COUNT } tc_shortfall_part;
#undef TC_AS_ENUM
const char *tc_shortfall_part_name(tc_shortfall_part part); /* NULL beyond the list */

typedef struct {
    tc_quantity quantity;
    tc_price price;
    tc_mark mid;   /* M, when it was done */
    tc_mark later; /* M+, a lag after it; for TC_IMPACT_BY_MARKOUT alone */
} tc_executed;

typedef struct {
    uint8_t side;                     /* TC_BUY or TC_SELL */
    tc_quantity decided;              /* X; at least what was filled */
    tc_mark decision, arrival, end;   /* Pd, P0, PN */
    tc_impact_rule impact_rule;
    tc_money impact;                  /* for TC_IMPACT_BY_MODEL: what it expects of the whole order */
    const tc_executed *fills;         /* in any order: the answer is the same */
    size_t fill_count;
} tc_worked_order;

typedef struct {
    tc_quantity filled;               /* F */
    double average;                   /* of the fills; NAN: none */
    tc_money part[TC_SHORTFALL_COUNT];     /* 0 where not known */
    uint8_t known;                    /* bit a part */
    tc_money execution;               /* spread + impact + timing + unsplit */
    tc_money total;                   /* the sum of the parts: the shortfall before charges */
    tc_turnover paper;                /* X Pd (X P0 without a decision): what bps of the shortfall are of */
} tc_shortfall;

/* Perold 1988, "The implementation shortfall: paper versus reality", J. Portfolio
 * Management 14(3), split as Wagner does, so that the parts add up:
 *   delay       s X (P0 - Pd)           on all that was decided
 *   execution   s sum q (p - P0)        spread s q (p - M) + impact and timing s q (M - P0)
 *   opportunity s (X - F) (PN - P0)     on what was not filled
 *   total       s (sum q p - F Pd) + s (X - F) (PN - Pd)
 * Without a decision price delay is not known and the total is against arrival;
 * without an arrival price the execution is against the decision price, and delay
 * is inside it. A part is rounded down to the nano-rupee, the total half-up; what
 * is then missing goes, a nano each, to the parts with the largest remainders.
 * TC_MARKET_MISSING (`arrival`: neither price; `end`: unfilled, and no price to
 * value it at), TC_CONTRADICTION (more filled than decided), TC_BAD_VALUE (side,
 * a quantity or price not above 0), TC_OVERFLOW. */
tc_status tc_shortfall_of(tc_shortfall *shortfall, tc_error *error, const tc_worked_order *execution);

/* Marks what stands apart: more than `limit` robust standard deviations (1.4826
 * times the median absolute deviation) from the median of the known values.
 * `scratch` has room for `count`. Nothing stands apart among fewer than 10 known
 * values, or where more than half of them are the same. Returns how many do. */
size_t tc_outliers(bool *apart, const double *value, size_t count, double limit, double *scratch);

#ifdef __cplusplus
}
#endif
#endif
