/* estimate.h - what an order will cost all in, before it is sent.
 *
 * Explicit charges are exact; spread, slippage, impact and delay are what chosen
 * models expect; timing is risk, not cost. Each part says which model answered
 * and why it was chosen. Costs are positive when they hurt; bps are of the value
 * at the arrival price. */
#ifndef TRADECOST_ESTIMATE_H
#define TRADECOST_ESTIMATE_H

#include "parameters.h"
#include "price.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Inputs of one model that somebody chose by hand: they stand before everything else. */
typedef struct {
    const tc_model *model;
    double value[TC_INPUTS_MAX]; /* in the model's order; NAN: not chosen */
} tc_chosen;

/* The parts of an estimate beside its charges, and the kind of model of each. */
#define TC_PARTS(X)                                                                        \
    X(TC_PART_SPREAD, "spread", TC_SPREAD_MODEL)                                           \
    X(TC_PART_SLIPPAGE, "slippage", TC_SLIPPAGE_MODEL)                                     \
    X(TC_PART_IMPACT, "impact", TC_IMPACT_MODEL)                                           \
    X(TC_PART_DELAY, "delay", TC_SLIPPAGE_MODEL)                                           \
    X(TC_PART_TIMING, "timing", TC_TIMING_MODEL)
#define TC_AS_ENUM(name, word, kind) name,
typedef enum { TC_PARTS(TC_AS_ENUM) TC_PART_COUNT } tc_part;
#undef TC_AS_ENUM
const char *tc_part_name(tc_part part); /* "" beyond the list */

/* Remarks on an estimate: a closed list. */
#define TC_ESTIMATE_FLAGS(X)                                                                              \
    X(TC_EF_UNCALIBRATED, "uncalibrated", "parameters that nobody fitted to trades of this market") \
    X(TC_EF_INTERVAL_WITHOUT_SE, "interval-without-se", "the quantiles hold the dispersion only, for se is unknown") \
    X(TC_EF_AT_ONCE, "at-once", "no duration or participation: the order is sent at once, timing risk is not told") \
    X(TC_EF_PARTIAL, "partial", "part of the order finds nobody; the costs are those of the rest")         \
    X(TC_EF_SPREAD_INSIDE, "spread-inside", "another part holds the half-spread already: it is counted there") \
    X(TC_EF_TICK_OF_BANDS, "tick-of-bands", "the tick is that of the exchange's dated price bands")         \
    X(TC_EF_PRICE_OUTSIDE_QUOTES, "price-outside-quotes", "the arrival price lies outside bid and ask")     \
    X(TC_EF_CHARGES_AT_ARRIVAL, "charges-at-arrival", "charges are taken on the arrival price, as asked")
#define TC_AS_ENUM(name, word, meaning) name##_BIT,
enum { TC_ESTIMATE_FLAGS(TC_AS_ENUM) TC_EF_COUNT };
#undef TC_AS_ENUM
#define TC_AS_ENUM(name, word, meaning) name = 1 << name##_BIT,
enum { TC_ESTIMATE_FLAGS(TC_AS_ENUM) };
#undef TC_AS_ENUM
const char *tc_estimate_flag_word(unsigned bit);    /* "" beyond the list */
const char *tc_estimate_flag_meaning(unsigned bit);

/* How the order will be worked. Duration T and participation p (own share of
 * all volume, own included) say the same: T = (Q/ADV)(1 - p)/p, ADV being the
 * volume of the others. Given both, p is a cap and what does not fill in T is reported.
 * Where the day's volume curve and the minute of the start are known, T here is time of
 * volume, and so it is for slippage and impact; timing is told the time of the clock. */
typedef struct {
    double duration;      /* trading days, above 0; NAN: from participation */
    double participation; /* in (0, 1); NAN: from duration; both NAN: at once */
    double delay;         /* seconds from the decision to the first fill; 0: none */
    double minute;        /* of the start, since midnight IST; NAN: unknown */
} tc_execution;

