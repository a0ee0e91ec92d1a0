/* calibrate.h - what tradecost calibrate found, in every format it can be had in. */
#ifndef CLI_CALIBRATE_H
#define CLI_CALIBRATE_H

#include "cli.h"
#include "models/fit/calibrate.h"

/* The parameter file: what `estimate --parameters` reads, and the report beside it. */
void put_calibrated_json(tc_buffer *to, bool indent, const tc_calibrated *found);
/* The report for people: a table of parameters and a line a check. */
void put_calibrated_report(cli *c, output *to, const tc_calibrated *found);
/* One row a parameter. */
void put_calibrated_rows(output *to, sheet_format format, const tc_calibrated *found);
/* A page with plots; it stands alone. */
void put_calibrated_page(tc_buffer *to, const tc_calibrated *found);

/* A whole number of an option, if it is given; false: said why. */
bool option_count(cli *c, option_id id, const char *name, unsigned most, unsigned *value);
/* --model propagator: of trades and quotes, not of orders. */
void calibrate_kernel(cli *c);

/* The checks in words, a line each: what the report and the page share. */
typedef void put_line_fn(void *context, const char *line);
typedef struct {
    put_line_fn *put;
    void *context;
} lines;
void say(lines *l, const char *format, ...) TC_PRINTF(2, 3);
void calibrated_lines(const tc_calibrated *found, put_line_fn *put, void *context);

#endif
