#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "cells.h"
#include "depth.h"
#include "schedule.h"

/* A basket as its file gives it, and what its schedule comes to. */
typedef struct {
    cli *c;
    cells file;
    tc_basket basket;
    tc_schedule_task task;
    tc_text *symbol;
    int *side;                                             /* +1 buy, -1 sell */
    double *quantity, *covariance, *gamma, *eta, *epsilon; /* owned */
    double *holding;                                       /* (slices + 1) x count */
    tc_schedule_cost cost;
} basket_run;

static bool refuse(cli *c, tc_status status, const tc_error *error)
{
    if (status) complain(c, exit_status_of(status), "%s: %s", tc_status_code(status), error->message);
    return status == TC_OK;
}

/* What is to be sold is held, what is to be bought is short. */
static bool read_row(basket_run *b, size_t row, const int *column)
{
    size_t m = b->basket.count;
    b->symbol[row] = cells_at(&b->file, row, column[0]);
    uint8_t side = tc_word_find(TC_SEL_SIDE, cells_at(&b->file, row, column[1]));
    double quantity;
    if (side != TC_BUY && side != TC_SELL) {
        cells_refuse(&b->file, row, "side: neither buy nor sell");
        return false;
    }
    b->side[row] = side == TC_BUY ? 1 : -1;
    bool read = cells_real(&b->file, row, column[2], &quantity) && cells_real(&b->file, row, column[3], &b->gamma[row * m + row]) &&
                cells_real(&b->file, row, column[4], &b->eta[row * m + row]) && cells_real(&b->file, row, column[5], &b->epsilon[row]);
    if (read && !(quantity >= 0 && quantity == floor(quantity))) {
        cells_refuse(&b->file, row, "quantity: %.15g is no whole number", quantity);
        return false;
    }
    b->quantity[row] = -b->side[row] * quantity;
    return read;
}

static void make_room(basket_run *b)
{
    size_t m = b->basket.count;
    double **squares[] = {&b->covariance, &b->gamma, &b->eta}, **rows[] = {&b->quantity, &b->epsilon};
    for (size_t i = 0; i < 3; i++) {
        *squares[i] = need_memory(NULL, m * m, sizeof(double));
        for (size_t k = 0; k < m * m; k++) (*squares[i])[k] = 0;
    }
    for (size_t i = 0; i < 2; i++) *rows[i] = need_memory(NULL, m, sizeof(double));
    b->symbol = need_memory(NULL, m, sizeof *b->symbol);
    b->side = need_memory(NULL, m, sizeof *b->side);
    b->holding = need_memory(NULL, (b->task.slices + 1) * m, sizeof(double));
}

static bool read_file(basket_run *b)
{
    static const char *const names[] = {"symbol", "side", "quantity", "gamma", "eta", "epsilon"};
    enum { COLUMNS = sizeof names / sizeof *names };
    int column[COLUMNS];
    if (!cells_read(b->c, &b->file, b->c->args.value[OPT_BASKET], TC_BASKET_MAX)) return false;
    for (size_t i = 0; i < COLUMNS; i++)
        if ((column[i] = cells_need_column(&b->file, names[i])) < 0) return false;
    b->basket.count = b->file.rows;
    make_room(b);
    for (size_t row = 0; row < b->file.rows; row++)
        if (!read_row(b, row, column)) return false;
    return true;
}

static int place_of(const basket_run *b, tc_text symbol)
{
    for (size_t i = 0; i < b->basket.count; i++)
        if (text_equal(b->symbol[i], symbol)) return (int)i;
    return -1;
}

/* A row and a column a symbol, in any order; those that the basket has not are passed over. */
static bool fill_covariance(basket_run *b, const cells *file)
{
    size_t m = b->basket.count, found = 0;
    int name = cells_need_column(file, "symbol");
    if (name < 0) return false;
    for (size_t row = 0; row < file->rows; row++) {
        int i = place_of(b, cells_at(file, row, name));
        if (i < 0) continue;
        found++;
        for (size_t k = 0; k < m; k++) {
            char symbol[80];
            snprintf(symbol, sizeof symbol, "%.*s", (int)b->symbol[k].size, b->symbol[k].data);
            int column = cells_need_column(file, symbol);
            if (column < 0 || !cells_real(file, row, column, &b->covariance[(size_t)i * m + k])) return false;
        }
    }
    if (found == m) return true;
    complain_at(b->c, exit_status_of(TC_MARKET_MISSING), file->path, 0, "%s: covariance: %zu of the basket's %zu securities have one row here",
                tc_status_code(TC_MARKET_MISSING), found, m);
    return false;
}

