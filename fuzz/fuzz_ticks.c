/* Any bytes as quotes, trades and bars, in blocks of any size: rows are in order of lines, accepted ones sensible. */
#include <math.h>
#include <stdlib.h>

#include "analysis/tape.h"
#include "analysis/ticks.h"
#include "bytes.h"

static void check(const tc_tick_row *row, tc_tick_kind kind)
{
    if (row->status != TC_OK) return;
    if (kind == TC_QUOTES && (row->bid > row->ask || row->bid < 0)) abort();
    if (kind == TC_TRADES && !(row->price > 0 && row->quantity >= 0)) abort();
    if (kind == TC_BARS && !(row->low > 0 && row->low <= row->close && row->close <= row->high)) abort();
}

static double read_all(const uint8_t *bytes, size_t size, size_t step, tc_tick_kind kind)
{
    byte_source from = {bytes, size, step};
    tc_ticks *ticks;
    const tc_tick_row *row;
    double sum = 0;
    uint32_t line = 1;
    if (tc_ticks_open(&ticks, NULL, kind, source_read, &from) != TC_OK) return 0;
    while (tc_ticks_next(ticks, &row, NULL) == TC_OK && row) {
        if (row->line <= line) abort();
        line = row->line;
        check(row, kind);
        sum += (double)row->status + (double)(row->time % 1000);
    }
    tc_ticks_close(ticks);
    return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    for (int kind = TC_QUOTES; kind <= TC_BARS; kind++)
        if (read_all(bytes, size, SIZE_MAX, (tc_tick_kind)kind) != read_all(bytes, size, 7, (tc_tick_kind)kind)) abort();
    return 0;
}
