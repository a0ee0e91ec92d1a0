#include <math.h>

#include "estimate.h"

double value_of(const tc_estimated *cost)
{
    return cost->arrival * (double)cost->quantity.micros / TC_MICROS_PER_RUPEE;
}

double rupees_of(const tc_estimated *cost, double bps)
{
    return bps / 1e4 * value_of(cost);
}

void basket_add(basket_total *total, const estimated_order *o)
{
    const tc_estimated *cost = &o->cost;
    total->orders++;
    if (o->status) {
        total->refused++;
        return;
    }
    double risk = rupees_of(cost, cost->sd), side = o->trade.sel[TC_SEL_SIDE] == TC_SELL ? -1 : 1;
    total->value_nanos += (wide)o->trade.price.micros * cost->quantity.micros / 1000;
    cost_sum_add(&total->charges, &cost->charges);
    total->complete &= tc_cost_complete(&cost->charges);
    for (int i = 0; i < TC_PART_COUNT; i++) {
        if (!cost->part[i].model) continue;
        total->part_nanos[i] += cost->part[i].rupees.nanos;
        total->error[i] += rupees_of(cost, cost->part[i].se);
    }
    total->expected_nanos += cost->expected.nanos;
    total->variance += risk * risk;
    total->signed_risk += side * risk;
}

static double basket_se(const basket_total *total)
{
    double sum = 0;
    for (int i = 0; i < TC_PART_COUNT; i++) sum += total->error[i] * total->error[i];
    return sqrt(sum);
}

static double basket_sd(const basket_total *total)
{
    return sqrt((1 - total->correlation) * total->variance + total->correlation * total->signed_risk * total->signed_risk);
}

/* Quantiles of a normal distribution with both errors; the expectation stands even where they are unknown. */
static outlook with_quantiles(outlook o)
{
    static const double z95 = 1.6448536269514722;
    double width = z95 * hypot(isnan(o.se) ? 0 : o.se, o.sd);
    o.quantile[TC_QUANTILE_05] = o.expected - width;
    o.quantile[TC_QUANTILE_50] = o.expected;
    o.quantile[TC_QUANTILE_95] = o.expected + width;
    return o;
}

outlook order_outlook(const tc_estimated *cost)
{
    return with_quantiles((outlook){.value = value_of(cost), .expected_nanos = cost->expected.nanos, .complete = tc_cost_complete(&cost->charges),
        .expected = rupees_of(cost, cost->expected_bps), .se = rupees_of(cost, cost->se), .sd = rupees_of(cost, cost->sd), .no_sd = "no duration"});
}

outlook basket_outlook(const basket_total *total)
{
    return with_quantiles((outlook){.value = (double)total->value_nanos / 1e9, .expected_nanos = total->expected_nanos, .complete = total->complete,
        .expected = total->complete ? (double)total->expected_nanos / 1e9 : NAN, .se = basket_se(total), .sd = basket_sd(total),
        .no_sd = "unknown for an order"});
}
