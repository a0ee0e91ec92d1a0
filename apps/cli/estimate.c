#include "estimate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "depth.h"
#include "edge.h"
#include "given.h"
#include "io/parameters.h"
#include "io/reader.h"

/* What all orders of a run share. */
struct estimate_run {
    cli *c;
    given_market given;
    tc_execution how;
    tc_estimate_options options;
    tc_parameters *parameters;
    const tc_parameters *parameter_list[1];
    tc_chosen *chosen;
    size_t chosen_count;
    basket_total total;
    estimate_view view;
};

/* Options: how the order is worked. */

static bool read_execution(struct estimate_run *r)
{
    cli *c = r->c;
    double minutes;
    r->how = (tc_execution){.duration = NAN, .participation = NAN, .minute = NAN};
    if (c->args.value[OPT_DURATION]) {
        if (!given_duration(c, "--duration", c->args.value[OPT_DURATION], 0, &minutes)) return false;
        r->how.duration = minutes / TC_SESSION_MINUTES;
    }
    if (c->args.value[OPT_DELAY]) {
        if (!given_duration(c, "--delay", c->args.value[OPT_DELAY], 0, &minutes)) return false;
        r->how.delay = minutes * 60;
    }
    const char *pov = c->args.value[OPT_POV], *correlation = c->args.value[OPT_CORRELATION];
    if (pov && !real_read(c, "--pov", pov, &r->how.participation)) return false;
    if (correlation && !real_read(c, "--correlation", correlation, &r->total.correlation)) return false;
    if (r->total.correlation >= 0 && r->total.correlation <= 1) return true;
    complain(c, EXIT_USAGE, "--correlation: must be from 0 to 1");
    return false;
}

/* Options: models and their inputs. */

static const char *model_name_at(const void *context, size_t index)
{
    (void)context;
    const tc_model *model = tc_model_at(index);
    return model ? model->name : NULL;
}

static const tc_model *find_model(cli *c, const char *said, tc_text name)
{
    const tc_model *found = tc_model_find(name);
    if (found) return found;
    const char *like = nearest(name, model_name_at, NULL);
    complain(c, EXIT_USAGE, "%s: unknown model \"%.*s\"; %s%s", said, (int)name.size, name.data,
             like ? "did you mean " : "see tradecost model list", like ? like : "");
    return NULL;
}

static bool choose_model(struct estimate_run *r, option_id id, const char *name, tc_part part, tc_model_kind kind)
{
    const char *value = r->c->args.value[id];
    if (!value) return true;
    if (!strcmp(value, "none")) {
        r->options.without |= 1u << part;
        return true;
    }
    const tc_model *model = r->options.model[part] = find_model(r->c, name, tc_text_of(value));
    if (!model) return false;
    if (model->kind == kind) return true;
    complain(r->c, EXIT_USAGE, "%s: %s is a model of %s", name, model->name, tc_model_kind_name(model->kind));
    return false;
}

static tc_chosen *chosen_for(struct estimate_run *r, const tc_model *model)
{
    for (size_t i = 0; i < r->chosen_count; i++)
        if (r->chosen[i].model == model) return &r->chosen[i];
    r->chosen = need_memory(r->chosen, r->chosen_count + 1, sizeof *r->chosen);
    tc_chosen *added = &r->chosen[r->chosen_count++];
    added->model = model;
    for (int i = 0; i < TC_INPUTS_MAX; i++) added->value[i] = NAN;
    return added;
}

/* One MODEL.KEY=VALUE. */
static bool set_input(struct estimate_run *r, tc_text pair)
{
    char text[160];
    snprintf(text, sizeof text, "%.*s", (int)(pair.size < sizeof text ? pair.size : sizeof text - 1), pair.data);
    char *equals = strchr(text, '='), *dot = equals ? memchr(text, '.', (size_t)(equals - text)) : NULL;
    if (!dot || pair.size >= sizeof text) {
        complain(r->c, EXIT_USAGE, "--set: not MODEL.KEY=VALUE: \"%s\"", text);
        return false;
    }
    const tc_model *model = find_model(r->c, "--set", (tc_text){text, (size_t)(dot - text)});
    if (!model) return false;
    int at = tc_model_input_find(model, (tc_text){dot + 1, (size_t)(equals - dot - 1)});
    if (at >= 0) return real_read(r->c, "--set", equals + 1, &chosen_for(r, model)->value[at]);
    complain(r->c, EXIT_USAGE, "--set: %s has no \"%.*s\"; see tradecost model show %s", model->name, (int)(equals - dot - 1), dot + 1, model->name);
    return false;
}

