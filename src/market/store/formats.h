/* formats.h - what the files look like: data, a row a format. */
#ifndef TC_MARKET_STORE_FORMATS_H
#define TC_MARKET_STORE_FORMATS_H

#include "parse.h"

/* What a column can be, beside a column of the table (numbered from FIELD_VALUE on). */
typedef enum {
    FIELD_NONE, FIELD_EXCHANGE, FIELD_SYMBOL, FIELD_SERIES, FIELD_ISIN, FIELD_CODE, FIELD_CONTRACT, FIELD_KIND,
    FIELD_OPTION_TYPE, FIELD_DATE, FIELD_TIME, FIELD_TEXTS, FIELD_EPOCH_MS = FIELD_TEXTS, FIELD_EPOCH_NS,
    FIELD_STRIKE, FIELD_AVERAGE, FIELD_LAKHS, FIELD_VALUE
} file_field;

enum { FIELD_COUNT = FIELD_VALUE + TC_COLUMNS_MAX, FILE_HEADER_SIZE = 64 };

/* Headers are compared by their letters and digits alone, in lower case. */
typedef struct {
    const char *header; /* NULL ends a list */
    uint8_t field;
} file_column;

/* A row as read, before it is one of the store's. */
typedef struct {
    tc_text text[FIELD_TEXTS];
    double number[FIELD_COUNT];
} file_row;

typedef struct {
    const char *name, *about;
    tc_table_id table;
    const char *required; /* headers that tell it from all others, space-separated */
    const file_column *columns;
    bool by_place;        /* the header has other columns than the rows: `columns` are in the order of the rows */
    /* What is peculiar to it; NULL: nothing. Answers what is wrong with the row, or NULL. */
    const char *(*adjust)(file_row *row, tc_parse_row *out);
} file_format;

extern const file_format file_formats[];
extern const size_t file_format_count;

void file_header_normalise(char normal[FILE_HEADER_SIZE], tc_text header);

#endif
