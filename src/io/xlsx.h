/* xlsx.h - workbooks (XLSX), one row of one sheet at a time.
 *
 * A workbook is a ZIP of XML, and both can be made to burst: entries are capped
 * at 256 MiB and 200 times their packed size (1 MiB is always allowed), shared
 * strings at 64 MiB, a row's text at 1 MiB, a sheet at 1,048,576 rows and 512
 * columns. XML with a DOCTYPE is refused, so there are no entities to expand. */
#ifndef TC_IO_XLSX_H
#define TC_IO_XLSX_H

#include <stdbool.h>

#include "tradecost/trade.h"

typedef struct tc_xlsx tc_xlsx;

/* Opens a workbook. TC_BAD_FORMAT (not a workbook, damaged, encrypted),
 * TC_LIMIT, TC_NO_MEMORY, TC_IO. The bytes are borrowed until tc_xlsx_close();
 * the descriptor of a whole regular file is duplicated. */
tc_status tc_xlsx_open_bytes(tc_xlsx **xlsx, tc_error *error, const void *bytes, size_t size);
tc_status tc_xlsx_open_file(tc_xlsx **xlsx, tc_error *error, int fd);
void tc_xlsx_close(tc_xlsx *xlsx); /* NULL is a no-op */

size_t tc_xlsx_sheet_count(const tc_xlsx *xlsx);
const char *tc_xlsx_sheet_name(const tc_xlsx *xlsx, size_t sheet);
bool tc_xlsx_date1904(const tc_xlsx *xlsx); /* whether serials count from 1904 */

/* Begins a sheet. */
tc_status tc_xlsx_sheet(tc_xlsx *xlsx, size_t sheet, tc_error *error);

/* The next row of the sheet that holds any text; `*number` is its row in the
 * sheet. Cells are what a reader of the sheet would type: numbers as plain
 * decimals of at most 15 digits behind which binary noise hides, dates as
 * serials, truth as true and false. Valid until the next call. */
tc_status tc_xlsx_next(tc_xlsx *xlsx, const tc_text **cells, size_t *count, uint32_t *number, bool *end,
                       tc_error *error);

/* Of the sheet, unpacked. */
uint64_t tc_xlsx_bytes(const tc_xlsx *xlsx);
uint64_t tc_xlsx_bytes_total(const tc_xlsx *xlsx);

/* Writes the decimal text of an XLSX number; returns its length, at most
 * TC_XLSX_NUMBER_SIZE, or 0: leave the text as it is. */
#define TC_XLSX_NUMBER_SIZE 40
size_t tc_xlsx_number(char plain[TC_XLSX_NUMBER_SIZE], const char *text, size_t size);

#endif
