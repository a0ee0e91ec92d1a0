#include "tick_file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { CHUNK = 1024 };

bool tick_file_begin(tick_file *f, cli *c, const char *path, refusals *refused)
{
    tc_text symbol = c->args.order.field[TC_F_SYMBOL];
    *f = (tick_file){.path = path, .refused = refused, .wanted = symbol};
    if (symbol.size >= TICK_SYMBOL_SIZE) {
        complain(c, EXIT_USAGE, "--symbol: longer than %d bytes", TICK_SYMBOL_SIZE - 1);
        return false;
    }
    snprintf(f->symbol, sizeof f->symbol, "%.*s", (int)symbol.size, symbol.size ? symbol.data : "");
    return true;
}

tc_status tick_file_open(tick_file *f, tc_error *error, tc_tick_kind kind)
{
    tc_status status = tc_input_open(&f->input, error, f->path);
    if (status) return status;
    status = tc_ticks_open(&f->ticks, error, kind, tc_input_read, &f->input);
    f->last = INT64_MIN;
    if (!status && f->wanted.size && !tc_ticks_has_symbol(f->ticks))
        status = tc_fail(error, TC_BAD_FORMAT, "symbol", "--symbol chooses, but there is no column symbol");
    f->is_open = true;
    if (status) tick_file_close(f);
    return status;
}

void tick_file_close(tick_file *f)
{
    if (f->is_open) tc_input_close(&f->input);
    tc_ticks_close(f->ticks);
    free(f->chunk);
    f->is_open = false, f->ticks = NULL, f->chunk = NULL;
}

/* Whether a row is of the security asked for; two of them without asking is an error. */
static tc_status take_symbol(tick_file *f, const tc_tick_row *row, bool *taken, tc_error *error)
{
    *taken = true;
    if (!row->symbol.size) return TC_OK;
    if (f->wanted.size) {
        *taken = row->symbol.size == f->wanted.size && tc_text_begins(row->symbol, f->symbol);
        return TC_OK;
    }
    if (!*f->symbol) snprintf(f->symbol, sizeof f->symbol, "%.*s", (int)row->symbol.size, row->symbol.data);
    if (tc_text_same(row->symbol, f->symbol) || row->symbol.size >= TICK_SYMBOL_SIZE) return TC_OK;
    tc_status status = tc_fail(error, TC_VALUE_NEEDED, "symbol", "both %s and %.*s are here; choose with --symbol", f->symbol,
                               (int)(row->symbol.size < 64 ? row->symbol.size : 64), row->symbol.data);
    if (error) error->line = row->line;
    return status;
}

static void say_refused(tick_file *f, const tc_tick_row *row)
{
    tc_error error = {.line = row->line};
    bool is_name = row->status == TC_BAD_NUMBER; /* then the field has all names of the column */
    if (!f->refused) return;
    snprintf(error.message, sizeof error.message, "%.*s", is_name ? (int)strcspn(row->field, " ") : 80, row->field);
    refuse_row(f->refused, row->status, &error);
}

tc_status tick_file_next(tick_file *f, const tc_tick_row **row, tc_error *error)
{
    for (;;) {
        bool taken;
        tc_status status = tc_ticks_next(f->ticks, row, error);
        if (status || !*row) return status;
        const tc_tick_row *at = *row;
        status = take_symbol(f, at, &taken, error);
        if (status) return status;
        if (!taken) continue;
        f->rows++;
        if (at->status) say_refused(f, at);
        if (at->status && at->status != TC_BAD_MARKET) continue;
        if (at->time < f->last) {
            status = tc_fail(error, TC_BAD_MARKET, "time", "its time is before that of the row above; sort the file by time");
            if (error) error->line = at->line;
            return status;
        }
        f->last = at->time;
        return TC_OK;
    }
}

tc_status tick_file_quotes(void *context, const tc_quote_tick **tick, size_t *count, tc_error *error)
{
    tick_file *f = context;
    if (!f->chunk) f->chunk = need_memory(NULL, CHUNK, sizeof *f->chunk);
    for (*count = 0; *count < CHUNK; ++*count) {
        const tc_tick_row *row;
        tc_status status = tick_file_next(f, &row, error);
        if (status) return status;
        if (!row) break;
        f->chunk[*count] = (tc_quote_tick){row->time, row->bid, row->ask, row->bid_quantity, row->ask_quantity};
        if (row->status) f->chunk[*count].bid = f->chunk[*count].ask = NAN;
    }
    *tick = f->chunk;
    return TC_OK;
}
