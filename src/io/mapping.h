/* mapping.h - one row of an export as the fills of a trade. */
#ifndef TC_IO_MAPPING_H
#define TC_IO_MAPPING_H

#include "formats.h"
#include "reader.h"

typedef enum {
    TC_ROW_FILL,    /* a fill, or a refused row */
    TC_ROW_CHARGES, /* no trade, but charges */
    TC_ROW_LEFT_OUT, /* a reversal, an order that never traded */
    TC_ROW_NOTHING  /* footer, heading, blank */
} tc_row_kind;

enum { TC_MAPPING_SCRATCH = 2048 };

typedef struct {
    const tc_format *format;
    bool date1904;
    int cell_of[TC_COLUMN_MAPS_MAX];  /* of format->columns, -1: not there */
    int charge_of[TC_CHARGE_MAPS_MAX];
    bool has[TC_X_COUNT];
    tc_text value[TC_X_COUNT];
    tc_moment day, time;
    bool second; /* the row's sells are still to come */
    tc_scratch scratch;
    char room[TC_MAPPING_SCRATCH];
} tc_mapping;

void tc_mapping_bind(tc_mapping *mapping, const tc_format *format, const tc_text *headers, size_t count,
                     bool date1904);

/* Maps a row: `row->request`, charges, status, error. When `mapping->second` is
 * set, tc_mapping_second() gives the same line's other fill. */
tc_row_kind tc_mapping_row(tc_mapping *mapping, tc_row *row, const tc_text *cells, size_t count);
void tc_mapping_second(tc_mapping *mapping, tc_row *row);

#endif