static bool read_settings(struct estimate_run *r)
{
    const char *text = r->c->args.value[OPT_SET];
    while (text && *text) {
        size_t size = strcspn(text, ",");
        if (!set_input(r, (tc_text){text, size})) return false;
        text += size + (text[size] == ',');
    }
    r->options.chosen = r->chosen;
    r->options.chosen_count = r->chosen_count;
    return true;
}

static bool read_parameters(struct estimate_run *r)
{
    const char *path = r->c->args.value[OPT_PARAMETERS];
    tc_error error = {0};
    if (!path) return true;
    r->parameters = need_memory(NULL, 1, sizeof *r->parameters);
    tc_status status = tc_parameters_open(r->parameters, &error, path);
    if (status) complain_file(r->c, path, status, &error);
    r->parameter_list[0] = r->parameters;
    r->options.parameters = r->parameter_list;
    r->options.parameter_count = 1;
    return !status;
}

static bool read_models(struct estimate_run *r)
{
    const char *at = r->c->args.value[OPT_CHARGES_AT];
    r->options.charges_at_arrival = at && !strcmp(at, "arrival");
    r->options.charges = r->c->pricing;
    return choose_model(r, OPT_SPREAD_MODEL, "--spread-model", TC_PART_SPREAD, TC_SPREAD_MODEL) &&
           choose_model(r, OPT_SLIPPAGE_MODEL, "--slippage-model", TC_PART_SLIPPAGE, TC_SLIPPAGE_MODEL) &&
           choose_model(r, OPT_IMPACT_MODEL, "--impact-model", TC_PART_IMPACT, TC_IMPACT_MODEL) &&
           choose_model(r, OPT_TIMING_MODEL, "--timing-model", TC_PART_TIMING, TC_TIMING_MODEL) &&
           read_settings(r) && read_parameters(r);
}

/* One order. */

static tc_status prepare(struct estimate_run *r, estimated_order *o, filled_request *f)
{
    o->how = r->how;
    tc_status status = given_find(&r->given, &o->market, &o->how.minute, &o->error, f, &o->request);
    return status ? status : given_price(f, &o->error, &o->market);
}

/* What EDGE cannot tell is an error only where the model needs it: another part may hold the spread. */
static tc_status estimate_order(struct estimate_run *r, estimated_order *o, const filled_request *f, const tc_instrument *known)
{
    tc_error no_edge = {0};
    tc_status edge = TC_OK;
    const tc_security which = given_security(&f->request);
    given_tick(&o->market, known);
    if (edge_is_for(r->options.model[TC_PART_SPREAD]))
        edge = edge_find(r->given.has_source ? &r->given.source : NULL, &o->market, &no_edge, &which);
    if (edge && edge != TC_MARKET_MISSING) {
        o->error = no_edge;
        return edge;
    }
    tc_status status = tc_estimate(&o->cost, &o->error, r->c->book, &o->trade, &o->market, &o->how, &r->options);
    if (edge && status == edge && !strcmp(o->error.field, "spread")) o->error = no_edge;
    if (!status) edge_note_floor(&o->market, &o->cost.part[TC_PART_SPREAD]);
    return status;
}

static void run_order(struct estimate_run *r)
{
    static const tc_field needed[] = {TC_F_BROKER, TC_F_EXCHANGE, TC_F_SIDE, TC_F_QUANTITY};
    cli *c = r->c;
    static estimated_order o;
    filled_request filled;
    order as_order = {.request = c->args.order};
    as_order.request.field[TC_F_BROKER] = c->context.defaults.field[TC_F_BROKER];
    if (!order_given(c, &as_order.request, needed, sizeof needed / sizeof *needed)) return;
    if (!instruments_fill(c, &as_order.request, &as_order.instrument)) return;
    o.request = as_order.request;
    o.status = prepare(r, &o, &filled);
    if (!o.status) {
        as_order.request = filled.request;
        if (!order_resolve(c, &as_order)) return;
        o.trade = as_order.trade;
        o.status = estimate_order(r, &o, &filled, as_order.instrument);
    }
    o.error.status = o.status;
    if (o.status) {
        complain_error(c, exit_status_of(o.status), &o.error, NULL);
        return;
    }
    view_begin(&r->view);
    view_order(&r->view, &o);
    view_end(&r->view, NULL);
}

