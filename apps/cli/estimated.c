#include <math.h>
#include <stdio.h>

#include "depth.h"
#include "estimate.h"
#include "quote.h"

/* Sums. */

static double value_of(const tc_estimated *cost)
{
    return cost->arrival * (double)cost->quantity.micros / TC_MICROS_PER_RUPEE;
}

static double rupees_of(const tc_estimated *cost, double bps)
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

double basket_se(const basket_total *total)
{
    double sum = 0;
    for (int i = 0; i < TC_PART_COUNT; i++) sum += total->error[i] * total->error[i];
    return sqrt(sum);
}

double basket_sd(const basket_total *total)
{
    return sqrt((1 - total->correlation) * total->variance + total->correlation * total->signed_risk * total->signed_risk);
}

/* What is known of an interval, in words. */
static const char *interval_of(double se, double sd)
{
    if (isnan(sd)) return NULL;
    return isnan(se) ? "sd" : "se and sd";
}

static const double z95 = 1.6448536269514722;
static const char *const quantile_names[] = {"q05", "q50", "q95"};

/* Words. */

static void put_words(tc_buffer *to, uint32_t flags, unsigned count, const char *(*word)(unsigned))
{
    for (unsigned bit = 0; bit < count; bit++) {
        if (!(flags >> bit & 1)) continue;
        if (to->size) buffer_char(to, ' ');
        buffer_string(to, word(bit));
    }
}

#define AS_FLAG(name, word, meaning) {word, meaning},
static const struct {
    const char *word, *meaning;
} market_flags[] = {TC_MARKET_FLAGS(AS_FLAG)};

static const char *market_flag_word(unsigned bit)
{
    return market_flags[bit].word;
}

/* Of the estimate, of its market, of its charges. */
static void all_flags(tc_buffer *to, const estimated_order *o)
{
    put_words(to, o->cost.flags, TC_EF_COUNT, tc_estimate_flag_word);
    put_words(to, o->market.flags, TC_MF_COUNT, market_flag_word);
    put_words(to, o->cost.charges.flags, TC_FLAG_COUNT, tc_flag_word);
}

/* yyyy-mm-ddThh:mm:ss of India; "" where unknown. */
static void time_text(char text[TC_MOMENT_TEXT_SIZE], int64_t time)
{
    static const int64_t day = INT64_C(86400000000), zone = INT64_C(19800000000);
    text[0] = '\0';
    if (time == INT64_MIN) return;
    int64_t there = time + zone, since = ((there % day) + day) % day;
    const tc_moment moment = {.has_date = true, .has_time = true, .date = {(int32_t)((there - since) / day)}, .micros = since};
    tc_moment_format(text, &moment);
}

static tc_text money_text(char *room, wide nanos)
{
    return (tc_text){room, number_write(room, nanos, NANO_DECIMALS, 0)};
}

/* Rupees of a real number, to the paisa: more digits would only seem to know. */
static tc_text real_rupees(char *room, double rupees)
{
    if (isnan(rupees)) return (tc_text){room, 0};
    return (tc_text){room, (size_t)snprintf(room, NUMBER_SIZE, "%.2f", rupees + 0.0)};
}

/* Rows. */

static const tc_market_field shown[] = {TC_M_BID, TC_M_ASK, TC_M_SPREAD, TC_M_TICK, TC_M_ADV, TC_M_VOLATILITY};
enum { SHOWN = sizeof shown / sizeof *shown, COLUMNS_MAX = 96 };

/* Columns are named once, by the same walk that fills them: `s` NULL names, else cells are put. */
struct walker {
    sheet *s;
    sheet_column column[COLUMNS_MAX];
    size_t count;
    char names[COLUMNS_MAX][24];
};

static bool naming(struct walker *w, const char *name, const char *suffix, bool right)
{
    if (w->s) return false;
    snprintf(w->names[w->count], sizeof *w->names, "%s%s", name, suffix);
    w->column[w->count] = (sheet_column){w->names[w->count], right};
    w->count++;
    return true;
}

static void put_text(struct walker *w, const char *name, tc_text text)
{
    if (!naming(w, name, "", false)) sheet_text(w->s, text);
}

