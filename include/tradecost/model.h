/* model.h - models of what a trade costs beyond its charges, chosen by name.
 *
 * A model is a table of inputs with their units and domains, a table of steps,
 * and one function of plain numbers. It reads no market and keeps no state: the
 * caller fills the inputs, from an order and a market (estimate.h) or by hand
 * (`tradecost model eval`). Costs are positive when they hurt. */
#ifndef TRADECOST_MODEL_H
#define TRADECOST_MODEL_H

#include "market.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TC_MODEL_KINDS(X)                                                                     \
    X(TC_SPREAD_MODEL, "spread", "what crossing from bid to offer costs")                     \
    X(TC_SLIPPAGE_MODEL, "slippage", "what is lost to delay, depth and conditions")           \
    X(TC_IMPACT_MODEL, "impact", "how far the order itself moves the price")                  \
    X(TC_TIMING_MODEL, "timing", "how far the price may wander meanwhile: risk, not cost")    \
    X(TC_SCHEDULE_MODEL, "schedule", "how an order is best spread over time, and what it then costs")
#define TC_AS_ENUM(name, word, meaning) name,
typedef enum { TC_MODEL_KINDS(TC_AS_ENUM) TC_MODEL_KIND_COUNT } tc_model_kind;
#undef TC_AS_ENUM

/* What an input stands for, so that an estimate can fill it in: something of
 * the order, something of the market, or a parameter, which is fitted or given. */
#define TC_MODEL_ROLES(X)                                                                        \
    X(TC_ROLE_PARAMETER, "parameter")                                                            \
    X(TC_ROLE_SETTING, "setting")                  /* of the method: counts, switches */         \
    X(TC_ROLE_QUANTITY, "order quantity")          /* shares, unsigned */                        \
    X(TC_ROLE_SIDE, "side")                        /* +1 buy, -1 sell */                         \
    X(TC_ROLE_DURATION, "duration")                /* trading days */                            \
    X(TC_ROLE_PARTICIPATION, "participation")      /* own share of all volume, own included */   \
    X(TC_ROLE_MARKET_RATE, "rate of the market")   /* own volume over that of the others */      \
    X(TC_ROLE_DELAY, "delay")                      /* seconds from decision to order */          \
    X(TC_ROLE_MINUTE, "minute of the day")         /* since midnight, IST; its unit is hh:mm */  \
    X(TC_ROLE_PRICE, "price")                      /* mid at arrival, rupees */                  \
    X(TC_ROLE_ADV, "adv")                          /* shares a day */                            \
    X(TC_ROLE_VOLUME, "volume")                    /* shares so far today */                     \
    X(TC_ROLE_VOLATILITY, "volatility")            /* fraction, per sqrt(day) */                 \
    X(TC_ROLE_ANNUAL_VOLATILITY, "annual volatility") /* fraction, per sqrt(year of 250 days) */ \
    X(TC_ROLE_RUPEE_VOLATILITY, "volatility in rupees") /* a share, per sqrt(day) */             \
    X(TC_ROLE_SPREAD, "spread")                    /* fraction of mid */                         \
    X(TC_ROLE_BID, "bid") X(TC_ROLE_ASK, "ask")                                                  \
    X(TC_ROLE_BID_QUANTITY, "bid quantity") X(TC_ROLE_ASK_QUANTITY, "ask quantity")              \
    X(TC_ROLE_SHARES_OUTSTANDING, "shares outstanding")                                          \
    X(TC_ROLE_TICK, "tick") X(TC_ROLE_LOT, "lot")
#define TC_AS_ENUM(name, word) name,
typedef enum { TC_MODEL_ROLES(TC_AS_ENUM) TC_ROLE_COUNT } tc_model_role;
#undef TC_AS_ENUM

enum { TC_INPUTS_MAX = 24, TC_STEPS_MAX = 16, TC_SERIES_MAX = 10000 };

/* From `low` to `high`; an open end is not itself in the domain. */
typedef struct {
    double low, high;
    bool low_open, high_open;
} tc_domain;

typedef struct {
    const char *key, *unit, *meaning;
    tc_model_role role;
    double standard;       /* used where nothing is given; NAN: must be given */
    double standard_error; /* of `standard`, where its source prints one; else 0 */
    tc_domain domain;
    const char *words;     /* NULL, or the words it accepts, space-separated; its value is then a word's place from 0 */
    bool optional;         /* may stay NAN; the model then leaves out what needs it */
} tc_model_input;

/* An intermediate result that is worth showing; a series is a vector. */
typedef struct {
    const char *name, *unit;
    bool series;
} tc_model_step;

/* How far the parameters behind a result are known to hold. */
#define TC_CALIBRATIONS(X)                                                                       \
    X(TC_UNCALIBRATED, "uncalibrated")             /* nobody has said how far: se is NAN */      \
    X(TC_PUBLISHED, "uncalibrated, published errors") /* of another market, in the model's source */ \
    X(TC_FITTED, "fitted")                         /* the caller gave a covariance */            \
    X(TC_NOTHING_TO_FIT, "nothing to fit")         /* the model has no parameter: se is NAN */
