#include "kernel.h"

#include <math.h>
#include <stdio.h>

/* --- rows --- */

void put_kernel_rows(output *to, sheet_format format, const calibrated_kernel *found)
{
    static const sheet_column columns[] = {{"lag", true}, {"sign_covariance", true}, {"response", true}, {"kernel", true}};
    const tc_kernel *k = &found->kernel;
    sheet s;
    sheet_open(&s, to, format, columns, sizeof columns / sizeof *columns);
    for (size_t l = 0; l <= k->options.lags; l++) {
        sheet_count(&s, l);
        sheet_real(&s, k->covariance.value[l]);
        sheet_real(&s, k->response.value[l]);
        sheet_real(&s, k->kernel.value[l]);
        sheet_end_row(&s);
    }
    sheet_close(&s);
}

/* --- json --- */

static void put_words(json *j, const char *key, const char *words)
{
    if (*words) json_string(j, key, words);
    else json_null(j, key);
}

static void put_parameters(json *j, const tc_kernel *k)
{
    json_open(j, "parameters", '{');
    for (int p = 0; p < TC_K_COUNT; p++) {
        const tc_kernel_estimate *e = &k->parameter[p];
        json_open(j, tc_kernel_parameter_name((tc_kernel_parameter)p), '{');
        json_real(j, "value", e->value);
        json_string(j, "unit", tc_kernel_parameter_unit((tc_kernel_parameter)p));
        json_string(j, "meaning", tc_kernel_parameter_meaning((tc_kernel_parameter)p));
        json_real(j, "se", e->se);
        json_bool(j, "at_bound", e->at_bound);
        put_words(j, "reason", *e->reason || !isnan(e->se) ? e->reason : k->no_errors);
        json_close(j, '}');
    }
    json_close(j, '}');
}

static void put_schedule(json *j, const calibrated_kernel *found)
{
    const tc_kernel_schedule *s = &found->kernel.schedule;
    schedule_options options = schedule_options_of(found);
    json_open(j, "schedule", '{');
    json_bool(j, "usable", s->usable);
    put_words(j, "reason", s->usable ? "" : s->reason);
    put_words(j, "warning", s->usable ? s->reason : "");
    json_real(j, "delta", found->kernel.options.delta);
    if (isnan(s->g0)) json_null(j, "kernel");
    else json_string(j, "kernel", isnan(s->decay) ? "exponential" : "power");
    json_real(j, "g0_bps", s->g0);
    json_real(j, "rate", s->rate);
    json_real(j, "decay", s->decay);
    json_open(j, "options", '{');
    json_real(j, "kappa", options.kappa);
    json_real(j, "rho", options.rho);
    json_real(j, "decay", options.decay);
    json_close(j, '}');
    json_close(j, '}');
}

static void put_data(json *j, const calibrated_kernel *found)
{
    const tc_kernel *k = &found->kernel;
    json_open(j, "data", '{');
    json_count(j, "fills", found->fills);
    json_count(j, "unmatched", found->unmatched);
    json_count(j, "trades", k->trades);
    json_count(j, "days", k->days);
    json_real(j, "mean_sign", k->mean_sign);
    json_real(j, "changing", k->changing);
    json_real(j, "mean_mid", found->mid);
    json_real(j, "mean_size", found->size);
    json_close(j, '}');
}

static void put_errors(json *j, const tc_kernel *k)
{
    json_open(j, "errors", '{');
    if (*k->no_errors) json_null(j, "by");
    else json_string(j, "by", "bootstrap of days");
    put_words(j, "reason", k->no_errors);
    json_count(j, "replicates", k->drawn);
    json_count(j, "failed", k->failed);
    json_count(j, "seed", k->options.seed);
    json_close(j, '}');
}

static void put_explained(json *j, const tc_kernel *k)
{
    json_open(j, "explained", '{');
    json_real(j, "tim1", k->explained);
    json_real(j, "tim2", k->explained_by_kinds);
    json_real(j, "later_days", k->forecast);
    json_close(j, '}');
}

static void put_lags(json *j, const tc_kernel *k)
{
    json_open(j, "lags", '[');
    for (size_t l = 0; l <= k->options.lags; l++) {
        json_open(j, NULL, '{');
        json_count(j, "lag", l);
        json_real(j, "sign_covariance", k->covariance.value[l]);
        json_real(j, "sign_covariance_se", k->covariance.se[l]);
        json_real(j, "response", k->response.value[l]);
        json_real(j, "response_se", k->response.se[l]);
        json_real(j, "response_before", k->before[l]);
        json_real(j, "kernel", k->kernel.value[l]);
        json_real(j, "kernel_se", k->kernel.se[l]);
        json_real(j, "kernel_unchanged", k->unchanged[l]);
        json_real(j, "kernel_changed", k->changed[l]);
        json_close(j, '}');
    }
    json_close(j, ']');
}

void put_kernel_json(tc_buffer *to, bool indent, const calibrated_kernel *found)
{
    json j = {.to = to, .indent = indent, .empty = true};
    json_open(&j, NULL, '{');
    json_string(&j, "model", "propagator");
    json_count(&j, "version", tc_model_find(tc_text_of("propagator"))->version);
    put_parameters(&j, &found->kernel);
    put_schedule(&j, found);
    put_data(&j, found);
    put_errors(&j, &found->kernel);
    put_explained(&j, &found->kernel);
    json_bool(&j, "positive_definite", found->kernel.positive_definite);
    put_lags(&j, &found->kernel);
    json_close(&j, '}');
}