/* All-zero: models by rule, charges at level exact on the expected execution price.
 *
 * The rules, where no model is named: the model of that kind whose parameters are given; else
 *   slippage: participation where duration and participation are both given; book-walk where the order is
 *             sent at once and both sides of the book are known; else none
 *   spread:   none where slippage or impact hold it (also an impact fitted to costs with the spread in them); quoted-half-spread where bid and ask are known; else estimated-spread
 *   impact:   none where slippage holds it; else square-root
 *   delay:    delay, where there is one that slippage does not know of already
 *   timing:   timing-risk, unless the order is sent at once */
typedef struct {
    const tc_model *model[TC_PART_COUNT]; /* NULL: by rule */
    unsigned without;                     /* bit a part: leave it out */
    const tc_parameters *const *parameters; /* of any models, at most one a model; borrowed */
    size_t parameter_count;
    const tc_chosen *chosen;              /* the same; a parameter chosen by hand has no error, so its model's se is unknown */
    size_t chosen_count;
    bool charges_at_arrival;
    tc_options charges;
} tc_estimate_options;

/* One part as a model estimated it. */
typedef struct {
    const tc_model *model; /* NULL: nobody was asked */
    const char *why;       /* chosen so; static */
    const tc_parameters *parameters; /* NULL: standards, or by hand */
    tc_money rupees;       /* of the whole order, rounded half away from zero to the nano once */
    double price;          /* rupees a share; NAN: nobody was asked */
    double bps;            /* the same, of the arrival price, unrounded */
    double se, sd;         /* bps; NAN: unknown */
    double input[TC_INPUTS_MAX]; /* as the model was given them; NAN: its standard */
    tc_model_result result;
} tc_component;

enum { TC_QUANTILE_05, TC_QUANTILE_50, TC_QUANTILE_95, TC_QUANTILE_COUNT };

typedef struct {
    tc_cost charges;
    double charges_bps;       /* NAN: a charge is unknown */
    tc_component part[TC_PART_COUNT];
    tc_quantity quantity, unfilled; /* what the costs are of, and the rest of the order */
    double arrival;           /* price at arrival */
    double execution;         /* expected average price of the fills */
    tc_price charged_at;      /* price that the charges are of: rounded half-up to a micro-rupee, on no tick */
    double duration, participation; /* NAN: at once; duration by the clock */
    double volume_duration;   /* days' average volume that the others trade meanwhile */
    tc_money expected;        /* charges.total and every part: exactly their sum; 0 where a charge is unknown */
    double expected_bps;      /* NAN: a charge is unknown */
    double se;                /* of expected_bps, of all models' parameters, taken as independent; NAN: uncalibrated */
    double residual;          /* bps: what outcomes scattered about a fitted model beyond timing risk (its `scale`); NAN: unknown */
    double sd;                /* of the outcome in bps: timing, delay, residual; NAN: none is known */
    double quantile[TC_QUANTILE_COUNT]; /* of the cost in bps: normal, of se and sd; NAN: unknown */
    uint32_t flags;           /* TC_EF_ */
} tc_estimated;

/* Estimates. `trade` is resolved, of event `trade`; its price is the price at
 * arrival. Parameters' errors are taken as small: the charges' own change with the price
 * is left out of `se`. Allocates nothing; any number of threads. `*estimate` means something only
 * on success. Errors: those of tc_market_check(), tc_quote() and tc_model_evaluate_on();
 * TC_MARKET_MISSING (the field that a model needs), TC_VALUE_NEEDED (a parameter, or `duration`),
 * TC_OUT_OF_DOMAIN (duration, participation, delay, minute, a price at or below 0),
 * TC_CONTRADICTION (a model of the wrong kind), TC_IMPOSSIBLE (no trade), TC_NO_SOLUTION (nothing fills), TC_OVERFLOW. */
tc_status tc_estimate(tc_estimated *estimate, tc_error *error, const tc_book *book, const tc_trade *trade,
                      const tc_market *market, const tc_execution *how, const tc_estimate_options *options);

#ifdef __cplusplus
}
#endif
#endif
