/* estimate.h - an order, its market and what it will cost: made by estimate.c, shown by estimated.c
 * as rows, JSON or tables, each in a file of its own. */
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
    double correlation;             /* between any two returns */
} basket_total;

/* What an order or a basket is expected to come to, in rupees; NAN: unknown. */
typedef struct {
    double value;        /* at arrival */
    wide expected_nanos; /* exact, where it is complete */
    bool complete;       /* every charge is known */
    double expected, se, sd, quantile[TC_QUANTILE_COUNT];
    const char *no_sd;   /* why sd would be unknown */
} outlook;

/* Sums, estimate_sums.c. With a correlation r between any two returns a basket's variance is
 * (1 - r) sum sd^2 + r (sum side sd)^2: a purchase hedges a sale. */
void basket_add(basket_total *total, const estimated_order *o);
outlook basket_outlook(const basket_total *total);
outlook order_outlook(const tc_estimated *cost);
double value_of(const tc_estimated *cost); /* rupees at arrival */
double rupees_of(const tc_estimated *cost, double bps);

/* How orders are shown: begun once, one call an order, ended once. */
typedef struct estimate_way estimate_way;
typedef struct {
    cli *c;
    bool basket;
    const tc_parameters *parameters; /* of --parameters, or NULL */
    const estimate_way *way;         /* of --format */
    sheet sheet;
    json json;
    number_style style;
} estimate_view;

void view_begin(estimate_view *v);
void view_order(estimate_view *v, const estimated_order *o);
void view_end(estimate_view *v, const basket_total *total); /* NULL: the order of the options */

struct estimate_way {
    void (*begin)(estimate_view *v);
    void (*add)(estimate_view *v, const estimated_order *o);
    void (*end)(estimate_view *v, const basket_total *total);
};
extern const estimate_way as_rows, as_json, as_table, as_basket_table;

/* What the ways share. */
extern const char *const quantile_names[TC_QUANTILE_COUNT];
const char *interval_of(double se, double sd); /* what is known of one, in words; NULL: nothing */
const char *market_flag_word(unsigned bit);
const char *market_flag_meaning(unsigned bit);
void time_text(char text[TC_MOMENT_TEXT_SIZE], int64_t time); /* yyyy-mm-ddThh:mm:ss of India; "" where unknown */
tc_text money_text(char *room, wide nanos);

#endif
