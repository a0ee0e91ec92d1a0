/* Any bytes as CSV: read, written again and read again, the cells are the same. */
#include <stdlib.h>

#include "bytes.h"
#include "text/csv.h"

static void rewrite(tc_buffer *out, const uint8_t *bytes, size_t size, size_t step)
{
    byte_source from = {bytes, size, step};
    tc_csv *csv;
    if (tc_csv_new(&csv, source_read, &from) != TC_OK) return;
    for (;;) {
        tc_csv_row row;
        bool end;
        tc_status status = tc_csv_next(csv, &row, &end, NULL);
        if (status == TC_BAD_ROW) continue;
        if (status != TC_OK || end) break;
        for (size_t i = 0; i < row.count; i++) tc_csv_put(out, row.cells[i]);
        tc_csv_end_row(out);
    }
    tc_csv_free(csv);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    tc_buffer first = {0}, again = {0}, slow = {0};
    rewrite(&first, bytes, size, (size_t)1 << 20);
    rewrite(&slow, bytes, size, 3);
    if (first.size != slow.size || (first.size && memcmp(first.data, slow.data, first.size) != 0)) abort();
    /* What now stands first may look like a byte-order mark. */
    bool risky = first.size >= 2 && (unsigned char)first.data[0] >= 0xEF;
    rewrite(&again, (const uint8_t *)first.data, first.size, (size_t)1 << 20);
    if (!risky && (first.size != again.size || (first.size && memcmp(first.data, again.data, first.size) != 0))) abort();
    tc_buffer_free(&first);
    tc_buffer_free(&again);
    tc_buffer_free(&slow);
    return 0;
}
