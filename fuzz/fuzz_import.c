/* Any bytes as a file of market data: read in one piece and in small ones the rows are the same, and every row that is kept is
 * of sound numbers. The first byte says whether it is packed. */
#include <math.h>
#include <stdlib.h>

#include "bytes.h"
#include "market/store/parse.h"
#include "text/unpack.h"

typedef struct {
    byte_source plain;
    tc_unpack *unpack;
} source;

static ptrdiff_t read_some(void *context, void *bytes, size_t size)
{
    source *from = context;
    return from->unpack ? tc_unpack_read(from->unpack, source_read, &from->plain, bytes, size) : source_read(&from->plain, bytes, size);
}

typedef struct {
    uint64_t digest, rows, refused;
} tally;

static void mix(tally *t, uint64_t number) { t->digest = (t->digest ^ number) * UINT64_C(0x9E3779B97F4A7C15) + (t->digest >> 31); }

static tc_status take(void *context, const tc_parse_batch *batch, tc_error *error)
{
    (void)error;
    tally *t = context;
    size_t columns = tc_tables[batch->table].columns;
    for (size_t i = 0; i < batch->count; i++) {
        const tc_parse_row *row = &batch->row[i];
        if (row->name >= batch->names || !*batch->name[row->name].symbol) abort();
        mix(t, (uint64_t)row->at);
        mix(t, row->name);
        mix(t, row->line);
        for (size_t k = 0; k < columns; k++) {
            uint64_t bits = 0;
            if (isinf(row->value[k])) abort();
            if (!isnan(row->value[k])) memcpy(&bits, &row->value[k], sizeof bits);
            mix(t, bits);
        }
        t->rows++;
    }
    return TC_OK;
}

static void refuse(void *context, uint32_t line, const char *message)
{
    tally *t = context;
    mix(t, line);
    mix(t, strlen(message));
    t->refused++;
}

static tc_status run(tally *t, const uint8_t *bytes, size_t size, size_t step, unsigned packing)
{
    static const tc_parse_options plain = {.today = {20000}}, full = {.has_date = true, .date = {20000}, .today = {20000}, .symbol = {"AAA", 3},
                                                                       .bar_time = TC_BAR_TIME_END, .bar_seconds = 60};
    source from = {{bytes, size, step}, NULL};
    tc_parse_sink sink = {take, refuse, t};
    uint64_t rows, refused;
    tc_error error;
    *t = (tally){0};
    if ((packing & 3) && tc_unpack_new(&from.unpack, packing & 1 ? TC_PACKED_GZIP : TC_PACKED_ZIP, "", 0) != TC_OK) return TC_NO_MEMORY;
    tc_status status = tc_parse(read_some, &from, packing & 4 ? &full : &plain, &sink, &rows, &refused, &error);
    tc_unpack_free(from.unpack);
    if (!status && (t->refused != refused || t->rows + refused > rows)) abort();
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    tally whole, slow;
    if (!size) return 0;
    unsigned packing = bytes[0] % 8;
    tc_status a = run(&whole, bytes + 1, size - 1, (size_t)1 << 20, packing), b = run(&slow, bytes + 1, size - 1, 5, packing);
    if (a != b || whole.rows != slow.rows || whole.digest != slow.digest) abort();
    return 0;
}
