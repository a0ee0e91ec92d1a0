/* estimate.h - an order, its market and what it will cost: made by estimate.c, shown by estimated.c. */
#ifndef CLI_ESTIMATE_H
#define CLI_ESTIMATE_H

#include "order.h"

typedef struct {
    uint64_t row;         /* of a basket, from 1; 0: the order of the options */
    tc_request request;
    tc_trade trade;       /* as far as it was understood: date.day below TC_DATE_MIN, it was not */
    tc_market market;
    tc_execution how;
    tc_estimated cost;    /* where status is TC_OK */
    tc_status status;
    tc_error error;
} estimated_order;

/* Sums of a basket. Rupees, but for the exact totals. */
typedef struct {
    uint64_t orders, refused;
    wide value_nanos;               /* at arrival */
    cost_sum charges;
    wide part_nanos[TC_PART_COUNT];
    wide expected_nanos;
    bool complete;                  /* every charge is known */
    double error[TC_PART_COUNT];    /* sum of the parts' se: one model's parameters err alike for all orders; NAN: unknown */
    double variance, signed_risk;   /* sum of sd^2, and of side x sd; NAN: some order's is unknown */
    double correlation;
} basket_total;

void basket_add(basket_total *total, const estimated_order *o);
/* In rupees; NAN: unknown. With a correlation r between any two returns the
 * variance is (1 - r) sum sd^2 + r (sum side sd)^2: a purchase hedges a sale. */
double basket_se(const basket_total *total);
double basket_sd(const basket_total *total);

/* How orders are shown: begun once, one call an order, ended once. */
typedef struct {
    cli *c;
    bool basket;
    const tc_parameters *parameters; /* of --parameters, or NULL */
    sheet sheet;
    json json;
    number_style style;
} estimate_view;

void view_begin(estimate_view *v);
void view_order(estimate_view *v, const estimated_order *o);
void view_end(estimate_view *v, const basket_total *total);

#endif
