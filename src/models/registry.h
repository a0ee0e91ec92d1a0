/* registry.h - what every model file shares. A model is one file that defines
 * `const tc_model tc_model_NAME`, and one line in the table below. */
#ifndef TC_MODELS_REGISTRY_H
#define TC_MODELS_REGISTRY_H

#include <math.h>

#include "tradecost/model.h"

/* Every model there is, in order of kind and name. */
#define TC_MODELS(X)                                                                              \
    X(estimated_spread) X(log_linear_spread) X(quoted_half_spread) X(quoted_or_edge)              \
    X(tick_floor_spread) X(volatility_spread)                                                     \
    X(book_walk) X(delay) X(lean_constant) X(lean_market_impact) X(lean_volume_share)             \
    X(participation) X(qlib) X(seed_condition_slippage) X(seed_delay_slippage)                    \
    X(seed_size_slippage) X(seed_slippage) X(zipline_fixed_bps)                                   \
    X(zipline_volatility_volume_share) X(zipline_volume_share)                                    \
    X(almgren2005) X(cvxportfolio) X(frazzini_israel_moskowitz) X(istar) X(jpm) X(kyle)           \
    X(kyle_obizhaeva) X(linear) X(log_saturating) X(propagator_relaxation) X(seed_adaptive)       \
    X(seed_linear) X(seed_square_root) X(square_root)                                             \
    X(exponential_timing) X(timing_risk)                                                          \
    X(almgren_chriss) X(almgren2003) X(obizhaeva_wang) X(propagator)

#define TC_AS_MODEL(name) extern const tc_model tc_model_##name;
TC_MODELS(TC_AS_MODEL)
#undef TC_AS_MODEL

#define TC_ANY {-INFINITY, INFINITY, true, true}
#define TC_ABOVE(bound) {bound, INFINITY, true, true}
#define TC_AT_LEAST(bound) {bound, INFINITY, false, true}
#define TC_BETWEEN(from, to) {from, to, true, true}       /* neither end */
#define TC_WITHIN(from, to) {from, to, false, false}      /* both ends */
#define TC_COUNT_OF(array) (sizeof(array) / sizeof *(array))

#define TC_INPUTS(array) .inputs = (array), .input_count = TC_COUNT_OF(array)
#define TC_STEPS(array) .steps = (array), .step_count = TC_COUNT_OF(array)

#define TC_BPS 1e4 /* of one */

/* tc_model_evaluate_on() of a market that was found sound already. */
tc_status tc_model_evaluate_sound(tc_model_result *result, tc_error *error, const tc_model *model, const double *input,
                                  const double *covariance, const tc_market *market, tc_series_room *room);

/* Room for a series of `count`; NULL: none was lent (then *status is TC_OK) or
 * it is too small (TC_LIMIT). */
double *tc_series_take(tc_series_room *room, size_t count, tc_status *status, tc_error *error);

/* TC_OUT_OF_DOMAIN unless `value` is whole, as counts are. */
tc_status tc_whole(tc_error *error, const tc_model_input *input, double value);

#endif