/* Baskets. */

/* What a row leaves out comes from options, an export's broker from its format. */
static void complete_request(struct estimate_run *r, tc_request *request, const char *broker)
{
    for (int i = 0; i < TC_FIELD_COUNT; i++)
        if (!request->field[i].size) request->field[i] = r->c->context.defaults.field[i];
    if (!request->field[TC_F_BROKER].size) request->field[TC_F_BROKER] = tc_text_of(broker);
}

static tc_status estimate_row(struct estimate_run *r, estimated_order *o)
{
    filled_request filled;
    const tc_instrument *known;
    const tc_context context = {.today = r->c->context.today, .symbol_required = true};
    if (!instruments_fill(r->c, &o->request, &known)) quit(r->c->status);
    tc_status status = prepare(r, o, &filled);
    if (!status) status = tc_resolve(&o->trade, &o->error, r->c->book, &filled.request, &context);
    return status ? status : estimate_order(r, o, &filled, known);
}

static void take_row(struct estimate_run *r, const tc_row *row, const char *broker)
{
    static estimated_order o;
    o.row = r->total.orders + 1;
    o.request = row->request;
    o.trade = (tc_trade){.date = {TC_DATE_MIN - 1}};
    o.error = row->error;
    o.status = row->status;
    tc_market_clear(&o.market);
    complete_request(r, &o.request, broker);
    if (!o.status) o.status = estimate_row(r, &o);
    if (o.status) raise_status(r->c, exit_status_of(o.status) == EXIT_FAILED ? EXIT_FAILED : EXIT_NO_RESULT);
    basket_add(&r->total, &o);
    view_order(&r->view, &o);
    output_some(&r->c->out);
}

/* A basket has orders, not fills: a price or a date may be missing altogether. */
static bool open_basket(cli *c, tc_reader **reader, const char *path)
{
    tc_error error = {0};
    tc_request given = c->context.defaults;
    const tc_reader_options options = {.given = &given};
    static const tc_field may_lack[] = {TC_F_PRICE, TC_F_DATE};
    for (size_t i = 0; i < sizeof may_lack / sizeof *may_lack; i++) given.field[may_lack[i]] = tc_text_of("-");
    tc_status status = tc_reader_open_with(reader, &error, path, &options);
    if (status) complain_file(c, path, status, &error);
    return !status;
}

static bool read_basket(struct estimate_run *r, const char *path)
{
    tc_reader *reader;
    tc_row row;
    tc_error error = {0};
    bool end = false;
    if (!open_basket(r->c, &reader, path)) return false;
    tc_status status = tc_reader_next(reader, &row, &end, &error);
    while (!status && !end) {
        take_row(r, &row, tc_reader_broker(reader));
        status = tc_reader_next(reader, &row, &end, &error);
    }
    if (status) complain_file(r->c, path, status, &error);
    tc_reader_close(reader);
    return !status;
}

static void run_baskets(struct estimate_run *r)
{
    r->view.basket = true;
    view_begin(&r->view);
    for (size_t i = 0; i < r->c->args.operand_count; i++)
        if (!read_basket(r, r->c->args.operands[i])) break;
    view_end(&r->view, &r->total);
}

void run_estimate(cli *c)
{
    static struct estimate_run r;
    r = (struct estimate_run){.c = c, .total.complete = true};
    bool ready = read_execution(&r) && read_models(&r) && given_open(c, &r.given, true);
    r.view = (estimate_view){.c = c, .parameters = r.parameters, .style = number_style_of(c->pricing.level)};
    if (ready && c->args.operand_count) run_baskets(&r);
    else if (ready) run_order(&r);
    given_close(&r.given);
    free(r.parameters);
    free(r.chosen);
}
