/* kernel.h - what calibrating the propagator found, in every format it can be had in. */
#ifndef CLI_KERNEL_H
#define CLI_KERNEL_H

#include "calibrate.h"
#include "models/fit/kernel.h"

typedef struct {
    tc_kernel kernel;
    uint64_t fills;       /* read, of which those of one instant are one trade */
    uint64_t unmatched;   /* trades that met no quote */
    double mid;           /* mean, rupees */
    double size;          /* mean of a trade, shares; NAN: not told */
} calibrated_kernel;

/* Options of the command schedule under which its propagator is the one found; NAN: refused or unknown. */
typedef struct {
    double kappa, rho, decay;
} schedule_options;
schedule_options schedule_options_of(const calibrated_kernel *found);

/* lag,sign_covariance,response,kernel */
void put_kernel_rows(output *to, sheet_format format, const calibrated_kernel *found);
void put_kernel_json(tc_buffer *to, bool indent, const calibrated_kernel *found);
void put_kernel_report(output *to, const calibrated_kernel *found);
void put_kernel_page(tc_buffer *to, const calibrated_kernel *found);

/* The report in sentences, a line each: what the report and the page share. */
void kernel_lines(const calibrated_kernel *found, put_line_fn *put, void *context);

#endif
