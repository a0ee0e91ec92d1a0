/* design.h - executed orders as observations of a model: what was paid, what the
 * model may know of each, how far chance moves it. */
#ifndef TC_MODELS_FIT_DESIGN_H
#define TC_MODELS_FIT_DESIGN_H

#include "fit.h"
#include "orders.h"
#include "tradecost/model.h"

/* What a parameter does in its model, for what data must show before it is fitted. */
typedef enum { TC_PART_COEFFICIENT, TC_PART_EXPONENT, TC_PART_SHARE, TC_PART_OTHER } tc_fit_part;

/* What an exponent is of. */
#define TC_FIT_DRIVERS(X)                                                 \
    X(TC_DRIVE_SIZE, "Q/V", 2) X(TC_DRIVE_RATE, "Q/(VT)", 2)              \
    X(TC_DRIVE_TURNOVER, "Theta/V", 0.3) X(TC_DRIVE_VOLATILITY, "sigma", 0.3) \
    X(TC_DRIVE_PARTICIPATION, "POV", 0.3)
#define TC_AS_ENUM(name, word, decades) name,
typedef enum { TC_FIT_DRIVERS(TC_AS_ENUM) TC_DRIVE_COUNT } tc_fit_driver;
#undef TC_AS_ENUM

typedef struct tc_design tc_design;

/* One fit: an observed quantity, the step of the model that explains it, its parameters. */
typedef struct {
    const tc_design *design;
    int step;     /* of the model; -1: its cost */
    double share; /* of that step in the cost */
    const double *observed, *sd; /* bps */
    size_t count;
    size_t input[TC_FIT_MAX];    /* of the model, a parameter each */
    tc_fit_part part[TC_FIT_MAX];
    tc_fit_driver driver[TC_FIT_MAX];
    double usual[TC_FIT_MAX];    /* where it is fixed if the data cannot tell it */
    char reason[TC_FIT_MAX][160]; /* why it is fixed; empty: it is not */
    tc_fit_problem problem;
} tc_stage;

struct tc_design {
    const tc_model *model;
    size_t count;
    const tc_fit_order **order; /* by date, then line */
    double *input;             /* a row an order, a column an input; parameters NAN */
    double *cost;              /* bps of arrival, half the spread taken off where net_of_spread */
    double *half_spread;       /* bps; 0 where not net */
    double *sd;                /* bps: what chance does to the cost while it is executed */
    double *permanent, *permanent_sd, *temporary, *temporary_sd; /* two stages only */
    double value[TC_INPUTS_MAX]; /* of every parameter: fixed ones, and what was found */
    bool net_of_spread, timed; /* timed: durations are known */
    size_t without_spread, refused;
    tc_stage stage[2];
    size_t stage_count;
    void *memory;
};

/* The orders that the model can be evaluated for; others are told to `refuse`.
 * `fixed` and `start`: by input, NAN where not given. TC_VALUE_NEEDED (no order is
 * left), TC_NOT_IDENTIFIED (nothing to fit), TC_LIMIT, TC_NO_MEMORY. */
tc_status tc_design_open(tc_design *design, tc_error *error, const tc_model *model, const tc_fit_orders *list,
                         const double *fixed, const double *start, tc_refuse_fn *refuse, void *context);
void tc_design_close(tc_design *design);

/* What the model says at the values found: the cost of order `at` in bps, net as in `cost`. */
double tc_design_cost(const tc_design *design, size_t at);
/* The same of one stage. */
double tc_design_stage_value(const tc_stage *stage, size_t at);

double tc_design_driver(const tc_design *design, tc_fit_driver driver, size_t at);
const char *tc_fit_driver_name(tc_fit_driver driver);
double tc_fit_driver_decades(tc_fit_driver driver); /* that it must span */

#endif
