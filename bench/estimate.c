/* An estimate with the market in hand, with and without its exact charges. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "tradecost/tradecost.h"

typedef struct {
    const char *name, *impact; /* NULL: by rule */
    double delay;
    bool fitted, at_once;
} subject;

static tc_text text(const char *words) { return (tc_text){words, strlen(words)}; }

static tc_trade trade_of(void)
{
    static const struct {
        tc_field field;
        const char *value;
    } given[] = {{TC_F_BROKER, "zerodha"}, {TC_F_EXCHANGE, "NSE"}, {TC_F_PRODUCT, "delivery"}, {TC_F_SIDE, "buy"},
                 {TC_F_QUANTITY, "1000"}, {TC_F_PRICE, "100"}, {TC_F_DATE, "2026-04-02"}, {TC_F_STATE, "MH"}};
    tc_request request;
    tc_context context;
    tc_trade trade;
    memset(&request, 0, sizeof request);
    memset(&context, 0, sizeof context);
    for (size_t i = 0; i < sizeof given / sizeof *given; i++) request.field[given[i].field] = text(given[i].value);
    if (tc_resolve(&trade, NULL, tc_book_builtin(), &request, &context)) exit(1);
    return trade;
}

static tc_market market_of(bool with_book)
{
    tc_market market;
    tc_market_clear(&market);
    market.value[TC_M_BID] = 99.95;
    market.value[TC_M_ASK] = 100.05;
    market.value[TC_M_ADV] = 1e6;
    market.value[TC_M_VOLATILITY] = 0.02;
    market.value[TC_M_SHARES_OUTSTANDING] = 5e8;
    for (int i = 0; i < 5 && with_book; i++) {
        market.bid[i] = (tc_depth){99.95 - i * 0.05, 300};
        market.ask[i] = (tc_depth){100.05 + i * 0.05, 300};
        market.bid_levels = market.ask_levels = 5;
    }
    return market;
}

/* Parameters a tenth uncertain, each for itself. */
static const tc_parameters *parameters_of(const tc_model *model)
{
    static tc_parameters made;
    memset(&made, 0, sizeof made);
    made.model = model;
    made.scale = 1.2;
    made.net_of_spread = true;
    for (size_t i = 0; i < model->input_count; i++) {
        double value = model->inputs[i].role == TC_ROLE_PARAMETER ? model->inputs[i].standard : NAN;
        made.pooled.value[i] = value;
        made.pooled.covariance[i * model->input_count + i] = isnan(value) ? 0 : value * value / 100;
    }
    return &made;
}

static double quote_ns(tc_trade trade)
{
    static double samples[SAMPLES];
    const tc_options options = {TC_EXACT, false};
    tc_cost cost;
    for (int s = 0; s < SAMPLES; s++) {
        double start = now_ns();
        for (int i = 0; i < BATCH; i++)
            if (tc_quote(&cost, NULL, tc_book_builtin(), &trade, &options)) exit(1);
        samples[s] = (now_ns() - start) / BATCH;
    }
    return median(samples, SAMPLES);
}

static double estimate_ns(const subject *of)
{
    static double samples[SAMPLES];
    static tc_estimated cost;
    tc_trade trade = trade_of();
    tc_market market = market_of(of->at_once);
    const tc_model *impact = tc_model_find(text(of->impact ? of->impact : "square-root"));
    const tc_parameters *parameters = parameters_of(impact);
    const tc_execution how = {.duration = of->at_once ? NAN : 0.5, .participation = NAN, .delay = of->delay, .minute = NAN};
    tc_estimate_options options = {.parameters = &parameters, .parameter_count = of->fitted};
    if (of->impact) options.model[TC_PART_IMPACT] = impact;
    for (int s = 0; s < SAMPLES; s++) {
        double start = now_ns();
        for (int i = 0; i < BATCH; i++) {
            market.value[TC_M_VOLATILITY] = 0.02 + i * 1e-6; /* never the same market twice */
            if (tc_estimate(&cost, NULL, tc_book_builtin(), &trade, &market, &how, &options)) exit(1);
        }
        samples[s] = (now_ns() - start) / BATCH;
    }
    return median(samples, SAMPLES);
}

void bench_estimate(void)
{
    static const subject subjects[] = {
        {"by rule", NULL, 0, false, false},
        {"by rule, delayed", NULL, 60, false, false},
        {"fitted", NULL, 60, true, false},
        {"almgren2005", "almgren2005", 60, false, false},
        {"into a book", NULL, 0, false, true},
    };
    double charges = quote_ns(trade_of());
    for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++) {
        double ns = estimate_ns(&subjects[i]);
        printf("estimate %-16s %8.0f ns   of which charges %.0f ns, the rest %.0f ns\n", subjects[i].name, ns, charges, ns - charges);
    }
}
