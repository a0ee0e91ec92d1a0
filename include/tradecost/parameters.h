/* parameters.h - what a calibration has found for one model.
 *
 * `tradecost calibrate` writes these to a file; its reader is src/io/parameters.h,
 * outside the library, which needs no JSON. Plain numbers: copy them as you like. */
#ifndef TRADECOST_PARAMETERS_H
#define TRADECOST_PARAMETERS_H

#include "model.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { TC_BUCKETS_MAX = 16 };

/* Values and errors of a model's parameters, in the order of its inputs. */
typedef struct {
    double value[TC_INPUTS_MAX];                      /* NAN: not a parameter of this file */
    double covariance[TC_INPUTS_MAX * TC_INPUTS_MAX]; /* input_count squared, row by row, as tc_model_evaluate() takes it;
                                                         0 where a value was fixed, not fitted */
} tc_parameter_set;

typedef struct {
    const tc_model *model;
    uint64_t orders;      /* that were fitted */
    tc_date first, last;  /* their days */
    char digest[65];      /* SHA-256 of the data */
    double scale;         /* of outcomes about the model, over what volatility and duration explain: near 1 if timing risk is all */
    bool net_of_spread;   /* half the quoted spread was taken off the costs first: add it to what the model says */
    tc_parameter_set pooled;
    size_t bucket_count;  /* of liquidity; 0: the pooled set serves all */
    struct {
        double from;      /* average daily traded value, rupees: at least; the first is 0 */
        tc_parameter_set set;
    } bucket[TC_BUCKETS_MAX];
} tc_parameters;

/* The set for a security that trades `value` rupees a day (adv x price); the
 * pooled one where that is unknown (NAN) or there are no buckets. */
const tc_parameter_set *tc_parameters_for(const tc_parameters *parameters, double value);

/* Puts the set's values into `input` where it is still NAN. */
void tc_parameters_fill(double *input, const tc_model *model, const tc_parameter_set *set);

#ifdef __cplusplus
}
#endif
#endif
