/* calibrate.h - a model fitted to executed orders, and how far to believe it.
 *
 * The same orders, options and seed give the same result to the last bit. */
#ifndef TC_MODELS_FIT_CALIBRATE_H
#define TC_MODELS_FIT_CALIBRATE_H

#include "design.h"
#include "tradecost/parameters.h"

enum { TC_FIT_ORDERS_LEAST = 10, TC_FIT_ORDERS_MIN = 50, TC_BIN_ORDERS_MIN = 25, TC_BINS_MAX = 12, TC_PROFILE_POINTS = 25,
      TC_WARNINGS_MAX = 16 };

typedef struct {
    const tc_model *model;
    double fixed[TC_INPUTS_MAX], start[TC_INPUTS_MAX]; /* by input; NAN: not given */
    tc_fit_loss loss;
    unsigned replicates;  /* of bootstrap, shuffles and simulations; 0: none of these */
    uint64_t seed;
    unsigned buckets;     /* of liquidity, for pooling; below 2: none */
} tc_calibrate_options;

typedef struct {
    const char *name, *unit;
    size_t input;              /* of the model */
    double value, se, low, high; /* 95 % interval; NAN where fixed */
    double bound_low, bound_high;
    double formula_se;         /* without the bootstrap: of covariance or sandwich */
    double bias, bias_se;      /* of the estimator at this value on these orders, by simulation; NAN: not done */
    bool fixed, at_bound;
    char reason[160];          /* why it was not fitted */
} tc_calibrated_parameter;

/* Errors of forecasts of the whole cost, bps. NAN: could not be made. */
typedef struct {
    double mean_absolute, root_mean_square;
} tc_forecast;

typedef struct {
    double x, observed, se, predicted; /* x: Q/V, or the prediction */
    size_t orders;
} tc_bin;

typedef struct {
    double from;               /* rupees traded a day */
    size_t orders;
    double own, own_se;        /* of the first coefficient, from its own orders; NAN: fewer than TC_FIT_ORDERS_MIN */
    double pooled, pooled_se;  /* the same, shrunk */
} tc_bucket_report;

typedef struct {
    tc_parameters parameters;
    tc_calibrate_options options;
    const char *errors;        /* what they are by: covariance, sandwich, or a bootstrap and its blocks */
    size_t parameter_count;
    tc_calibrated_parameter parameter[TC_INPUTS_MAX];
    size_t orders, refused, days, securities, buys;
    double decades;            /* that Q/V spans */
    tc_fit stage[2];
    size_t stage_count;
    unsigned starts;           /* tried, all stages */
    unsigned bootstrap_failed; /* replicates without a fit */

    double z_mean, z_sd, *z;   /* (cost - model)/sd, an order each */
    double within[3];          /* share of outcomes below the 5, 50 and 95 % quantile forecast */

    bool forecast_made;
    size_t forecast_orders;    /* predicted from what was known before their day */
    tc_forecast model, constant, spread;
    double gain, gain_se;      /* mean absolute error of `constant` less that of the model, bps; se over days */
    double r2_binned;          /* of bin means */

    bool shuffled;             /* there are buys and sells, and replicates were asked for */
    double slope, shuffled_mean, shuffled_sd, shuffled_p;

    size_t bin_count, curve_count;
    tc_bin bin[TC_BINS_MAX];   /* by Q/V; costs in daily volatilities */
    tc_bin curve[TC_BINS_MAX]; /* by prediction; bps */

    size_t profile_of;         /* parameter */
    size_t profile_count;
    double profile_at[TC_PROFILE_POINTS], profile_rise[TC_PROFILE_POINTS];

    double between;            /* tau^2 of the logarithm between buckets */
    size_t bucket_count;
    tc_bucket_report bucket[TC_BUCKETS_MAX];

    size_t warning_count;
    char warning[TC_WARNINGS_MAX][200];
} tc_calibrated;

/* Fits, checks and reports. Orders that the model cannot take are told to `refuse`.
 * Errors: TC_VALUE_NEEDED (no orders), TC_NOT_IDENTIFIED
 * (fewer than TC_FIT_ORDERS_LEAST, or not even the coefficient can be told), TC_NO_SOLUTION, TC_LIMIT, TC_NO_MEMORY. */
tc_status tc_calibrate(tc_calibrated *result, tc_error *error, const tc_calibrate_options *options, const tc_fit_orders *list,
                       tc_refuse_fn *refuse, void *context);
void tc_calibrated_free(tc_calibrated *result);

/* --- its parts, each in a file of its own --- */

/* Refits every stage from the values found (warm) or from several starts. `times` and
 * `observed` (by stage) stand in for the design's own; NULL: not. */
tc_status tc_refit(tc_fit fit[2], double *value, tc_error *error, const tc_design *design, const double *times,
                   const double *const *observed, double tolerance);

/* resample.c */
tc_status tc_bootstrap(tc_calibrated *result, tc_error *error, const tc_design *design);
tc_status tc_measure_bias(tc_calibrated *result, tc_error *error, const tc_design *design);
tc_status tc_shuffle_sides(tc_calibrated *result, tc_error *error, const tc_design *design);
/* validate.c */
tc_status tc_forecast_rolling(tc_calibrated *result, tc_error *error, const tc_design *design);
tc_status tc_measure_fit(tc_calibrated *result, tc_error *error, const tc_design *design);
/* bucket.c */
tc_status tc_pool_buckets(tc_calibrated *result, tc_error *error, const tc_design *design);

void tc_calibrated_warn(tc_calibrated *result, const char *text, ...) TC_PRINTF(2, 3);

#endif
