#include "calibrate.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "market/store/store.h"
#include "mode.h"
#include "text/input.h"

enum { REPLICATES = 200, REPLICATES_MAX = 100000, SEED = 1 };

/* What a store can tell of an order. */
#define FROM_STORE (1u << TC_X_ARRIVAL_PRICE | 1u << TC_X_ADV | 1u << TC_X_VOLATILITY | 1u << TC_X_SPREAD)

typedef struct {
    cli *c;
    const char *file;
} refusing;

static void refuse(void *context, const tc_error *why)
{
    refusing *r = context;
    complain_at(r->c, EXIT_NO_RESULT, r->file, why->line, "%s: %s", tc_status_code(why->status), why->message);
}

/* --- options --- */

static bool take_value(cli *c, const tc_model *model, const char *name, double *value, const char *pair, size_t size)
{
    char copy[80], *end;
    const char *equals = memchr(pair, '=', size);
    int at = equals ? tc_model_input_find(model, (tc_text){pair, (size_t)(equals - pair)}) : -1;
    if (at < 0 || model->inputs[at].role != TC_ROLE_PARAMETER || size >= sizeof copy) {
        complain(c, EXIT_USAGE, "--%s: \"%.*s\" is not PARAMETER=NUMBER; see tradecost model show %s", name, (int)size, pair,
                 model->name);
        return false;
    }
    memcpy(copy, pair, size);
    copy[size] = '\0';
    value[at] = strtod(copy + (equals - pair) + 1, &end);
    tc_domain d = model->inputs[at].domain;
    bool inside = value[at] >= d.low && value[at] <= d.high && !(d.low_open && value[at] == d.low) &&
                  !(d.high_open && value[at] == d.high);
    if (equals[1] && !*end && isfinite(value[at]) && inside) return true;
    complain(c, EXIT_USAGE, "--%s: %s: \"%s\" is no number that %s takes", name, model->inputs[at].key,
             copy + (equals - pair) + 1, model->name);
    return false;
}

/* y=1,delta=0.5 */
static bool take_values(cli *c, const tc_model *model, option_id id, const char *name, double *value)
{
    const char *at = c->args.value[id];
    for (size_t i = 0; i < TC_INPUTS_MAX; i++) value[i] = NAN;
    while (at && *at) {
        size_t size = strcspn(at, ",");
        if (!take_value(c, model, name, value, at, size)) return false;
        at += size + (at[size] == ',');
    }
    return true;
}

bool option_count(cli *c, option_id id, const char *name, unsigned most, unsigned *value)
{
    const char *text = c->args.value[id];
    char *end;
    if (!text) return true;
    errno = 0;
    unsigned long count = strtoul(text, &end, 10);
    if (*text >= '0' && *text <= '9' && !*end && !errno && count <= most) {
        *value = (unsigned)count;
        return true;
    }
    complain(c, EXIT_USAGE, "--%s: bad number: \"%s\" is not a whole number up to %u", name, text, most);
    return false;
}

static bool take_loss(cli *c, tc_fit_loss *loss)
{
    const char *word = c->args.value[OPT_LOSS];
    *loss = TC_LOSS_HUBER;
    for (int i = 0; word && i < TC_LOSS_COUNT; i++)
        if (!strcmp(word, tc_fit_loss_name((tc_fit_loss)i))) *loss = (tc_fit_loss)i;
    return true;
}

static bool read_options(cli *c, tc_calibrate_options *options)
{
    const char *name = c->args.value[OPT_MODEL];
    *options = (tc_calibrate_options){.replicates = REPLICATES, .seed = SEED};
    if (!name) {
        complain(c, EXIT_USAGE, "--model is needed; see tradecost model list");
        return false;
    }
    options->model = model_named(c, name);
    if (!options->model) return false;
    if (options->model->kind != TC_IMPACT_MODEL) {
        complain(c, EXIT_USAGE, "--model: %s is a model of %s; only impact is fitted", name,
                 tc_model_kind_name(options->model->kind));
        return false;
    }
    return take_loss(c, &options->loss) && take_values(c, options->model, OPT_FIX, "fix", options->fixed) &&
           take_values(c, options->model, OPT_START, "start", options->start) && option_seed(c, &options->seed, SEED) &&
           option_count(c, OPT_BOOTSTRAP, "bootstrap", REPLICATES_MAX, &options->replicates) &&
           option_count(c, OPT_BUCKETS, "buckets", TC_BUCKETS_MAX, &options->buckets);
}

/* --- orders --- */

static void take_unknown(double *to, double value)
{
    if (!tc_is_known(*to)) *to = value;
}

