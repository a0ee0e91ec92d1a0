/* parse.h - exchanges' and vendors' files as rows of the store's tables. What a file
 * is, its header tells: never its name. */
#ifndef TC_MARKET_STORE_PARSE_H
#define TC_MARKET_STORE_PARSE_H

#include "tables.h"
#include "text/csv.h"

/* Whether a bar's time is that of its first or of its last moment. */
typedef enum { TC_BAR_TIME_UNKNOWN, TC_BAR_TIME_START, TC_BAR_TIME_END } tc_bar_time;

/* What a file may leave out. */
typedef struct {
    tc_text exchange;     /* "": NSE */
    tc_text symbol, series;
    bool has_date;
    tc_date date;         /* of a file that has none: BSE's old sheets, lists of instruments */
    tc_date today;        /* of lists of instruments that have none */
    tc_bar_time bar_time; /* unknown: as the times of the file show */
    uint32_t bar_seconds; /* 0: as the times of the file show */
} tc_parse_options;

/* A name as the file writes it. */
typedef struct {
    char exchange[12], symbol[68], series[12], isin[16], code[20];
    int32_t first;   /* the first day of its rows */
    int64_t listing, until; /* for who stores it; 0 at first */
    uint64_t hash;
} tc_parse_name;

/* One row: of a day or a time, of a name. Unknown numbers are NAN. */
typedef struct {
    int64_t at; /* days, or microseconds since 1970 UTC (a bar's start) */
    uint32_t name, line;
    uint32_t third; /* of a bar: its seconds */
    float slack;    /* by how much `value` of the daily table may be off: it was printed rounded */
    double value[TC_COLUMNS_MAX];
} tc_parse_row;

typedef struct {
    const char *format; /* its name; NULL: none recognised */
    tc_table_id table;
    const tc_parse_row *row; /* in the file's order */
    size_t count;
    tc_parse_name *name;     /* all so far */
    size_t names;
    tc_bar_time bar_time;    /* of bars: as used */
    uint32_t bar_seconds;
} tc_parse_batch;

/* What becomes of rows and of refusals. A batch is done with when the call returns; anything but TC_OK ends the file. */
typedef struct {
    tc_status (*batch)(void *context, const tc_parse_batch *batch, tc_error *error);
    void (*refused)(void *context, uint32_t line, const char *message);
    void *context;
} tc_parse_sink;

/* Reads the whole file. `*rows` counts what came after the header, `*refused` what was not taken. TC_BAD_FORMAT: the header is
 * none that is known, or the file leaves out what no option gives; TC_IO, TC_LIMIT, TC_NO_MEMORY, or what the sink answers. */
tc_status tc_parse(tc_read_fn *read, void *context, const tc_parse_options *options, const tc_parse_sink *sink,
                   uint64_t *rows, uint64_t *refused, tc_error *error);

/* The names of the formats and what they are; NULL beyond the last. */
const char *tc_parse_format(size_t index, const char **about);

/* A decimal as files write it; NAN for what is blank; false: no number. */
bool tc_parse_number(double *number, tc_text text);

#endif
