/* formats.h - what each broker's export looks like: data, one row per export. */
#ifndef TC_IO_FORMATS_H
#define TC_IO_FORMATS_H

#include "tradecost/book.h"
#include "text/values.h"

/* Columns of exports that are no field of a trade, numbered behind the fields. */
enum {
    TC_X_BUY_QUANTITY = TC_FIELD_COUNT, /* one line for both sides of a day */
    TC_X_BUY_VALUE,
    TC_X_SELL_QUANTITY,
    TC_X_SELL_VALUE,
    TC_X_BUY_PRICE, /* one of the two is filled, by side */
    TC_X_SELL_PRICE,
    TC_X_STATUS,  /* of the order: only executed ones are trades */
    TC_X_AUCTION, /* true: an auction trade */
    TC_X_NET,     /* sells - buys - charges, for checking */
    TC_X_COUNT
};

typedef enum { TC_AS_TEXT, TC_AS_ID, TC_AS_NUMBER, TC_AS_DATE, TC_AS_TIME } tc_conversion;

/* Headers are compared by their letters and digits alone, in lower case. */
typedef struct {
    const char *header; /* NULL ends a list */
    int field;
    tc_conversion as;
} tc_column_map;

typedef struct {
    const char *header; /* NULL ends a list */
    tc_charge charge;
    uint16_t covers; /* bit a charge: what the printed amount contains */
} tc_charge_map;

/* A word of an export in ours. `from` "": where the cell is empty or missing;
 * `to` "": as if the cell were empty. */
typedef struct {
    int field;
    const char *from, *to; /* from NULL ends a list */
} tc_word_map;

typedef struct {
    const char *csv_name, *xlsx_name;
    const char *broker;
    const char *required; /* headers, in words; what tells it from all others */
    const tc_column_map *columns;
    const tc_charge_map *charges;
    const tc_word_map *words;
    bool canonical;
    bool bill;            /* prints charges, no trades */
    bool aggregated;      /* orders are unknown where it gives no order id */
    bool charge_lines;    /* lines of quantity 0 without fill_id carry charges of an order */
    bool reversals;       /* books expiries at midnight, with ids NDIR... */
    bool venue_in_symbol; /* no exchange column: SBIN-EQ, SENSEX... */
} tc_format;

enum { TC_COLUMN_MAPS_MAX = TC_FIELD_COUNT + 4, TC_CHARGE_MAPS_MAX = TC_CHARGE_COUNT + 1, TC_HEADER_SIZE = 48 };

/* A header's letters and digits in lower case; what is longer is cut. */
void tc_header_normalise(char normal[TC_HEADER_SIZE], tc_text header);

/* The format whose required headers are all in the row; NULL if there is none.
 * `given`: columns that need not be there. `bill`: bills too. */
const tc_format *tc_format_recognise(const tc_text *headers, size_t count, const tc_request *given, bool bill);

/* The required canonical columns that a row lacks, in words for a message;
 * returns how many canonical columns it has. */
size_t tc_format_missing(char *missing, size_t size, const tc_text *headers, size_t count, const tc_request *given);

/* Name of a field, as in the files. */
const char *tc_format_field(int field);

#endif
