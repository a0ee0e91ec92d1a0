#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli.h"
#include "depth.h"

/* What a model is evaluated on. */
typedef struct {
    const tc_model *model;
    double input[TC_INPUTS_MAX]; /* NAN: not given */
    tc_market market;            /* of which only the book is ever known */
} subject;

static const char *model_name_at(const void *context, size_t index)
{
    (void)context;
    const tc_model *model = tc_model_at(index);
    return model ? model->name : NULL;
}

const tc_model *model_named(cli *c, const char *name)
{
    const tc_model *found = tc_model_find(tc_text_of(name));
    if (found) return found;
    const char *like = nearest(tc_text_of(name), model_name_at, NULL);
    if (like) complain(c, EXIT_USAGE, "unknown model \"%s\"; did you mean %s?", name, like);
    else complain(c, EXIT_USAGE, "unknown model \"%s\"; see tradecost model list", name);
    return NULL;
}

static void key_list(tc_buffer *to, const tc_model *model)
{
    for (size_t i = 0; i < model->input_count; i++) {
        bool optional = model->inputs[i].optional || !isnan(model->inputs[i].standard);
        buffer_print(to, "%s%s%s%s", i ? " " : "", optional ? "[" : "", model->inputs[i].key, optional ? "]" : "");
    }
    if (model->takes_book) buffer_string(to, " bids asks");
}

void run_model_list(cli *c)
{
    static const sheet_column columns[] = {{"model", false}, {"kind", false}, {"version", true}, {"inputs", false},
                                           {"contains", false}, {"summary", false}, {"source", false}};
    static const char *const contained[] = {"", "spread", "impact", "spread impact"}; /* by the bits TC_CONTAINS_ */
    sheet s;
    tc_buffer keys = {0};
    const tc_model *model;
    sheet_open(&s, &c->out, c->format, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; (model = tc_model_at(i)); i++) {
        keys.size = 0;
        key_list(&keys, model);
        sheet_string(&s, model->name);
        sheet_string(&s, tc_model_kind_name(model->kind));
        sheet_count(&s, model->version);
        sheet_text(&s, (tc_text){keys.data, keys.size});
        sheet_string(&s, contained[model->contains]);
        sheet_string(&s, model->summary);
        sheet_string(&s, model->source);
        sheet_end_row(&s);
    }
    sheet_close(&s);
    tc_buffer_free(&keys);
}

/* The place of a word in a space-separated list, in any case; -1: it is not there. */
static int word_place(const char *word, const char *words)
{
    for (int place = 0; *words; place++) {
        size_t next = strcspn(words, " ");
        if (tc_text_same((tc_text){words, next}, word)) return place;
        words += next + (words[next] == ' ');
    }
    return -1;
}

/* The word at a place of a space-separated list. */
static tc_text word_at(const char *words, size_t place)
{
    for (; place; place--) words += strcspn(words, " ") + 1;
    return (tc_text){words, strcspn(words, " ")};
}

static bool is_time(const tc_model_input *input)
{
    return !strcmp(input->unit, "hh:mm");
}

/* Minutes since midnight. */
static bool read_time(const char *text, double *value)
{
    unsigned hour, minute;
    char beyond;
    if (strspn(text, "0123456789:") != strlen(text) || sscanf(text, "%2u:%2u%c", &hour, &minute, &beyond) != 2) return false;
    *value = hour * 60 + minute;
    return strlen(strchr(text, ':')) == 3 && hour < 24 && minute < 60;
}

static bool read_value(cli *c, const tc_model_input *input, const char *text, double *value)
{
    if (input->role == TC_ROLE_SIDE && word_in(tc_text_of(text), "buy sell")) {
        *value = *text == 'b' ? 1 : -1;
        return true;
    }
    if (is_time(input)) {
        if (read_time(text, value)) return true;
        complain(c, EXIT_USAGE, "%s: bad time (hh:mm): \"%s\"", input->key, text);
        return false;
    }
    if (!input->words) return real_read(c, input->key, text, value);
    int place = word_place(text, input->words);
    *value = place;
    if (place < 0) complain(c, EXIT_USAGE, "%s: unknown word \"%s\"; one of: %s", input->key, text, input->words);
    return place >= 0;
}