static void put_real(struct walker *w, const char *name, const char *suffix, double value)
{
    if (!naming(w, name, suffix, true)) sheet_real(w->s, value);
}

static void put_money(struct walker *w, const char *name, wide nanos, bool known)
{
    char text[NUMBER_SIZE];
    tc_text amount = money_text(text, nanos);
    if (!naming(w, name, "", true)) sheet_plain(w->s, amount.data, known ? amount.size : 0);
}

/* A real amount and its bps. */
static void put_both(struct walker *w, const char *name, double rupees, double bps)
{
    char text[NUMBER_SIZE];
    tc_text amount = real_rupees(text, rupees);
    if (!naming(w, name, "", true)) sheet_plain(w->s, amount.data, amount.size);
    put_real(w, name, "_bps", bps);
}

static void put_order(estimate_view *v, struct walker *w, const estimated_order *o)
{
    char price[NUMBER_SIZE];
    put_text(w, "symbol", o->request.field[TC_F_SYMBOL]);
    if (w->s) sheet_order(v->c, w->s, &o->trade);
    for (size_t i = 0; i < ORDER_COLUMNS && !w->s; i++) w->column[w->count++] = order_columns[i];
    put_text(w, "price", decimal_text(price, o->trade.price.micros));
    put_text(w, "unfilled", decimal_text(price, o->cost.unfilled.micros));
}

static void put_market(struct walker *w, const estimated_order *o)
{
    char time[TC_MOMENT_TEXT_SIZE];
    for (size_t i = 0; i < SHOWN; i++)
        put_real(w, shown[i] == TC_M_SPREAD ? "relative_spread" : tc_market_name(shown[i]), "", o->market.value[shown[i]]);
    time_text(time, o->market.time);
    put_text(w, "market_time", tc_text_of(time));
    put_text(w, "market_source", tc_text_of(o->market.source));
}

static void put_costs(estimate_view *v, struct walker *w, const tc_estimated *cost)
{
    if (w->s) sheet_cost(w->s, &cost->charges, v->style);
    for (size_t i = 0; i < AMOUNT_COUNT && !w->s; i++) w->column[w->count++] = amount_column(i);
    put_real(w, "charges", "_bps", cost->charges_bps);
    for (int i = 0; i < TC_PART_TIMING; i++) {
        const tc_component *part = &cost->part[i];
        put_money(w, tc_part_name((tc_part)i), part->rupees.nanos, part->model);
        put_real(w, tc_part_name((tc_part)i), "_bps", part->bps);
    }
    put_both(w, "timing_sd", rupees_of(cost, cost->part[TC_PART_TIMING].sd), cost->part[TC_PART_TIMING].sd);
    put_money(w, "expected", cost->expected.nanos, !isnan(cost->expected_bps));
    put_real(w, "expected", "_bps", cost->expected_bps);
    put_both(w, "se", rupees_of(cost, cost->se), cost->se);
    put_both(w, "sd", rupees_of(cost, cost->sd), cost->sd);
    for (int q = 0; q < TC_QUANTILE_COUNT; q++) put_both(w, quantile_names[q], rupees_of(cost, cost->quantile[q]), cost->quantile[q]);
}

static void put_reasons(struct walker *w, const estimated_order *o)
{
    const tc_estimated *cost = &o->cost;
    put_real(w, "execution_price", "", cost->execution);
    put_real(w, "duration", "", cost->duration);
    put_real(w, "participation", "", cost->participation);
    for (int i = 0; i < TC_PART_COUNT; i++) {
        char name[24];
        snprintf(name, sizeof name, "%s_model", tc_part_name((tc_part)i));
        put_text(w, name, tc_text_of(cost->part[i].model ? cost->part[i].model->name : ""));
    }
    tc_buffer words = {0};
    if (w->s) all_flags(&words, o);
    put_text(w, "flags", (tc_text){words.data, words.size});
    tc_buffer_free(&words);
}

static void put_row_number(estimate_view *v, struct walker *w, const char *number)
{
    if (v->basket) put_text(w, "row", tc_text_of(number));
}

