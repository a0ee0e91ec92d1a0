#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "io/parameters.h"
#include "tca.h"

#define STANDARD_LAGS "1s,10s,1m,5m,30m"
#define STANDARD_IMPACT_LAG "5m"
#define STANDARD_PARTICIPATION 0.2

/* 500ms, 10s, 5m, 1h; false where it is none of these. */
static bool read_span(const char *text, size_t size, int64_t *micros)
{
    static const struct { const char *unit; double micros; } units[] = {{"ms", 1e3}, {"s", 1e6}, {"m", 60e6}, {"h", 3600e6}};
    const double longest = 24 * 3600e6;
    char number[32], *end;
    if (size >= sizeof number) return false;
    memcpy(number, text, size);
    number[size] = '\0';
    double value = strtod(number, &end);
    if (end == number || !isfinite(value) || value < 0) return false;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (strcmp(end, units[i].unit)) continue;
        *micros = llround(value * units[i].micros);
        return value * units[i].micros <= longest;
    }
    *micros = 0; /* none needs no unit */
    return value == 0 && !*end;
}

static bool option_span(cli *c, option_id id, const char *name, const char *standard, int64_t *micros)
{
    const char *text = c->args.value[id] ? c->args.value[id] : standard;
    if (read_span(text, strlen(text), micros)) return true;
    complain(c, EXIT_USAGE, "--%s: \"%s\" is no time as 500ms, 10s, 5m, 1h", name, text);
    return false;
}

static bool read_lags(cli *c, tca_options *to)
{
    const char *at = c->args.value[OPT_LAGS] ? c->args.value[OPT_LAGS] : STANDARD_LAGS;
    for (;; at++) {
        size_t size = strcspn(at, ",");
        lag *next = &to->lags[to->lag_count];
        if (to->lag_count == LAGS_MAX || size >= sizeof next->name || !read_span(at, size, &next->micros)) {
            complain(c, EXIT_USAGE, "--lags: at most %d times as 500ms, 10s, 5m, 1h, parted by commas", LAGS_MAX);
            return false;
        }
        memcpy(next->name, at, size);
        to->lag_count++;
        at += size;
        if (!*at) return true;
    }
}

static bool read_participation(cli *c, tca_options *to)
{
    const char *text = c->args.value[OPT_PWP];
    char *end;
    to->participation = STANDARD_PARTICIPATION;
    if (!text) return true;
    to->participation = strtod(text, &end);
    if (end != text && !*end && to->participation > 0 && to->participation <= 1) return true;
    complain(c, EXIT_USAGE, "--pwp: \"%s\" is no fraction above 0 and up to 1", text);
    return false;
}

static tc_impact_rule impact_rule_of(const cli *c, const tca_options *options)
{
#define AS_WORD(id, word, meaning) word,
    static const char *const words[] = {TC_IMPACT_RULES(AS_WORD)};
#undef AS_WORD
    const char *word = c->args.value[OPT_IMPACT];
    for (size_t i = 0; word && i < TC_IMPACT_RULE_COUNT; i++)
        if (!strcmp(words[i], word)) return (tc_impact_rule)i;
    return options->model ? TC_IMPACT_BY_MODEL : TC_IMPACT_UNTOLD;
}

static bool read_parameters(cli *c, tca_options *to)
{
    const char *path = c->args.value[OPT_PARAMETERS];
    tc_error error = {0};
    if (!path) return true;
    to->parameters = need_memory(NULL, 1, sizeof *to->parameters);
    tc_status status = tc_parameters_open(to->parameters, &error, path);
    if (status != TC_OK) complain_file(c, path, status, &error);
    else to->model = to->parameters->model;
    return status == TC_OK;
}

static bool read_model(cli *c, tca_options *to)
{
    const char *name = c->args.value[OPT_IMPACT_MODEL], *rule = c->args.value[OPT_IMPACT];
    if (!read_parameters(c, to)) return false;
    if (name) to->model = tc_model_find(tc_text_of(name));
    if (name && !to->model)
        complain(c, EXIT_USAGE, "--impact-model: unknown model \"%s\"; see tradecost model list", name);
    else if (to->model && to->model->kind != TC_IMPACT_MODEL)
        complain(c, EXIT_USAGE, "--impact-model: %s is no model of impact", to->model->name);
    else if (!to->model && rule && !strcmp(rule, "model"))
        complain(c, EXIT_USAGE, "--impact model needs --impact-model or --parameters");
    else return true;
    return false;
}

static bool read_options(cli *c, tca_options *to)
{
    *to = (tca_options){.exclude_own = c->args.value[OPT_EXCLUDE_OWN] != NULL};
    if (!read_lags(c, to) || !read_participation(c, to) || !read_model(c, to)) return false;
    to->impact_rule = impact_rule_of(c, to);
    return option_span(c, OPT_IMPACT_LAG, "impact-lag", STANDARD_IMPACT_LAG, &to->impact_lag) &&
           option_span(c, OPT_QUOTE_LAG, "quote-lag", "0", &to->quote_lag);
}

/* Benchmarks that no order at all could be given are said once. */
static void say_missing(const tca_run *r)
{
    tc_buffer missing = {0};
    for (size_t m = 0; m < MARK_COUNT; m++) {
        size_t known = 0;
        for (size_t i = 0; i < r->order_count; i++) known += tc_is_known(r->orders[i].mark[m]);
        if (!known) buffer_print(&missing, "%s%s", missing.size ? ", " : "", benchmark_name(m));
    }
    if (missing.size && r->order_count)
        remark(r->c, "no market data for these benchmarks, they are empty: %.*s", (int)missing.size, missing.data);
    tc_buffer_free(&missing);
}

static void say_assumed(const tca_run *r)
{
    size_t assumed = 0;
    for (size_t i = 0; i < r->order_count; i++) assumed += (r->orders[i].flags & TCA_ARRIVAL_ASSUMED) != 0;
    if (assumed) remark(r->c, "orders whose time of arrival is not told; it is taken for that of their first fill: %zu", assumed);
}

static void say_unexpected(const tca_run *r)
{
    if (r->unexpected)
        complain(r->c, EXIT_NO_RESULT, "%s expects nothing of %llu orders, for lack of something; of %s", r->options.model->name,
                 (unsigned long long)r->unexpected, r->why);
}

static void analyse(tca_run *r)
{
    if (!tca_read(r) || !tca_ask_market(r)) return;
    tca_value(r);
    say_assumed(r);
    say_missing(r);
    say_unexpected(r);
    if (r->c->format == FORMAT_HTML) tca_page(r);
    else tca_rows(r);
}

void run_tca(cli *c)
{
    tca_run r = {.c = c};
    if (read_options(c, &r.options) && tca_read_keys(&r)) analyse(&r);
    tca_market_free(r.market);
    arena_free(&r.texts);
    free(r.options.parameters);
    free(r.orders);
    free(r.fills);
}
