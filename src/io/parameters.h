/* parameters.h - the parameter file that `tradecost calibrate` writes and
 * `tradecost estimate` reads: JSON, described in docs/calibration.md. */
#ifndef TC_IO_PARAMETERS_H
#define TC_IO_PARAMETERS_H

#include "tradecost/parameters.h"

/* Reads a file ("-": standard input). TC_IO, TC_LIMIT (above 1 MiB, too deep),
 * TC_BAD_FORMAT (no such file: not JSON, a key missing, a number that is none),
 * TC_UNKNOWN_MODEL, TC_CONTRADICTION (fitted for another version of the model, a
 * matrix that is no covariance), TC_OUT_OF_DOMAIN. */
tc_status tc_parameters_open(tc_parameters *parameters, tc_error *error, const char *path);
/* The same from memory. */
tc_status tc_parameters_read(tc_parameters *parameters, tc_error *error, const char *text, size_t size);

#endif