/* What a value is written as; false: as a number. */
static bool value_text(tc_text *text, char *room, size_t size, const tc_model_input *input, double value)
{
    if (isnan(value) || (!input->words && !is_time(input))) return false;
    *text = (tc_text){room, 0};
    if (input->words) *text = word_at(input->words, (size_t)value);
    else text->size = (size_t)snprintf(room, size, "%02d:%02d", (int)value / 60, (int)value % 60);
    return true;
}

static void put_domain(sheet *s, tc_domain d)
{
    char text[80];
    int size = snprintf(text, sizeof text, "%c%g, %g%c", d.low_open ? '(' : '[', d.low, d.high, d.high_open ? ')' : ']');
    sheet_text(s, (tc_text){text, (size_t)size});
}

static void put_standard(sheet *s, const tc_model_input *input)
{
    char room[24];
    tc_text text;
    if (value_text(&text, room, sizeof room, input, input->standard)) sheet_text(s, text);
    else sheet_real(s, input->standard);
}

static void put_shown_input(sheet *s, const tc_model_input *input)
{
    sheet_string(s, "input");
    sheet_string(s, input->key);
    sheet_string(s, input->unit);
    sheet_string(s, tc_model_role_name(input->role));
    put_standard(s, input);
    sheet_real(s, input->standard_error > 0 ? input->standard_error : NAN);
    put_domain(s, input->domain);
    sheet_string(s, input->words ? input->words : "");
    sheet_string(s, input->meaning);
    sheet_end_row(s);
}

static void put_shown_step(sheet *s, const tc_model_step *step)
{
    sheet_string(s, "step");
    sheet_string(s, step->name);
    sheet_string(s, step->unit);
    for (int blank = 0; blank < 5; blank++) sheet_string(s, "");
    sheet_string(s, step->series ? "a series" : "");
    sheet_end_row(s);
}

void run_model_show(cli *c)
{
    static const sheet_column columns[] = {{"part", false},    {"key", false},   {"unit", false},   {"role", false},   {"standard", true},
                                           {"standard_error", true}, {"domain", false}, {"words", false}, {"meaning", false}};
    const tc_model *model = model_named(c, c->args.operands[0]);
    sheet s;
    if (!model) return;
    sheet_open(&s, &c->out, c->format, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < model->input_count; i++) put_shown_input(&s, &model->inputs[i]);
    for (size_t i = 0; i < model->step_count; i++) put_shown_step(&s, &model->steps[i]);
    sheet_close(&s);
}

static void complain_keys(cli *c, const tc_model *model, const char *what)
{
    tc_buffer keys = {0};
    key_list(&keys, model);
    complain(c, EXIT_USAGE, "%s; %s takes %.*s", what, model->name, (int)keys.size, keys.data);
    tc_buffer_free(&keys);
}

/* bids=98x1000,97x500 for models that walk a book; 0: it is no side of one. */
static int take_levels(cli *c, subject *of, tc_text key, const char *text)
{
    bool bids = tc_text_is(key, "bids");
    if (!of->model->takes_book || !(bids || tc_text_is(key, "asks"))) return 0;
    if (bids ? of->market.bid_levels : of->market.ask_levels) return 0;
    bool read = bids ? depth_read(c, "bids", text, of->market.bid, &of->market.bid_levels)
                     : depth_read(c, "asks", text, of->market.ask, &of->market.ask_levels);
    return read ? 1 : -1;
}

