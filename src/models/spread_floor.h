/* spread_floor.h - what the models of a spread that nobody quoted share. */
#ifndef TC_MODELS_SPREAD_FLOOR_H
#define TC_MODELS_SPREAD_FLOOR_H

#include "registry.h"

/* A spread in rupees, never below one tick; a tick that is not known floors nothing. */
static inline double tc_spread_floored(double spread, double tick)
{
    return tick > spread ? tick : spread;
}

/* Half of a spread in rupees as a model's result, in bps of `price`. */
static inline void tc_spread_half(tc_model_result *result, double spread, double price)
{
    result->price = spread / 2;
    result->bps = spread / 2 / price * TC_BPS;
}

#endif