static void put_row(estimate_view *v, struct walker *w, const estimated_order *o)
{
    char number[24];
    snprintf(number, sizeof number, "%llu", (unsigned long long)o->row);
    put_row_number(v, w, number);
    put_order(v, w, o);
    put_market(w, o);
    put_costs(v, w, &o->cost);
    put_reasons(w, o);
    put_text(w, "error", (tc_text){0});
    if (w->s) sheet_end_row(w->s);
}

/* A row without result: what it asked for, and why there is none. */
static void put_refusal(sheet *s, const estimated_order *o)
{
    static const tc_field asked[ORDER_COLUMNS] = {TC_F_BROKER, TC_F_PLAN, TC_F_DATE, TC_F_EXCHANGE, TC_F_SEGMENT,
                                                  TC_F_INSTRUMENT, TC_F_PRODUCT, TC_F_SIDE, TC_F_QUANTITY};
    tc_buffer text = {0};
    char number[24];
    snprintf(number, sizeof number, "%llu", (unsigned long long)o->row);
    sheet_string(s, number);
    sheet_text(s, o->request.field[TC_F_SYMBOL]);
    for (size_t i = 0; i < ORDER_COLUMNS; i++) sheet_text(s, o->request.field[asked[i]]);
    while (s->next + 1 < s->columns) sheet_plain(s, "", 0);
    refusal_text(&text, o->status, o->error.message);
    sheet_text(s, (tc_text){text.data, text.size});
    sheet_end_row(s);
    tc_buffer_free(&text);
}

/* The sums as an order of the whole basket, of which only sums are told. */
static void put_total(estimate_view *v, struct walker *w, const basket_total *total)
{
    sheet *s = w->s;
    double value = (double)total->value_nanos / 1e9, se = basket_se(total), sd = basket_sd(total);
    double expected = total->complete ? (double)total->expected_nanos / 1e9 : NAN;
    double width = z95 * hypot(isnan(se) ? 0 : se, sd);
    double charges = total->complete ? (double)total->charges.total_nanos / 1e9 : NAN;
    sheet_string(s, "total");
    while (s->next < 2 + ORDER_COLUMNS + 2 + SHOWN + 2) sheet_plain(s, "", 0);
    sheet_cost_sum(s, &total->charges, v->style);
    put_real(w, "", "", charges / value * 1e4);
    for (int i = 0; i < TC_PART_TIMING; i++) {
        put_money(w, "", total->part_nanos[i], true);
        put_real(w, "", "", (double)total->part_nanos[i] / 1e9 / value * 1e4);
    }
    sheet_plain(s, "", 0);
    sheet_plain(s, "", 0);
    put_money(w, "", total->expected_nanos, total->complete);
    put_real(w, "", "", expected / value * 1e4);
    put_both(w, "", se, se / value * 1e4);
    put_both(w, "", sd, sd / value * 1e4);
    for (int q = 0; q < TC_QUANTILE_COUNT; q++) put_both(w, "", expected + (q - 1) * width, (expected + (q - 1) * width) / value * 1e4);
    while (s->next < s->columns) sheet_plain(s, "", 0);
    sheet_end_row(s);
}

/* JSON. */

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
        if (m->flags >> bit & 1) json_string(j, NULL, market_flags[bit].word);
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

/* Expected cost, se, sd and quantiles of an order or a basket, in rupees and bps of `value`. */
struct outlook {
    wide expected_nanos;
    bool complete;
    double value, expected, se, sd; /* rupees */
    const char *no_sd;              /* why sd is unknown */
};

