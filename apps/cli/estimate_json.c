#include <math.h>

#include "estimate.h"

static void json_money(json *j, const char *key, wide nanos, bool known)
{
    char text[NUMBER_SIZE];
    if (known) json_text(j, key, money_text(text, nanos));
    else json_null(j, key);
}

static void json_word(json *j, const char *key, const char *word)
{
    if (word) json_string(j, key, word);
    else json_null(j, key);
}

static void levels_json(json *j, const char *key, const tc_depth *level, size_t count)
{
    json_open(j, key, '[');
    for (size_t i = 0; i < count; i++) {
        json_open(j, NULL, '[');
        json_real(j, NULL, level[i].price);
        json_real(j, NULL, level[i].quantity);
        json_close(j, ']');
    }
    json_close(j, ']');
}

static void market_json(json *j, const tc_market *m)
{
    char time[TC_MOMENT_TEXT_SIZE];
    time_text(time, m->time);
    json_open(j, "market", '{');
    json_string(j, "source", m->source);
    json_word(j, "time", *time ? time : NULL);
    json_string(j, "session", tc_session_name(m->session));
    for (int i = 0; i < TC_M_COUNT; i++) json_real(j, tc_market_name((tc_market_field)i), m->value[i]);
    if (m->adv_days) json_count(j, "adv_days", m->adv_days);
    if (m->volatility_days) json_count(j, "volatility_days", m->volatility_days);
    if (m->bid_levels) levels_json(j, "bids", m->bid, m->bid_levels);
    if (m->ask_levels) levels_json(j, "asks", m->ask, m->ask_levels);
    json_open(j, "flags", '[');
    for (unsigned bit = 0; bit < TC_MF_COUNT; bit++)
        if (m->flags >> bit & 1) json_string(j, NULL, market_flag_word(bit));
    json_close(j, ']');
    json_close(j, '}');
}

static void execution_json(json *j, const estimated_order *o)
{
    char text[NUMBER_SIZE];
    const tc_estimated *cost = &o->cost;
    json_open(j, "execution", '{');
    json_real(j, "duration", cost->duration);
    json_real(j, "volume_duration", cost->volume_duration);
    json_real(j, "participation", cost->participation);
    json_real(j, "delay", o->how.delay);
    json_real(j, "minute", o->how.minute);
    json_text(j, "quantity", decimal_text(text, cost->quantity.micros));
    json_text(j, "unfilled", decimal_text(text, cost->unfilled.micros));
    json_real(j, "arrival_price", cost->arrival);
    json_real(j, "expected_price", cost->execution);
    json_text(j, "charged_at", decimal_text(text, cost->charged_at.micros));
    json_string(j, "charges_at", cost->flags & TC_EF_CHARGES_AT_ARRIVAL ? "arrival" : "execution");
    json_close(j, '}');
}

static void inputs_json(json *j, const tc_component *part)
{
    json_open(j, "inputs", '{');
    for (size_t i = 0; i < part->model->input_count; i++) {
        const tc_model_input *input = &part->model->inputs[i];
        json_open(j, input->key, '{');
        json_real(j, "value", isnan(part->input[i]) ? input->standard : part->input[i]);
        json_string(j, "unit", input->unit);
        json_close(j, '}');
    }
    json_close(j, '}');
    json_open(j, "steps", '{');
    for (size_t i = 0; i < part->model->step_count; i++)
        if (!part->model->steps[i].series) json_real(j, part->model->steps[i].name, part->result.step[i]);
    json_close(j, '}');
}

static void part_json(json *j, const char *name, const tc_component *part)
{
    json_open(j, name, '{');
    json_word(j, "model", part->model ? part->model->name : NULL);
    if (part->model) json_count(j, "version", part->model->version);
    json_string(j, "why", part->why);
    json_money(j, "rupees", part->rupees.nanos, part->model);
    json_real(j, "bps", part->bps);
    json_real(j, "se", part->se);
    if (part->model) json_string(j, "calibration", tc_calibration_name(part->result.calibration));
    if (part->model && isnan(part->se)) json_string(j, "se_reason", "uncalibrated");
    json_real(j, "sd", part->sd);
    if (part->model) inputs_json(j, part);
    json_close(j, '}');
}

static void charges_part_json(json *j, const tc_estimated *cost)
{
    bool known = tc_cost_complete(&cost->charges);
    json_open(j, "charges", '{');
    json_string(j, "why", cost->flags & TC_EF_CHARGES_AT_ARRIVAL ? "by tariff, on the arrival price" : "by tariff, on the expected execution price");
    json_money(j, "rupees", cost->charges.total.nanos, known);
    json_real(j, "bps", cost->charges_bps);
    json_real(j, "se", known ? 0 : NAN);
    json_real(j, "sd", known ? 0 : NAN);
    json_close(j, '}');
}

