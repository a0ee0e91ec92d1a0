/* Any bytes as a workbook: every sheet is read to its end or refused. */
#include "io/xlsx.h"

static void read_sheet(tc_xlsx *xlsx, size_t sheet)
{
    const tc_text *cells;
    size_t count, sum = 0;
    uint32_t number;
    bool end = false;
    tc_error error;
    tc_status status = tc_xlsx_sheet(xlsx, sheet, &error);
    while (status == TC_OK && !end) {
        status = tc_xlsx_next(xlsx, &cells, &count, &number, &end, &error);
        if (status != TC_OK || end) break;
        for (size_t i = 0; i < count; i++)
            for (size_t j = 0; j < cells[i].size; j++) sum += (unsigned char)cells[i].data[j]; /* touch it all */
    }
    *(volatile size_t *)&sum = sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    tc_xlsx *xlsx;
    if (tc_xlsx_open_bytes(&xlsx, NULL, bytes, size) != TC_OK) return 0;
    for (size_t i = 0; i < tc_xlsx_sheet_count(xlsx) && i < 4; i++) read_sheet(xlsx, i);
    tc_xlsx_close(xlsx);
    return 0;
}