static void outlook_json(json *j, const struct outlook *l)
{
    double width = z95 * hypot(isnan(l->se) ? 0 : l->se, l->sd), bps = 1e4 / l->value;
    json_open(j, "expected", '{');
    json_money(j, "rupees", l->expected_nanos, l->complete);
    json_real(j, "bps", l->expected * bps);
    json_close(j, '}');
    json_real(j, "se", l->se * bps);
    json_real(j, "se_rupees", l->se);
    json_word(j, "se_reason", isnan(l->se) ? "uncalibrated" : NULL);
    json_real(j, "sd", l->sd * bps);
    json_real(j, "sd_rupees", l->sd);
    json_word(j, "sd_reason", isnan(l->sd) ? l->no_sd : NULL);
    json_open(j, "quantiles", '{');
    json_word(j, "of", interval_of(l->se, l->sd));
    for (int q = 0; q < TC_QUANTILE_COUNT; q++) {
        double at = q == TC_QUANTILE_50 ? l->expected : l->expected + (q - 1) * width;
        json_open(j, quantile_names[q], '{');
        json_real(j, "rupees", at);
        json_real(j, "bps", at * bps);
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
    const struct outlook look = {.expected_nanos = cost->expected.nanos, .complete = tc_cost_complete(&cost->charges),
        .value = value_of(cost), .expected = rupees_of(cost, cost->expected_bps), .se = rupees_of(cost, cost->se),
        .sd = rupees_of(cost, cost->sd), .no_sd = "no duration"};
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

static void total_json(estimate_view *v, json *j, const char *key, const basket_total *total)
{
    char text[NUMBER_SIZE];
    bool complete = total->complete;
    const struct outlook look = {.expected_nanos = total->expected_nanos, .complete = complete,
        .value = (double)total->value_nanos / 1e9, .expected = complete ? (double)total->expected_nanos / 1e9 : NAN,
        .se = basket_se(total), .sd = basket_sd(total), .no_sd = "unknown for an order"};
    json_open(j, key, '{');
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

/* For people. */

static void real_cell(sheet *s, double value, const char *unknown)
{
    char text[NUMBER_SIZE];
    int size = snprintf(text, sizeof text, "%.2f", value);
    if (isnan(value)) sheet_string(s, unknown);
    else sheet_text(s, (tc_text){text, (size_t)size});
}

static void rupee_cell(sheet *s, wide nanos)
{
    char text[NUMBER_SIZE];
    sheet_text(s, (tc_text){text, number_rupees(text, nanos)});
}

static void table_line(sheet *s, const char *name, wide nanos, double bps, double se, double sd, const char *model, const char *why)
{
    sheet_string(s, name);
    rupee_cell(s, nanos);
    real_cell(s, bps, "");
    real_cell(s, se, "unknown");
    real_cell(s, sd, ""); /* a model that does not tell adds nothing */
    sheet_string(s, model);
    sheet_string(s, why);
    sheet_end_row(s);
}

static void table_charges(sheet *s, const tc_estimated *cost)
{
    double value = value_of(cost);
    for (int i = 0; i < TC_CHARGE_COUNT; i++) {
        wide nanos = cost->charges.charge[i].nanos;
        bool known = cost->charges.known >> i & 1;
        if (known && nanos) table_line(s, tc_charge_name((tc_charge)i), nanos, (double)nanos / 1e9 / value * 1e4, 0, 0, "tariff", "");
        if (known) continue;
        sheet_string(s, tc_charge_name((tc_charge)i));
        while (s->next < s->columns) sheet_string(s, s->next == 1 ? "unknown" : "");
        sheet_end_row(s);
    }
}

static void table_part(sheet *s, const char *name, const tc_component *part)
{
    if (part->model) {
        table_line(s, name, part->rupees.nanos, part->bps, part->se, part->sd, part->model->name, part->why);
        return;
    }
    sheet_string(s, name);
    while (s->next < 5) sheet_string(s, "");
    sheet_string(s, "none");
    sheet_string(s, part->why);
    sheet_end_row(s);
}

static void table_title(estimate_view *v, const estimated_order *o)
{
    tc_buffer *to = &v->c->out.text;
    const tc_trade *t = &o->trade;
    char date[TC_DATE_TEXT_SIZE], units[NUMBER_SIZE], price[NUMBER_SIZE], value[NUMBER_SIZE], time[TC_MOMENT_TEXT_SIZE];
    tc_text quantity = decimal_text(units, o->cost.quantity.micros), symbol = o->request.field[TC_F_SYMBOL];
    size_t price_size = number_write(price, t->price.micros, MICRO_DECIMALS, PAISA_DECIMALS);
    size_t value_size = number_rupees(value, (wide)t->price.micros * o->cost.quantity.micros / 1000);
    tc_date_format(date, t->date);
    time_text(time, o->market.time);
    buffer_print(to, "%s (%s), %s\n", tc_book_broker(v->c->book, t->broker).name, plan_id(v->c, t), date);
    buffer_print(to, "%s %.*s x Rs %.*s at arrival%s%.*s, %s %s, %s: Rs %.*s\n", tc_word(TC_SEL_SIDE, t->sel[TC_SEL_SIDE]),
                 (int)quantity.size, quantity.data, (int)price_size, price, symbol.size ? " of " : "", (int)symbol.size, symbol.data,
                 tc_word(TC_SEL_EXCHANGE, t->sel[TC_SEL_EXCHANGE]), tc_word(TC_SEL_INSTRUMENT, t->sel[TC_SEL_INSTRUMENT]),
                 tc_word(TC_SEL_PRODUCT, t->sel[TC_SEL_PRODUCT]), (int)value_size, value);
    buffer_print(to, "market from %s%s%s\n\n", o->market.source, *time ? ", " : "", time);
}

static void table_ending(estimate_view *v, const estimated_order *o)
{
    tc_buffer *to = &v->c->out.text;
    const tc_estimated *cost = &o->cost;
    const char *interval = interval_of(cost->se, cost->sd);
    char left[NUMBER_SIZE];
    tc_text rest = decimal_text(left, cost->unfilled.micros);
    buffer_print(to, "\nexpected execution price Rs %.4f", cost->execution);
    if (!isnan(cost->duration)) buffer_print(to, ", over %.4g trading days at %.4g %% of the volume", cost->duration, cost->participation * 100);
    buffer_char(to, '\n');
    if (interval && !isnan(cost->expected_bps))
        buffer_print(to, "in 9 of 10 cases between %.2f and %.2f bps (Rs %.2f and %.2f), by %s\n", cost->quantile[TC_QUANTILE_05],
                     cost->quantile[TC_QUANTILE_95], rupees_of(cost, cost->quantile[TC_QUANTILE_05]),
                     rupees_of(cost, cost->quantile[TC_QUANTILE_95]), interval);
    if (cost->unfilled.micros) buffer_print(to, "unfilled: %.*s\n", (int)rest.size, rest.data);
    for (unsigned bit = 0; bit < TC_EF_COUNT; bit++)
        if (cost->flags >> bit & 1) buffer_print(to, "%s: %s\n", tc_estimate_flag_word(bit), tc_estimate_flag_meaning(bit));
    for (unsigned bit = 0; bit < TC_MF_COUNT; bit++)
        if (o->market.flags >> bit & 1) buffer_print(to, "%s: %s\n", market_flags[bit].word, market_flags[bit].meaning);
    flags_meaning(to, cost->charges.flags);
}

static void order_table(estimate_view *v, const estimated_order *o)
{
    static const sheet_column columns[] = {{"cost", false}, {"rupees", true}, {"bps", true}, {"se bps", true},
                                           {"sd bps", true}, {"by", false}, {"why", false}};
    const tc_estimated *cost = &o->cost;
    sheet s;
    table_title(v, o);
    sheet_open(&s, &v->c->out, FORMAT_TABLE, columns, sizeof columns / sizeof *columns);
    table_charges(&s, cost);
    for (int i = 0; i < TC_PART_COUNT; i++) table_part(&s, tc_part_name((tc_part)i), &cost->part[i]);
    table_line(&s, "expected", cost->expected.nanos, cost->expected_bps, cost->se, cost->sd, isnan(cost->sd) ? "sd unknown" : "", isnan(cost->expected_bps) ? "unknown, as a charge is" : "");
    sheet_close(&s);
    table_ending(v, o);
}

/* A basket for people: what an order is, its costs in bps, and the rupees that it comes to. */
static const sheet_column basket_columns[] = {
    {"row", true}, {"symbol", false}, {"side", false}, {"quantity", true}, {"price", true}, {"charges", true}, {"spread", true},
    {"slippage", true}, {"impact", true}, {"delay", true}, {"expected", true}, {"se", true}, {"sd", true}, {"rupees", true}, {"error", false}};
enum { BASKET_COLUMNS = sizeof basket_columns / sizeof *basket_columns };

static void basket_row(sheet *s, const estimated_order *o)
{
    char text[NUMBER_SIZE];
    const tc_estimated *cost = &o->cost;
    tc_buffer error = {0};
    sheet_count(s, o->row);
    sheet_text(s, o->request.field[TC_F_SYMBOL]);
    sheet_text(s, o->request.field[TC_F_SIDE]);
    sheet_text(s, o->request.field[TC_F_QUANTITY]);
    sheet_text(s, o->status ? o->request.field[TC_F_PRICE] : decimal_text(text, o->trade.price.micros));
    if (!o->status) {
        real_cell(s, cost->charges_bps, "unknown");
        for (int i = 0; i < TC_PART_TIMING; i++) real_cell(s, cost->part[i].bps, "");
        real_cell(s, cost->expected_bps, "unknown");
        real_cell(s, cost->se, "unknown");
        real_cell(s, cost->sd, "unknown");
        rupee_cell(s, cost->expected.nanos);
    }
    while (s->next + 1 < BASKET_COLUMNS) sheet_string(s, "");
    refusal_text(&error, o->status, o->error.message);
    sheet_text(s, (tc_text){error.data, o->status ? error.size : 0});
    sheet_end_row(s);
    tc_buffer_free(&error);
}

static void basket_table_total(sheet *s, const basket_total *total)
{
    double bps = 1e4 / ((double)total->value_nanos / 1e9);
    sheet_string(s, "total");
    while (s->next < 5) sheet_string(s, "");
    real_cell(s, total->complete ? (double)total->charges.total_nanos / 1e9 * bps : NAN, "unknown");
    for (int i = 0; i < TC_PART_TIMING; i++) real_cell(s, (double)total->part_nanos[i] / 1e9 * bps, "");
    real_cell(s, total->complete ? (double)total->expected_nanos / 1e9 * bps : NAN, "unknown");
    real_cell(s, basket_se(total) * bps, "unknown");
    real_cell(s, basket_sd(total) * bps, "unknown");
    rupee_cell(s, total->expected_nanos);
    sheet_string(s, "");
    sheet_end_row(s);
}

/* The three calls. */

static bool is_json(const estimate_view *v)
{
    return v->c->format == FORMAT_JSON || v->c->format == FORMAT_NDJSON;
}

void view_begin(estimate_view *v)
{
    static struct walker names;
    static const estimated_order nothing;
    v->json = (json){.to = &v->c->out.text, .indent = v->c->format == FORMAT_JSON};
    if (is_json(v)) {
        if (!v->basket || !v->json.indent) return;
        json_open(&v->json, NULL, '{');
        json_open(&v->json, "orders", '[');
    } else if (v->c->format == FORMAT_CSV) {
        names.count = 0;
        put_row(v, &names, &nothing);
        sheet_open(&v->sheet, &v->c->out, FORMAT_CSV, names.column, names.count);
    } else if (v->basket) {
        sheet_open(&v->sheet, &v->c->out, FORMAT_TABLE, basket_columns, BASKET_COLUMNS);
    }
}

void view_order(estimate_view *v, const estimated_order *o)
{
    struct walker cells;
    cells.s = &v->sheet;
    if (is_json(v)) order_json(v, &v->json, o);
    else if (v->c->format == FORMAT_TABLE && !v->basket) order_table(v, o);
    else if (v->c->format == FORMAT_TABLE) basket_row(&v->sheet, o);
    else if (o->status) put_refusal(&v->sheet, o);
    else put_row(v, &cells, o);
}

void view_end(estimate_view *v, const basket_total *total)
{
    struct walker cells;
    cells.s = &v->sheet;
    if (v->basket && is_json(v)) {
        if (v->json.indent) {
            json_close(&v->json, ']');
            total_json(v, &v->json, "total", total);
            json_close(&v->json, '}');
        } else {
            json_open(&v->json, NULL, '{');
            total_json(v, &v->json, "total", total);
            json_close(&v->json, '}');
        }
    } else if (v->c->format == FORMAT_CSV) {
        if (total) put_total(v, &cells, total);
        sheet_close(&v->sheet);
    } else if (v->basket) {
        basket_table_total(&v->sheet, total);
        sheet_close(&v->sheet);
    }
}