#define TC_AS_ENUM(name, word) name,
typedef enum { TC_CALIBRATIONS(TC_AS_ENUM) TC_CALIBRATION_COUNT } tc_calibration;
#undef TC_AS_ENUM

/* Room for the vectors of a result, lent by the caller; filled from the front. */
typedef struct {
    double *value;
    size_t room, used;
} tc_series_room;

typedef struct {
    double price;  /* rupees a share */
    double bps;    /* of the price */
    double rupees; /* of the whole order */
    double se;     /* of the expected cost in bps, from the parameters' errors; NAN: uncalibrated; 0: observed, nothing is fitted */
    double sd;     /* of the outcome in bps around the expected cost; NAN: the model does not say */
    tc_calibration calibration;
    unsigned contains; /* the model's bits TC_CONTAINS_, but for what these inputs leave out */
    double step[TC_STEPS_MAX];
    struct {
        const double *value; /* in the caller's room */
        size_t count;        /* 0: no room was lent, or no such series */
    } series[TC_STEPS_MAX];
} tc_model_result;

/* Costs that a model's result holds already, so that nobody adds them again. */
enum { TC_CONTAINS_SPREAD = 1, TC_CONTAINS_IMPACT = 2 };

typedef struct tc_model tc_model;
struct tc_model {
    const char *name;
    unsigned version; /* rises whenever the same inputs give another answer */
    tc_model_kind kind;
    unsigned contains; /* bits TC_CONTAINS_ */
    bool takes_book;   /* it needs bid and ask levels of a market (evaluate_on) */
    const char *summary, *source;
    const tc_model_input *inputs;
    size_t input_count;
    const tc_model_step *steps;
    size_t step_count;
    /* Inputs are complete and inside their domains. Sets one of price, bps and
     * rupees (the rest follow), steps, sd where it knows it, and se where no
     * parameter decides it. Fails only with TC_OUT_OF_DOMAIN (inputs that
     * contradict each other), TC_MARKET_MISSING or TC_VALUE_NEEDED (one of several
     * inputs that are each optional: the market's, a parameter), TC_NO_SOLUTION,
     * TC_OVERFLOW or TC_LIMIT. */
    tc_status (*evaluate)(tc_model_result *result, tc_error *error, const double *input, tc_series_room *room);
    /* Instead of evaluate(): a model of more than numbers, such as a whole book.
     * `market` is sound (tc_market_check); NULL: none is at hand, and the model
     * says TC_MARKET_MISSING unless it can do without. */
    tc_status (*evaluate_on)(tc_model_result *result, tc_error *error, const double *input, const tc_market *market,
                             tc_series_room *room);
    /* Slopes of the cost in bps in those inputs where a formula is at hand; the
     * others stay as they are, NAN, and are found by differences. May be NULL. */
    void (*slopes)(double *slope, const double *input, const tc_model_result *result);
};

/* The registry, in order of kind and name; NULL beyond its end. Static, immutable. */
const tc_model *tc_model_at(size_t index);
/* NULL: none of that name. */
const tc_model *tc_model_find(tc_text name);
const char *tc_model_kind_name(tc_model_kind kind);
const char *tc_model_role_name(tc_model_role role);
const char *tc_calibration_name(tc_calibration calibration);

/* The place of an input or step by its key or name; -1: none. */
int tc_model_input_find(const tc_model *model, tc_text key);
int tc_model_step_find(const tc_model *model, tc_text name);

/* Evaluates. `input` has input_count values in the model's order; NAN stands for
 * the standard, where there is one. `covariance` of the inputs (input_count
 * squared, row by row; zero where exact) gives `se` by the delta method; NULL:
 * standard errors that the model's source prints are used if every parameter is
 * at its standard, else se is NAN; `calibration` says which. `room` may be NULL: no series.
 * Allocates nothing; any number of threads. Errors: TC_VALUE_NEEDED (with the
 * key), TC_OUT_OF_DOMAIN, TC_NO_SOLUTION, TC_OVERFLOW, TC_LIMIT (`room`). */
tc_status tc_model_evaluate(tc_model_result *result, tc_error *error, const tc_model *model,
                            const double *input, const double *covariance, tc_series_room *room);

/* The same for models that look at a whole market (evaluate_on); others do not
 * notice it. NULL: none. TC_BAD_MARKET too, where such a model is given one
 * that contradicts itself, and TC_MARKET_MISSING. */
tc_status tc_model_evaluate_on(tc_model_result *result, tc_error *error, const tc_model *model, const double *input,
                               const double *covariance, const tc_market *market, tc_series_room *room);

#ifdef __cplusplus
}
#endif
#endif
