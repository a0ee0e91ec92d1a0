/* inner.h - what the files of the fit share. */
#ifndef TC_MODELS_FIT_INNER_H
#define TC_MODELS_FIT_INNER_H

#include <math.h>

#include "fit.h"

/* rho, its slope and its curvature at a residual in units of the scale. */
typedef struct {
    double loss, slope, curvature;
} tc_loss_point;
tc_loss_point tc_loss_at(tc_fit_loss loss, double residual);

/* 1.4826 times the median size of residuals that count. `scratch` has count pairs. */
double tc_fit_spread(const double *residual, const double *times, size_t count, double *scratch);

static inline double tc_fit_times(const tc_fit_problem *p, size_t i) { return p->times ? p->times[i] : 1; }
static inline double tc_fit_sd(const tc_fit_problem *p, size_t i) { return p->sd ? p->sd[i] : 1; }

/* A parameter is sought as u, free of bounds: see coordinate.c. */
double tc_fit_inward(const tc_fit_parameter *parameter, double value);  /* u */
double tc_fit_outward(const tc_fit_parameter *parameter, double u);     /* value */
double tc_fit_outward_slope(const tc_fit_parameter *parameter, double u); /* dvalue/du */
/* The bound that the value has all but reached; NAN: none. */
double tc_fit_near_bound(const tc_fit_parameter *parameter, double value);
/* Two-sided 95 % point of Student's t. */
double tc_fit_student(double freedom);

/* Fills in errors, scale and condition of a fit whose values are found; `residual`
 * is in units of sd. */
tc_status tc_fit_errors(tc_fit *fit, tc_error *error, const tc_fit_problem *problem, const double *residual, double *influence);

#endif