static bool read_covariance(basket_run *b)
{
    const char *path = b->c->args.value[OPT_COVARIANCE];
    cells file;
    if (!path) {
        complain(b->c, EXIT_USAGE, "--basket needs --covariance: of the securities' price moves, rupees squared a day");
        return false;
    }
    bool read = cells_read(b->c, &file, path, 10000) && fill_covariance(b, &file);
    cells_free(&file);
    return read;
}

static bool read_task(basket_run *b)
{
    cli *c = b->c;
    double slices = 50, minutes = 0;
    const char *duration = c->args.value[OPT_DURATION], *word = c->args.value[OPT_STRATEGY];
    if (word && strcmp(word, "almgren-chriss")) {
        complain(c, EXIT_USAGE, "--basket: only almgren-chriss spreads several securities");
        return false;
    }
    if (!duration || !c->args.value[OPT_LAMBDA]) {
        complain(c, EXIT_USAGE, "--basket needs --%s", duration ? "lambda: the risk aversion, 1/rupee" : "duration: the time to work it in, as 0.5d, 2h, 30m");
        return false;
    }
    if (!option_real(c, OPT_SLICES, "--slices", &slices) || !option_real(c, OPT_LAMBDA, "--lambda", &b->task.lambda)) return false;
    if (!given_duration(c, "--duration", duration, 'd', &minutes)) return false;
    if (slices < 1 || slices > TC_SLICES_MAX || slices != floor(slices)) {
        complain(c, EXIT_USAGE, "--slices: \"%s\" is no whole number from 1 to %d", c->args.value[OPT_SLICES], TC_SLICES_MAX);
        return false;
    }
    b->task.slices = (size_t)slices;
    b->task.duration = minutes / TC_SESSION_MINUTES;
    return true;
}

static bool solve(basket_run *b)
{
    tc_error error = {0};
    b->basket = (tc_basket){b->basket.count, b->quantity, b->covariance, b->gamma, b->eta, b->epsilon};
    tc_status status = tc_basket_optimal(b->holding, &error, &b->basket, &b->task);
    if (!status) status = tc_basket_evaluate(&b->cost, &error, &b->basket, &b->task, b->holding);
    return refuse(b->c, status, &error);
}

/* Whole shares, security by security. */
static bool round_shares(basket_run *b)
{
    size_t m = b->basket.count, n = b->task.slices;
    tc_error error = {0};
    double *trade = need_memory(NULL, n, sizeof *trade);
    for (size_t i = 0; i < m; i++) {
        for (size_t k = 0; k < n; k++) trade[k] = b->holding[k * m + i] - b->holding[(k + 1) * m + i];
        tc_schedule_round(trade, n, 1);
        for (size_t k = 0; k < n; k++) b->holding[(k + 1) * m + i] = b->holding[k * m + i] - trade[k];
    }
    free(trade);
    return refuse(b->c, tc_basket_evaluate(&b->cost, &error, &b->basket, &b->task, b->holding), &error);
}

/* What a security does in a slice, in the direction of its own order. */
static double done_in(const basket_run *b, size_t slice, size_t i)
{
    size_t m = b->basket.count;
    return -b->side[i] * (b->holding[slice * m + i] - b->holding[(slice + 1) * m + i]);
}

static double left_after(const basket_run *b, size_t slice, size_t i)
{
    double left = -b->side[i] * b->holding[(slice + 1) * b->basket.count + i];
    return left == 0 ? 0 : left; /* no -0 */
}

static void put_rows(const basket_run *b)
{
    static const sheet_column columns[] = {{"slice", true}, {"start", true}, {"end", true}, {"symbol", false}, {"side", false},
                                           {"quantity", true}, {"holding", true}};
    double tau = b->task.duration / (double)b->task.slices;
    sheet to;
    sheet_open(&to, &b->c->out, b->c->format, columns, sizeof columns / sizeof *columns);
    for (size_t k = 0; k < b->task.slices; k++)
        for (size_t i = 0; i < b->basket.count; i++) {
            sheet_count(&to, k + 1);
            sheet_real(&to, tau * (double)k);
            sheet_real(&to, tau * (double)(k + 1));
            sheet_text(&to, b->symbol[i]);
            sheet_string(&to, b->side[i] > 0 ? "buy" : "sell");
            sheet_real(&to, done_in(b, k, i));
            sheet_real(&to, left_after(b, k, i));
            sheet_end_row(&to);
        }
    sheet_close(&to);
}

static void put_costs(json *j, const basket_run *b)
{
    json_real(j, "lambda", b->task.lambda);
    json_real(j, "expected_cost", b->cost.expected);
    json_real(j, "sd", sqrt(b->cost.variance));
    json_real(j, "var95", tc_schedule_var(b->cost.expected, b->cost.variance, TC_VAR_95));
    json_real(j, "sd_even", sqrt(b->cost.variance_even));
    json_count(j, "slices", b->task.slices);
}