/* Expected cost, se, sd and quantiles of an order or a basket. */
static void outlook_json(json *j, const outlook *o)
{
    double bps = 1e4 / o->value;
    json_open(j, "expected", '{');
    json_money(j, "rupees", o->expected_nanos, o->complete);
    json_real(j, "bps", o->expected * bps);
    json_close(j, '}');
    json_real(j, "se", o->se * bps);
    json_real(j, "se_rupees", o->se);
    json_word(j, "se_reason", isnan(o->se) ? "uncalibrated" : NULL);
    json_real(j, "sd", o->sd * bps);
    json_real(j, "sd_rupees", o->sd);
    json_word(j, "sd_reason", isnan(o->sd) ? o->no_sd : NULL);
    json_open(j, "quantiles", '{');
    json_word(j, "of", interval_of(o->se, o->sd));
    for (int q = 0; q < TC_QUANTILE_COUNT; q++) {
        json_open(j, quantile_names[q], '{');
        json_real(j, "rupees", o->quantile[q]);
        json_real(j, "bps", o->quantile[q] * bps);
        json_close(j, '}');
    }
    json_close(j, '}');
}

static void parameters_json(json *j, const tc_parameters *p)
{
    char date[TC_DATE_TEXT_SIZE];
    if (!p) return;
    json_open(j, "parameters", '{');
    json_string(j, "model", p->model->name);
    json_count(j, "orders", p->orders);
    tc_date_format(date, p->first);
    json_string(j, "first", date);
    tc_date_format(date, p->last);
    json_string(j, "last", date);
    json_string(j, "digest", p->digest);
    json_close(j, '}');
}

static void estimate_json(estimate_view *v, json *j, const estimated_order *o)
{
    const tc_estimated *cost = &o->cost;
    resolved_json(v->c, j, &o->trade);
    market_json(j, &o->market);
    execution_json(j, o);
    json_open(j, "charges", '{');
    amounts_json(j, &cost->charges, v->style);
    json_close(j, '}');
    json_open(j, "components", '{');
    charges_part_json(j, cost);
    for (int i = 0; i < TC_PART_COUNT; i++) part_json(j, tc_part_name((tc_part)i), &cost->part[i]);
    json_close(j, '}');
    const outlook look = order_outlook(cost);
    outlook_json(j, &look);
}

static void flag_words_json(json *j, const estimated_order *o)
{
    json_open(j, "flags", '[');
    for (unsigned bit = 0; bit < TC_EF_COUNT; bit++)
        if (o->cost.flags >> bit & 1) json_string(j, NULL, tc_estimate_flag_word(bit));
    for (unsigned bit = 0; bit < TC_FLAG_COUNT; bit++)
        if (o->cost.charges.flags >> bit & 1) json_string(j, NULL, tc_flag_word(bit));
    json_close(j, ']');
}

static void order_json(estimate_view *v, json *j, const estimated_order *o)
{
    tc_buffer text = {0};
    json_open(j, NULL, '{');
    if (v->basket) json_count(j, "row", o->row);
    request_json(j, &o->request);
    if (!o->status) {
        estimate_json(v, j, o);
        flag_words_json(j, o);
    }
    refusal_text(&text, o->status, o->error.message);
    if (o->status) json_text(j, "error", (tc_text){text.data, text.size});
    parameters_json(j, v->parameters);
    json_open(j, "book", '{');
    json_string(j, "digest", tc_book_digest(v->c->book));
    json_close(j, '}');
    json_close(j, '}');
    tc_buffer_free(&text);
}

static void total_json(estimate_view *v, json *j, const basket_total *total)
{
    char text[NUMBER_SIZE];
    const outlook look = basket_outlook(total);
    json_open(j, "total", '{');
    json_count(j, "orders", total->orders);
    json_count(j, "refused", total->refused);
    json_real(j, "correlation", total->correlation);
    json_money(j, "value", total->value_nanos, true);
    json_open(j, "charges", '{');
    for (size_t i = 0; i < AMOUNT_COUNT; i++)
        json_text(j, amount_name(i), (tc_text){text, amount_text(text, &total->charges, i, v->style)});
    json_close(j, '}');
    json_open(j, "components", '{');
    for (int i = 0; i < TC_PART_COUNT; i++) json_money(j, tc_part_name((tc_part)i), total->part_nanos[i], true);
    json_close(j, '}');
    outlook_json(j, &look);
    json_close(j, '}');
}

/* A basket is one document, or a line an order and one of the totals. */
static void begin(estimate_view *v)
{
    v->json = (json){.to = &v->c->out.text, .indent = v->c->format == FORMAT_JSON};
    if (!v->basket || !v->json.indent) return;
    json_open(&v->json, NULL, '{');
    json_open(&v->json, "orders", '[');
}

static void add(estimate_view *v, const estimated_order *o)
{
    order_json(v, &v->json, o);
}

static void end(estimate_view *v, const basket_total *total)
{
    if (!v->basket) return;
    if (v->json.indent) json_close(&v->json, ']');
    else json_open(&v->json, NULL, '{');
    total_json(v, &v->json, total);
    json_close(&v->json, '}');
}

const estimate_way as_json = {begin, add, end};
