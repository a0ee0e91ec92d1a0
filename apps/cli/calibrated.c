#include "calibrate.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

/* --- the parameter file --- */

static void put_parameter(json *j, const tc_calibrated_parameter *p)
{
    json_open(j, p->name, '{');
    json_real(j, "value", p->value);
    json_string(j, "unit", p->unit);
    json_real(j, "se", p->se);
    json_real(j, "low", p->low);
    json_real(j, "high", p->high);
    json_bool(j, "fixed", p->fixed);
    json_bool(j, "at_bound", p->at_bound);
    if (p->fixed) json_string(j, "reason", p->reason);
    else json_null(j, "reason");
    json_open(j, "bounds", '[');
    json_real(j, NULL, p->bound_low);
    json_real(j, NULL, p->bound_high);
    json_close(j, ']');
    json_real(j, "formula_se", p->formula_se);
    json_real(j, "bias", p->bias);
    json_real(j, "bias_se", p->bias_se);
    json_close(j, '}');
}

/* Rows and columns of what has an error; the rest is exact. */
static void put_covariance(json *j, const tc_calibrated *found, const tc_parameter_set *set)
{
    size_t inputs = found->parameters.model->input_count;
    const tc_calibrated_parameter *p = found->parameter;
    json_open(j, "covariance", '{');
    json_open(j, "of", '[');
    for (size_t a = 0; a < found->parameter_count; a++)
        if (isfinite(p[a].se)) json_string(j, NULL, p[a].name);
    json_close(j, ']');
    json_open(j, "matrix", '[');
    for (size_t a = 0; a < found->parameter_count; a++) {
        if (!isfinite(p[a].se)) continue;
        json_open(j, NULL, '[');
        for (size_t b = 0; b < found->parameter_count; b++)
            if (isfinite(p[b].se)) json_real(j, NULL, set->covariance[p[a].input * inputs + p[b].input]);
        json_close(j, ']');
    }
    json_close(j, ']');
    json_close(j, '}');
}