/* Conditions as known when the order arrived. A time is needed: at the close of its day its own trades would be known. */
static tc_status ask_store(tc_fit_order *o, tc_error *error, tc_store *store)
{
    const tc_security which = {o->exchange, o->symbol, o->series, o->isin};
    tc_market market;
    if (o->time == INT64_MIN)
        return tc_fail(error, TC_VALUE_NEEDED, "time", "the store is asked as of a time, and the order has none");
    tc_status status = tc_store_market(store, &market, error, &which, o->time, NULL);
    if (!status) status = tc_market_check(&market, error);
    if (status) return status;
    double mid = tc_market_mid(&market), spread = tc_market_spread(&market) / mid;
    bool fresh = !(market.flags & TC_MF_STALE);
    take_unknown(&o->value[TC_X_ARRIVAL_PRICE], tc_is_known(mid) || !fresh ? mid : market.value[TC_M_LAST]);
    take_unknown(&o->value[TC_X_ADV], market.value[TC_M_ADV]);
    take_unknown(&o->value[TC_X_VOLATILITY], market.value[TC_M_VOLATILITY]);
    take_unknown(&o->value[TC_X_SPREAD], tc_is_known(spread) ? spread : market.value[TC_M_SPREAD]);
    take_unknown(&o->value[TC_X_SHARES_OUTSTANDING], market.value[TC_M_SHARES_OUTSTANDING]);
    return TC_OK;
}

static bool fill_from_store(cli *c, tc_fit_orders *list, refusing *r)
{
    tc_store *store;
    tc_error error = {0};
    size_t left = 0;
    tc_status status = tc_store_open(&store, &error, c->args.value[OPT_STORE], true);
    if (status) {
        complain(c, exit_status_of(status), "--store: %s: %s", tc_status_code(status), error.message);
        return false;
    }
    for (size_t i = 0; i < list->count; i++) {
        tc_error why = {0};
        status = ask_store(&list->order[i], &why, store);
        if (status == TC_IO || status == TC_LOCKED || status == TC_BAD_FORMAT) {
            complain(c, exit_status_of(status), "--store: %s: %s", tc_status_code(status), why.message);
            break;
        }
        if (!status) {
            list->order[left++] = list->order[i];
            continue;
        }
        why.line = list->order[i].line;
        list->refused++;
        refuse(r, &why);
        status = TC_OK;
    }
    list->count = left;
    tc_store_close(store);
    return !status;
}

static bool read_orders(cli *c, tc_fit_orders *list, refusing *r)
{
    tc_input input;
    tc_error error = {0};
    uint32_t may_miss = c->args.value[OPT_STORE] ? FROM_STORE : 0;
    tc_status status = tc_input_open(&input, &error, r->file);
    if (!status) {
        status = tc_fit_orders_read(list, &error, tc_input_read, &input, may_miss, refuse, r);
        tc_input_close(&input);
    }
    if (status) complain_file(c, r->file, status, &error);
    return !status;
}

/* --- the command --- */

static bool orders_only(cli *c)
{
    bool ticks = c->args.value[OPT_QUOTES] || c->args.value[OPT_LAG] || c->args.value[OPT_KERNEL_LAGS] || c->args.order.field[TC_F_SYMBOL].size;
    if (ticks) complain(c, EXIT_USAGE, "--quotes, --lag, --lags and --symbol are for --model propagator");
    return !ticks;
}

/* With --output and no --format it is the parameter file that is wanted there, and the report here. */
static void put_result(cli *c, const tc_calibrated *found)
{
    bool to_file = c->args.value[OPT_OUTPUT] != NULL;
    sheet_format format = to_file && !c->args.value[OPT_FORMAT] ? FORMAT_JSON : c->format;
    if (format == FORMAT_HTML) put_calibrated_page(&c->out.text, found);
    else if (format == FORMAT_JSON || format == FORMAT_NDJSON) put_calibrated_json(&c->out.text, format == FORMAT_JSON, found);
    else if (format == FORMAT_TABLE) put_calibrated_report(c, &c->out, found);
    else put_calibrated_rows(&c->out, format, found);
    if (!to_file || c->quiet) return;
    output report;
    output_open(&report, NULL);
    put_calibrated_report(c, &report, found);
    output_close(&report);
}

void run_calibrate(cli *c)
{
    tc_calibrate_options options;
    tc_fit_orders list;
    tc_calibrated *found;
    tc_error error = {0};
    refusing r = {c, c->args.operands[0]};
    if (c->args.value[OPT_MODEL] && !strcmp(c->args.value[OPT_MODEL], "propagator")) {
        calibrate_kernel(c);
        return;
    }
    if (!orders_only(c) || !read_options(c, &options) || !read_orders(c, &list, &r)) return;
    found = need_memory(NULL, 1, sizeof *found);
    if (!c->args.value[OPT_STORE] || fill_from_store(c, &list, &r)) {
        tc_status status = tc_calibrate(found, &error, &options, &list, refuse, &r);
        if (status) complain(c, exit_status_of(status), "%s: %s", tc_status_code(status), error.message);
        else put_result(c, found);
        if (!status) tc_calibrated_free(found);
    }
    free(found);
    tc_fit_orders_free(&list);
}
