#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli.h"

static const char *model_name_at(const void *context, size_t index)
{
    (void)context;
    const tc_model *model = tc_model_at(index);
    return model ? model->name : NULL;
}

static const tc_model *named_model(cli *c, const char *name)
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
}

void run_model_list(cli *c)
{
    static const sheet_column columns[] = {{"model", false}, {"kind", false}, {"version", true}, {"inputs", false},
                                           {"summary", false}, {"source", false}};
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
        sheet_string(&s, model->summary);
        sheet_string(&s, model->source);
        sheet_end_row(&s);
    }
    sheet_close(&s);
    tc_buffer_free(&keys);
}

static void put_domain(sheet *s, tc_domain d)
{
    char text[80];
    int size = snprintf(text, sizeof text, "%c%g, %g%c", d.low_open ? '(' : '[', d.low, d.high, d.high_open ? ')' : ']');
    sheet_text(s, (tc_text){text, (size_t)size});
}

void run_model_show(cli *c)
{
    static const sheet_column columns[] = {{"key", false}, {"unit", false}, {"role", false}, {"standard", true},
                                           {"standard_error", true}, {"domain", false}, {"words", false}, {"meaning", false}};
    const tc_model *model = named_model(c, c->args.operands[0]);
    sheet s;
    if (!model) return;
    sheet_open(&s, &c->out, c->format, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < model->input_count; i++) {
        const tc_model_input *input = &model->inputs[i];
        sheet_string(&s, input->key);
        sheet_string(&s, input->unit);
        sheet_string(&s, tc_model_role_name(input->role));
        sheet_real(&s, input->standard);
        sheet_real(&s, input->standard_error > 0 ? input->standard_error : NAN);
        put_domain(&s, input->domain);
        sheet_string(&s, input->words ? input->words : "");
        sheet_string(&s, input->meaning);
        sheet_end_row(&s);
    }
    sheet_close(&s);
}

/* The place of a word in a space-separated list; -1: it is not there. */
static int word_place(const char *word, const char *words)
{
    size_t size = strlen(word);
    for (int place = 0; *words; place++) {
        size_t next = strcspn(words, " ");
        if (next == size && !memcmp(word, words, size)) return place;
        words += next + (words[next] == ' ');
    }
    return -1;
}

static bool read_value(cli *c, const tc_model_input *input, const char *text, double *value)
{
    char *end;
    if (input->words) {
        int place = word_place(text, input->words);
        *value = place;
        if (place < 0) complain(c, EXIT_USAGE, "%s: unknown word \"%s\"; one of: %s", input->key, text, input->words);
        return place >= 0;
    }
    errno = 0;
    *value = strtod(text, &end);
    if (*text && !*end && isfinite(*value) && errno != ERANGE) return true;
    complain(c, EXIT_USAGE, "%s: bad number: \"%s\"", input->key, text);
    return false;
}

static void complain_keys(cli *c, const tc_model *model, const char *what)
{
    tc_buffer keys = {0};
    key_list(&keys, model);
    complain(c, EXIT_USAGE, "%s; %s takes %.*s", what, model->name, (int)keys.size, keys.data);
    tc_buffer_free(&keys);
}

static bool take_pair(cli *c, const tc_model *model, const char *pair, double *input)
{
    char what[160];
    const char *equals = strchr(pair, '=');
    tc_text key = {pair, equals ? (size_t)(equals - pair) : strlen(pair)};
    int at = equals ? tc_model_input_find(model, key) : -1;
    if (at >= 0 && isnan(input[at])) return read_value(c, &model->inputs[at], equals + 1, &input[at]);
    const char *why = !equals ? "not KEY=VALUE" : at < 0 ? "unknown key" : "given twice";
    snprintf(what, sizeof what, "%s: \"%.*s\"", why, (int)(key.size < 100 ? key.size : 100), key.data);
    complain_keys(c, model, what);
    return false;
}

static bool all_given(cli *c, const tc_model *model, const double *input)
{
    tc_buffer missing = {0};
    for (size_t i = 0; i < model->input_count; i++) {
        const tc_model_input *of = &model->inputs[i];
        if (isnan(input[i]) && isnan(of->standard) && !of->optional)
            buffer_print(&missing, "%s%s", missing.size ? ", " : "missing key: ", of->key);
    }
    buffer_char(&missing, '\0');
    bool complete = missing.size == 1;
    if (!complete) complain_keys(c, model, missing.data);
    tc_buffer_free(&missing);
    return complete;
}

static double used_value(const tc_model *model, const double *input, size_t i)
{
    return isnan(input[i]) ? model->inputs[i].standard : input[i];
}

static void put_json(cli *c, const tc_model *model, const double *input, const tc_model_result *result)
{
    json j = {.to = &c->out.text, .indent = c->format == FORMAT_JSON};
    json_open(&j, NULL, '{');
    json_string(&j, "model", model->name);
    json_count(&j, "version", model->version);
    json_open(&j, "inputs", '{');
    for (size_t i = 0; i < model->input_count; i++) {
        json_open(&j, model->inputs[i].key, '{');
        json_real(&j, "value", used_value(model, input, i));
        json_string(&j, "unit", model->inputs[i].unit);
        json_close(&j, '}');
    }
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

static void put_rows(cli *c, const tc_model *model, const double *input, const tc_model_result *result)
{
    static const sheet_column columns[] = {{"part", false}, {"name", false}, {"value", true}, {"unit", false}};
    char name[80];
    sheet s;
    sheet_open(&s, &c->out, c->format, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < model->input_count; i++)
        put_row(&s, "input", model->inputs[i].key, used_value(model, input, i), model->inputs[i].unit);
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
    sheet_close(&s);
}

void run_model_eval(cli *c)
{
    double input[TC_INPUTS_MAX];
    const tc_model *model = named_model(c, c->args.operands[0]);
    if (!model) return;
    for (size_t i = 0; i < TC_INPUTS_MAX; i++) input[i] = NAN;
    for (size_t i = 1; i < c->args.operand_count; i++)
        if (!take_pair(c, model, c->args.operands[i], input)) return;
    if (!all_given(c, model, input)) return;
    tc_series_room room = {need_memory(NULL, TC_SERIES_MAX, sizeof(double)), TC_SERIES_MAX, 0};
    tc_model_result result;
    tc_error error;
    tc_status status = tc_model_evaluate(&result, &error, model, input, NULL, &room);
    if (status) complain(c, exit_status_of(status), "%s: %s", tc_status_code(status), error.message);
    else if (c->format == FORMAT_JSON || c->format == FORMAT_NDJSON) put_json(c, model, input, &result);
    else put_rows(c, model, input, &result);
    free(room.value);
}
