/* bill.h - what a broker charged, for reconciling.
 *
 * Reads our own note or price CSV, a list of date, charge, amount, an export
 * that prints charges (ICICI, Angel, Dhan GTR, Paytm), a Zerodha XML contract
 * note; recognised by content. */
#ifndef TC_IO_BILL_H
#define TC_IO_BILL_H

#include "tradecost/book.h"

/* One amount. Texts are borrowed during the call. */
typedef struct {
    tc_date date;
    uint16_t covers; /* bit a charge: brokers print some of them as one amount */
    tc_money amount; /* never negative, however it was printed */
    tc_text name;    /* as printed */
    uint64_t row;    /* data row; in XML the contract */
    uint32_t line;
} tc_bill_line;

/* Anything but TC_OK ends the reading and is what tc_bill_read() returns. */
typedef tc_status tc_bill_sink(void *context, const tc_bill_line *line);

/* Hands every charge of a bill to `sink`, in the file's order; amounts of one
 * day and charge may come in any number of parts, totals never come. A row that
 * cannot be read ends it with that row's error: a bill is whole or useless.
 * TC_BAD_FORMAT too if it holds no charge at all. */
tc_status tc_bill_read(const char *path, tc_bill_sink *sink, void *context, tc_error *error);

/* The charges that a printed name stands for; 0: none that is known. `*total`
 * is true for obligations, totals and other amounts that are no charge. */
uint16_t tc_bill_charges(tc_text name, bool *total);

#endif
