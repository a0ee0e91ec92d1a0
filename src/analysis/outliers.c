#include <math.h>
#include <stdlib.h>

#include "tradecost/tca.h"

/* A normal distribution's standard deviation over its median absolute deviation. */
#define SD_PER_MAD 1.4826
enum { KNOWN_MIN = 10 };

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *value, size_t count)
{
    qsort(value, count, sizeof *value, compare);
    return count % 2 ? value[count / 2] : (value[count / 2 - 1] + value[count / 2]) / 2;
}

static size_t known_values(double *to, const double *value, size_t count)
{
    size_t known = 0;
    for (size_t i = 0; i < count; i++)
        if (tc_is_known(value[i])) to[known++] = value[i];
    return known;
}

size_t tc_outliers(bool *apart, const double *value, size_t count, double limit, double *scratch)
{
    size_t found = 0, known = known_values(scratch, value, count);
    for (size_t i = 0; i < count; i++) apart[i] = false;
    if (known < KNOWN_MIN) return 0;
    double middle = median(scratch, known);
    known = known_values(scratch, value, count);
    for (size_t i = 0; i < known; i++) scratch[i] = fabs(scratch[i] - middle);
    double width = limit * SD_PER_MAD * median(scratch, known);
    for (size_t i = 0; i < count && width > 0; i++) found += apart[i] = fabs(value[i] - middle) > width;
    return found;
}