static bool take_pair(cli *c, subject *of, const char *pair)
{
    char what[160];
    const char *equals = strchr(pair, '=');
    tc_text key = {pair, equals ? (size_t)(equals - pair) : strlen(pair)};
    int levels = equals ? take_levels(c, of, key, equals + 1) : 0;
    if (levels) return levels > 0;
    int at = equals ? tc_model_input_find(of->model, key) : -1;
    if (at >= 0 && isnan(of->input[at])) return read_value(c, &of->model->inputs[at], equals + 1, &of->input[at]);
    bool again = at >= 0 || (of->model->takes_book && (tc_text_is(key, "bids") || tc_text_is(key, "asks")));
    const char *why = !equals ? "not KEY=VALUE" : again ? "given twice" : "unknown key";
    snprintf(what, sizeof what, "%s: \"%.*s\"", why, (int)(key.size < 100 ? key.size : 100), key.data);
    complain_keys(c, of->model, what);
    return false;
}

static void name_missing(tc_buffer *missing, const char *key)
{
    buffer_print(missing, "%s%s", missing->size ? ", " : "missing key: ", key);
}

static bool all_given(cli *c, const subject *of)
{
    tc_buffer missing = {0};
    for (size_t i = 0; i < of->model->input_count; i++) {
        const tc_model_input *input = &of->model->inputs[i];
        if (isnan(of->input[i]) && isnan(input->standard) && !input->optional) name_missing(&missing, input->key);
    }
    if (of->model->takes_book && !of->market.bid_levels) name_missing(&missing, "bids");
    if (of->model->takes_book && !of->market.ask_levels) name_missing(&missing, "asks");
    buffer_char(&missing, '\0');
    bool complete = missing.size == 1;
    if (!complete) complain_keys(c, of->model, missing.data);
    tc_buffer_free(&missing);
    return complete;
}

static double used_value(const subject *of, size_t i)
{
    return isnan(of->input[i]) ? of->model->inputs[i].standard : of->input[i];
}

/* One side of the book as it was given. */
static tc_text book_text(tc_buffer *to, const subject *of, bool bids)
{
    to->size = 0;
    depth_write(to, bids ? of->market.bid : of->market.ask, bids ? of->market.bid_levels : of->market.ask_levels);
    return (tc_text){to->data, to->size};
}

static const char *const book_keys[] = {"asks", "bids"};
#define BOOK_UNIT "rupees x shares"

static void put_book_json(json *j, const subject *of)
{
    tc_buffer text = {0};
    for (int bids = 1; bids >= 0 && of->model->takes_book; bids--) {
        json_open(j, book_keys[bids], '{');
        json_text(j, "value", book_text(&text, of, bids));
        json_string(j, "unit", BOOK_UNIT);
        json_close(j, '}');
    }
    tc_buffer_free(&text);
}

static void put_json_value(json *j, const tc_model_input *input, double value)
{
    char room[24];
    tc_text text;
    if (value_text(&text, room, sizeof room, input, value)) json_text(j, "value", text);
    else json_real(j, "value", value);
}

static void put_json(cli *c, const subject *of, const tc_model_result *result)
{
    const tc_model *model = of->model;
    json j = {.to = &c->out.text, .indent = c->format == FORMAT_JSON};
    json_open(&j, NULL, '{');
    json_string(&j, "model", model->name);
    json_count(&j, "version", model->version);
    json_open(&j, "inputs", '{');
    for (size_t i = 0; i < model->input_count; i++) {
        json_open(&j, model->inputs[i].key, '{');
        put_json_value(&j, &model->inputs[i], used_value(of, i));
        json_string(&j, "unit", model->inputs[i].unit);
        json_close(&j, '}');
    }
    put_book_json(&j, of);
    json_close(&j, '}');
    json_open(&j, "steps", '{');
    for (size_t i = 0; i < model->step_count; i++) {
        if (!model->steps[i].series) {
            json_real(&j, model->steps[i].name, result->step[i]);
            continue;
        }
        json_open(&j, model->steps[i].name, '[');
        for (size_t k = 0; k < result->series[i].count; k++) json_real(&j, NULL, result->series[i].value[k]);
        json_close(&j, ']');
    }
    json_close(&j, '}');
    json_open(&j, "result", '{');
    json_real(&j, "price", result->price);
    json_real(&j, "bps", result->bps);
    json_real(&j, "rupees", result->rupees);
    json_close(&j, '}');
    json_real(&j, "se", result->se);
    json_real(&j, "sd", result->sd);
    json_string(&j, "calibration", tc_calibration_name(result->calibration));
    json_close(&j, '}');
}