static void put_json(const basket_run *b)
{
    json j = {.to = &b->c->out.text, .indent = true};
    json_open(&j, NULL, '{');
    json_string(&j, "strategy", "almgren-chriss");
    json_open(&j, "summary", '{');
    put_costs(&j, b);
    json_close(&j, '}');
    json_open(&j, "securities", '[');
    for (size_t i = 0; i < b->basket.count; i++) {
        json_open(&j, NULL, '{');
        json_text(&j, "symbol", b->symbol[i]);
        json_string(&j, "side", b->side[i] > 0 ? "buy" : "sell");
        json_open(&j, "quantity", '[');
        for (size_t k = 0; k < b->task.slices; k++) json_real(&j, NULL, done_in(b, k, i));
        json_close(&j, ']');
        json_open(&j, "holding", '[');
        for (size_t k = 0; k < b->task.slices; k++) json_real(&j, NULL, left_after(b, k, i));
        json_close(&j, ']');
        json_close(&j, '}');
    }
    json_close(&j, ']');
    json_close(&j, '}');
}

static void show(const basket_run *b)
{
    if (b->c->format == FORMAT_JSON) {
        put_json(b);
        return;
    }
    put_rows(b);
    if (b->c->format == FORMAT_TABLE)
        buffer_print(&b->c->out.text, "\nexpected cost Rs %.2f, sd %.2f (N = %zu slices), %.2f with slices done evenly; charges left out\n",
                     b->cost.expected, sqrt(b->cost.variance), b->task.slices, sqrt(b->cost.variance_even));
}

/* The frontier: risk aversions as listed, or so many around --lambda, from a hundredth to a hundredfold. */

static bool show_point(basket_run *b, sheet *to, json *j, double lambda)
{
    b->task.lambda = lambda;
    if (!solve(b)) return false;
    if (j) {
        json_open(j, NULL, '{');
        put_costs(j, b);
        json_close(j, '}');
        return true;
    }
    sheet_real(to, lambda);
    sheet_real(to, b->cost.expected);
    sheet_real(to, sqrt(b->cost.variance));
    sheet_real(to, tc_schedule_var(b->cost.expected, b->cost.variance, TC_VAR_95));
    sheet_real(to, sqrt(b->cost.variance_even));
    sheet_count(to, b->task.slices);
    sheet_end_row(to);
    return true;
}

static double lambda_at(const basket_run *b, size_t i, size_t count)
{
    double place = count > 2 ? ((double)i - 1) / ((double)count - 2) : 0.5;
    return i ? b->task.lambda * pow(10, 4 * place - 2) : 0;
}

static void show_points(basket_run *b, const double *lambda, size_t count)
{
    static const sheet_column columns[] = {{"lambda", true}, {"expected_cost", true}, {"sd", true}, {"var95", true}, {"sd_even", true}, {"slices", true}};
    bool lines = b->c->format == FORMAT_NDJSON, as_json = lines || b->c->format == FORMAT_JSON, going = true;
    json j = {.to = &b->c->out.text, .indent = !lines};
    sheet to;
    if (!as_json) sheet_open(&to, &b->c->out, b->c->format, columns, sizeof columns / sizeof *columns);
    else if (!lines) json_open(&j, NULL, '[');
    for (size_t i = 0; i < count && going; i++) going = show_point(b, &to, as_json ? &j : NULL, lambda[i]);
    if (!as_json) sheet_close(&to);
    else if (!lines) json_close(&j, ']');
}

static void run_frontier(basket_run *b)
{
    double lambda[LAMBDAS_MAX];
    size_t count;
    const char *wanted = b->c->args.value[OPT_FRONTIER];
    if (!frontier_wanted(b->c, lambda, &count, wanted)) return;
    if (!strchr(wanted, ','))
        for (size_t i = 0; i < count; i++) lambda[i] = lambda_at(b, i, count);
    show_points(b, lambda, count);
}

void run_basket(cli *c)
{
    basket_run b = {.c = c};
    bool drawn = c->format == FORMAT_HTML || c->format == FORMAT_SVG;
    if (drawn) complain(c, EXIT_USAGE, "--format: a basket is printed as table, csv, json or ndjson");
    bool ready = !drawn && read_task(&b) && read_file(&b) && read_covariance(&b);
    if (ready && c->args.value[OPT_FRONTIER]) {
        b.basket = (tc_basket){b.basket.count, b.quantity, b.covariance, b.gamma, b.eta, b.epsilon};
        run_frontier(&b);
    } else if (ready && solve(&b) && round_shares(&b)) {
        show(&b);
    }
    double *owned[] = {b.quantity, b.covariance, b.gamma, b.eta, b.epsilon, b.holding};
    for (size_t i = 0; i < sizeof owned / sizeof *owned; i++) free(owned[i]);
    free(b.symbol);
    free(b.side);
    cells_free(&b.file);
}