/* --- words --- */

static void say_data(lines *l, const calibrated_kernel *found)
{
    const tc_kernel *k = &found->kernel;
    say(l, "%zu trades of %llu fills on %zu days; %llu met no quote", k->trades, (unsigned long long)found->fills, k->days,
        (unsigned long long)found->unmatched);
    say(l, "mean sign %.3g; %.1f %% of trades change the mid, by themselves or with what happens until the next", k->mean_sign, 100 * k->changing);
    if (*k->no_errors) say(l, "errors unknown: %s", k->no_errors);
    else say(l, "errors by bootstrap of days; %u replicates, %u of them without a kernel, seed %llu", k->drawn, k->failed,
             (unsigned long long)k->options.seed);
}

static void say_curves(lines *l, const tc_kernel *k)
{
    size_t last = k->options.lags;
    say(l, "signs: covariance %.4g at lag 1, %.4g at lag %zu", k->covariance.value[1], k->covariance.value[last], last);
    say(l, "mid after a trade: %.4g bps at lag 1, %.4g at lag %zu; in the %zu trades before it: %.4g", k->response.value[1],
        k->response.value[last], last, last, k->before[last]);
    say(l, "kernel: %.4g bps at lag 1, %.4g at lag %zu", k->kernel.value[1], k->kernel.value[last], last);
    say(l, "as measured, the kernel %s", k->positive_definite ? "lets no round trip gain, if impact is linear"
                                                              : "would let round trips gain: errors, or lags too many");
}

/* `share` in words; empty where it is unknown. */
static const char *percent(char text[40], const char *what, double share)
{
    if (isfinite(share)) snprintf(text, 40, "; %s %.2f %%", what, 100 * share);
    else *text = '\0';
    return text;
}

static void say_explained(lines *l, const tc_kernel *k)
{
    char kinds[40], later[40];
    if (!isfinite(k->explained)) return;
    say(l, "of the squares of moves the kernel explains %.2f %%%s%s", 100 * k->explained, percent(kinds, "kernels by kind", k->explained_by_kinds),
        percent(later, "of later days", k->forecast));
}

static void say_schedule(lines *l, const calibrated_kernel *found)
{
    const tc_kernel_schedule *s = &found->kernel.schedule;
    schedule_options o = schedule_options_of(found);
    if (!s->usable) {
        say(l, "not for schedules: %s", s->reason);
        return;
    }
    if (isnan(s->decay)) say(l, "for schedules: %.4g bps a trade at once, times e^(-%.4g k) after k trades", s->g0, s->rate);
    else say(l, "for schedules: %.4g bps a trade at once, times (1 + %.4g k)^-%.4g after k trades", s->g0, s->rate, s->decay);
    if (*s->reason) say(l, "warning: %s", s->reason);
    if (isnan(o.kappa)) say(l, "sizes of trades are not told, so that impact a share is unknown");
    else if (isnan(o.decay)) say(l, "tradecost schedule --strategy propagator --kappa %.5g --rho %.5g", o.kappa, o.rho);
    else say(l, "tradecost schedule --strategy propagator --kappa %.5g --rho %.5g --decay %.5g", o.kappa, o.rho, o.decay);
}

void kernel_lines(const calibrated_kernel *found, put_line_fn *put, void *context)
{
    lines l = {put, context};
    say_data(&l, found);
    say_curves(&l, &found->kernel);
    say_explained(&l, &found->kernel);
    say_schedule(&l, found);
}

static void put_line(void *context, const char *line)
{
    buffer_string(context, line);
    buffer_char(context, '\n');
}

static void put_rounded(sheet *s, double value)
{
    char text[40];
    int size = isfinite(value) ? snprintf(text, sizeof text, "%.5g", value) : 0;
    sheet_text(s, (tc_text){text, (size_t)size});
}

void put_kernel_report(output *to, const calibrated_kernel *found)
{
    static const sheet_column columns[] = {{"parameter", false}, {"unit", false}, {"value", true}, {"se", true}, {"note", false}};
    sheet s;
    buffer_print(&to->text, "propagator, %zu lags\n\n", found->kernel.options.lags);
    sheet_open(&s, to, FORMAT_TABLE, columns, sizeof columns / sizeof *columns);
    for (int p = 0; p < TC_K_COUNT; p++) {
        const tc_kernel_estimate *e = &found->kernel.parameter[p];
        sheet_string(&s, tc_kernel_parameter_name((tc_kernel_parameter)p));
        sheet_string(&s, tc_kernel_parameter_unit((tc_kernel_parameter)p));
        put_rounded(&s, e->value);
        put_rounded(&s, e->se);
        sheet_string(&s, *e->reason ? e->reason : e->at_bound ? "at its bound" : "");
        sheet_end_row(&s);
    }
    sheet_close(&s);
    buffer_char(&to->text, '\n');
    kernel_lines(found, put_line, &to->text);
}