static void put_buckets(json *j, const tc_calibrated *found)
{
    if (!found->bucket_count) return;
    json_real(j, "between_buckets", found->between);
    json_open(j, "buckets", '[');
    for (size_t k = 0; k < found->bucket_count; k++) {
        const tc_bucket_report *b = &found->bucket[k];
        json_open(j, NULL, '{');
        json_real(j, "from", b->from);
        json_count(j, "orders", b->orders);
        json_real(j, "own", b->own);
        json_real(j, "own_se", b->own_se);
        json_open(j, "parameters", '{');
        for (size_t i = 0; i < found->parameter_count; i++) {
            json_open(j, found->parameter[i].name, '{');
            json_real(j, "value", found->parameters.bucket[k].set.value[found->parameter[i].input]);
            json_close(j, '}');
        }
        json_close(j, '}');
        put_covariance(j, found, &found->parameters.bucket[k].set);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void put_data(json *j, const tc_calibrated *found)
{
    char first[TC_DATE_TEXT_SIZE], last[TC_DATE_TEXT_SIZE];
    tc_date_format(first, found->parameters.first);
    tc_date_format(last, found->parameters.last);
    json_open(j, "data", '{');
    json_count(j, "orders", found->orders);
    json_count(j, "refused", found->refused);
    json_string(j, "first", first);
    json_string(j, "last", last);
    json_count(j, "days", found->days);
    json_count(j, "securities", found->securities);
    json_count(j, "buys", found->buys);
    json_real(j, "decades", found->decades);
    json_string(j, "sha256", found->parameters.digest);
    json_close(j, '}');
}

static void put_stages(json *j, const tc_calibrated *found)
{
    json_open(j, "stages", '[');
    for (size_t k = 0; k < found->stage_count; k++) {
        const tc_fit *fit = &found->stage[k];
        json_open(j, NULL, '{');
        json_real(j, "scale", fit->scale);
        json_real(j, "rss", fit->rss);
        json_real(j, "objective", fit->objective);
        json_real(j, "freedom", fit->freedom);
        json_real(j, "condition", fit->condition > 0 ? fit->condition : NAN);
        json_count(j, "rounds", fit->rounds);
        json_count(j, "starts_alike", fit->alike);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void put_forecast(json *j, const char *name, const tc_forecast *f)
{
    json_open(j, name, '{');
    json_real(j, "mean_absolute", f->mean_absolute);
    json_real(j, "root_mean_square", f->root_mean_square);
    json_close(j, '}');
}

static void put_forecasts(json *j, const tc_calibrated *found)
{
    if (!found->forecast_made) {
        json_null(j, "forecast");
        return;
    }
    json_open(j, "forecast", '{');
    json_count(j, "orders", found->forecast_orders);
    put_forecast(j, "model", &found->model);
    put_forecast(j, "constant", &found->constant);
    put_forecast(j, "spread", &found->spread);
    json_real(j, "gain", found->gain);
    json_real(j, "gain_se", found->gain_se);
    json_close(j, '}');
}

static void put_shuffle(json *j, const tc_calibrated *found)
{
    if (!found->shuffled) {
        json_null(j, "shuffle");
        return;
    }
    json_open(j, "shuffle", '{');
    json_real(j, "slope", found->slope);
    json_real(j, "mean", found->shuffled_mean);
    json_real(j, "sd", found->shuffled_sd);
    json_real(j, "p", found->shuffled_p);
    json_close(j, '}');
}

static void put_bins(json *j, const char *name, const tc_bin *bin, size_t count)
{
    json_open(j, name, '[');
    for (size_t i = 0; i < count; i++) {
        json_open(j, NULL, '{');
        json_real(j, "x", bin[i].x);
        json_count(j, "orders", bin[i].orders);
        json_real(j, "observed", bin[i].observed);
        json_real(j, "se", bin[i].se);
        json_real(j, "predicted", bin[i].predicted);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void put_profile(json *j, const tc_calibrated *found)
{
    json_open(j, "profile", '{');
    json_string(j, "of", found->parameter[found->profile_of].name);
    json_open(j, "at", '[');
    for (size_t i = 0; i < found->profile_count; i++) json_real(j, NULL, found->profile_at[i]);
    json_close(j, ']');
    json_open(j, "rise", '[');
    for (size_t i = 0; i < found->profile_count; i++) json_real(j, NULL, found->profile_rise[i]);
    json_close(j, ']');
    json_close(j, '}');
}

static void put_fit(json *j, const tc_calibrated *found)
{
    json_open(j, "fit", '{');
    json_string(j, "loss", tc_fit_loss_name(found->options.loss));
    json_string(j, "errors", found->errors);
    json_count(j, "replicates", found->options.replicates);
    json_count(j, "seed", found->options.seed);
    json_count(j, "starts", found->starts);
    put_stages(j, found);
    json_open(j, "z", '{');
    json_real(j, "mean", found->z_mean);
    json_real(j, "sd", found->z_sd);
    json_close(j, '}');
    json_open(j, "within", '{');
    json_real(j, "0.05", found->within[0]);
    json_real(j, "0.5", found->within[1]);
    json_real(j, "0.95", found->within[2]);
    json_close(j, '}');
    put_forecasts(j, found);
    put_shuffle(j, found);
    json_real(j, "r2_binned", found->r2_binned);
    put_bins(j, "bins", found->bin, found->bin_count);
    put_bins(j, "calibration", found->curve, found->curve_count);
    put_profile(j, found);
    json_close(j, '}');
}

void put_calibrated_json(tc_buffer *to, bool indent, const tc_calibrated *found)
{
    json j = {.to = to, .indent = indent};
    json_open(&j, NULL, '{');
    json_string(&j, "model", found->parameters.model->name);
    json_count(&j, "version", found->parameters.model->version);
    json_open(&j, "parameters", '{');
    for (size_t i = 0; i < found->parameter_count; i++) put_parameter(&j, &found->parameter[i]);
    json_close(&j, '}');
    put_covariance(&j, found, &found->parameters.pooled);
    json_real(&j, "scale", found->parameters.scale);
    json_bool(&j, "net_of_spread", found->parameters.net_of_spread);
    put_buckets(&j, found);
    put_data(&j, found);
    put_fit(&j, found);
    json_open(&j, "warnings", '[');
    for (size_t i = 0; i < found->warning_count; i++) json_string(&j, NULL, found->warning[i]);
    json_close(&j, ']');
    json_close(&j, '}');
}

/* --- rows --- */

/* In words what a row has beside its numbers. */
static const char *note_of(const tc_calibrated_parameter *p)
{
    return p->fixed ? p->reason : p->at_bound ? "at its bound" : "";
}

void put_calibrated_rows(output *to, sheet_format format, const tc_calibrated *found)
{
    static const sheet_column columns[] = {{"parameter", false}, {"unit", false}, {"value", true}, {"se", true},
                                           {"low", true},        {"high", true},  {"bias", true},  {"note", false}};
    sheet s;
    sheet_open(&s, to, format, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < found->parameter_count; i++) {
        const tc_calibrated_parameter *p = &found->parameter[i];
        const double numbers[] = {p->value, p->se, p->low, p->high, p->bias};
        sheet_string(&s, p->name);
        sheet_string(&s, p->unit);
        for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++) {
            char text[40];
            /* Five digits are more than any such fit knows, two of a simulated bias; the parameter file has them all. */
            int size = isfinite(numbers[k]) ? snprintf(text, sizeof text, "%.*g", k == 4 ? 2 : 5, numbers[k]) : 0;
            if (format == FORMAT_TABLE) sheet_text(&s, (tc_text){text, (size_t)size});
            else sheet_real(&s, numbers[k]);
        }
        sheet_string(&s, note_of(p));
        sheet_end_row(&s);
    }
    sheet_close(&s);
}

/* --- words --- */

void say(lines *l, const char *format, ...)
{
    char line[400];
    va_list list;
    va_start(list, format);
    vsnprintf(line, sizeof line, format, list);
    va_end(list);
    l->put(l->context, line);
}

static void say_data(lines *l, const tc_calibrated *f)
{
    char first[TC_DATE_TEXT_SIZE], last[TC_DATE_TEXT_SIZE];
    tc_date_format(first, f->parameters.first);
    tc_date_format(last, f->parameters.last);
    say(l, "%zu orders (%zu buys) in %zu securities on %zu days, %s to %s; %zu refused", f->orders, f->buys, f->securities,
        f->days, first, last, f->refused);
    say(l, "Q/V spans %.2f decades; costs are %s", f->decades,
        f->parameters.net_of_spread ? "net of half the quoted spread" : "as paid, spread included");
    say(l, "loss %s; errors by %s; %u replicates, seed %llu", tc_fit_loss_name(f->options.loss), f->errors, f->options.replicates,
        (unsigned long long)f->options.seed);
}

static void say_fit(lines *l, const tc_calibrated *f)
{
    say(l, "scatter is %.3g times what volatility and duration explain; z has mean %.3f and sd %.3f", f->parameters.scale,
        f->z_mean, f->z_sd);
    say(l, "outcomes below the 5, 50 and 95 %% quantile: %.1f, %.1f and %.1f %%", 100 * f->within[0], 100 * f->within[1],
        100 * f->within[2]);
    if (isfinite(f->r2_binned)) say(l, "R2 of the means of %zu bins: %.3f", f->bin_count, f->r2_binned);
}

static void say_forecast(lines *l, const tc_calibrated *f)
{
    if (!f->forecast_made) {
        say(l, "no forecast from earlier days: too few days or orders");
        return;
    }
    char spread[60] = "";
    if (isfinite(f->spread.mean_absolute))
        snprintf(spread, sizeof spread, ", half the spread alone %.2f", f->spread.mean_absolute);
    say(l, "forecast of %zu later orders, mean absolute error in bps: model %.2f, a constant %.2f%s", f->forecast_orders,
        f->model.mean_absolute, f->constant.mean_absolute, spread);
    say(l, "the model's gain on the constant is %.2f bps, with standard error %.2f by day", f->gain, f->gain_se);
}

static void say_shuffle(lines *l, const tc_calibrated *f)
{
    if (f->shuffled)
        say(l, "slope of costs on the model %.3f; with shuffled sides %.3f, sd %.3f; p = %.3g", f->slope, f->shuffled_mean,
            f->shuffled_sd, f->shuffled_p);
    else
        say(l, "sides were not shuffled: %s", f->options.replicates ? "all are alike" : "no replicates were asked for");
}

static void say_bias(lines *l, const tc_calibrated *f)
{
    for (size_t i = 0; i < f->parameter_count; i++) {
        const tc_calibrated_parameter *p = &f->parameter[i];
        if (isfinite(p->bias))
            say(l, "on simulated costs %s comes out %+.2g from the truth (standard error %.1g)", p->name, p->bias, p->bias_se);
    }
}

static void say_buckets(lines *l, const tc_calibrated *f)
{
    for (size_t i = 0; i < f->bucket_count; i++) {
        const tc_bucket_report *b = &f->bucket[i];
        say(l, "traded from Rs %.3g a day: %zu orders, own %.4g +- %.2g, pooled %.4g +- %.2g", b->from, b->orders, b->own,
            b->own_se, b->pooled, b->pooled_se);
    }
}

void calibrated_lines(const tc_calibrated *found, put_line_fn *put, void *context)
{
    lines l = {put, context};
    say_data(&l, found);
    say_fit(&l, found);
    say_forecast(&l, found);
    say_shuffle(&l, found);
    say_bias(&l, found);
    say_buckets(&l, found);
    for (size_t i = 0; i < found->warning_count; i++) say(&l, "warning: %s", found->warning[i]);
}

static void put_line(void *context, const char *line)
{
    tc_buffer *to = context;
    buffer_string(to, line);
    buffer_char(to, '\n');
}

void put_calibrated_report(cli *c, output *to, const tc_calibrated *found)
{
    (void)c;
    buffer_print(&to->text, "%s, version %u\n\n", found->parameters.model->name, found->parameters.model->version);
    put_calibrated_rows(to, FORMAT_TABLE, found);
    buffer_char(&to->text, '\n');
    calibrated_lines(found, put_line, &to->text);
}