static void put_row(sheet *s, const char *part, const char *name, double value, const char *unit)
{
    sheet_string(s, part);
    sheet_string(s, name);
    sheet_real(s, value);
    sheet_string(s, unit);
    sheet_end_row(s);
}

static void put_text_row(sheet *s, const char *part, const char *name, tc_text value, const char *unit)
{
    sheet_string(s, part);
    sheet_string(s, name);
    sheet_text(s, value);
    sheet_string(s, unit);
    sheet_end_row(s);
}

static void put_input_row(sheet *s, const tc_model_input *input, double value)
{
    char room[24];
    tc_text text;
    if (value_text(&text, room, sizeof room, input, value)) put_text_row(s, "input", input->key, text, input->unit);
    else put_row(s, "input", input->key, value, input->unit);
}

static void put_book_rows(sheet *s, const subject *of)
{
    tc_buffer text = {0};
    for (int bids = 1; bids >= 0 && of->model->takes_book; bids--)
        put_text_row(s, "input", book_keys[bids], book_text(&text, of, bids), BOOK_UNIT);
    tc_buffer_free(&text);
}

static void put_rows(cli *c, const subject *of, const tc_model_result *result)
{
    const tc_model *model = of->model;
    static const sheet_column columns[] = {{"part", false}, {"name", false}, {"value", true}, {"unit", false}};
    char name[80];
    sheet s;
    sheet_open(&s, &c->out, c->format, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < model->input_count; i++)
        put_input_row(&s, &model->inputs[i], used_value(of, i));
    put_book_rows(&s, of);
    for (size_t i = 0; i < model->step_count; i++) {
        const tc_model_step *step = &model->steps[i];
        if (!step->series) put_row(&s, "step", step->name, result->step[i], step->unit);
        for (size_t k = 0; k < result->series[i].count; k++) {
            snprintf(name, sizeof name, "%s[%zu]", step->name, k);
            put_row(&s, "step", name, result->series[i].value[k], step->unit);
        }
    }
    put_row(&s, "result", "price", result->price, "rupees a share");
    put_row(&s, "result", "bps", result->bps, "bps");
    put_row(&s, "result", "rupees", result->rupees, "rupees");
    put_row(&s, "result", "se", result->se, "bps");
    put_row(&s, "result", "sd", result->sd, "bps");
    put_text_row(&s, "result", "calibration", tc_text_of(tc_calibration_name(result->calibration)), "");
    sheet_close(&s);
}

enum { SERIES_ROOM = 3 * TC_SERIES_MAX }; /* holdings and trades of the longest schedule */

void run_model_eval(cli *c)
{
    subject of = {.model = model_named(c, c->args.operands[0])};
    if (!of.model) return;
    tc_market_clear(&of.market);
    for (size_t i = 0; i < TC_INPUTS_MAX; i++) of.input[i] = NAN;
    for (size_t i = 1; i < c->args.operand_count; i++)
        if (!take_pair(c, &of, c->args.operands[i])) return;
    if (!all_given(c, &of)) return;
    tc_series_room room = {need_memory(NULL, SERIES_ROOM, sizeof(double)), SERIES_ROOM, 0};
    tc_model_result result;
    tc_error error;
    tc_status status = tc_model_evaluate_on(&result, &error, of.model, of.input, NULL, of.model->takes_book ? &of.market : NULL, &room);
    if (status == TC_VALUE_NEEDED) complain_keys(c, of.model, error.message);
    else if (status) complain(c, exit_status_of(status), "%s: %s", tc_status_code(status), error.message);
    else if (c->format == FORMAT_JSON || c->format == FORMAT_NDJSON) put_json(c, &of, &result);
    else put_rows(c, &of, &result);
    free(room.value);
}
