#include <stdlib.h>

#include "inner.h"

static const double huber_bend = 1.345, tukey_end = 4.685;

#define AS_WORD(name, word, meaning) word,
static const char *const names[] = {TC_FIT_LOSSES(AS_WORD)};

const char *tc_fit_loss_name(tc_fit_loss loss)
{
    return (unsigned)loss < TC_LOSS_COUNT ? names[loss] : NULL;
}

static tc_loss_point huber(double r)
{
    const double k = huber_bend;
    if (fabs(r) <= k) return (tc_loss_point){r * r, r, 1};
    return (tc_loss_point){2 * k * fabs(r) - k * k, copysign(k, r), 0};
}

static tc_loss_point tukey(double r)
{
    const double c = tukey_end, x = r * r / (c * c), rest = 1 - x;
    if (x >= 1) return (tc_loss_point){c * c / 3, 0, 0};
    return (tc_loss_point){c * c / 3 * (1 - rest * rest * rest), r * rest * rest, rest * (1 - 5 * x)};
}

/* Losses are doubled, so that near 0 each is the square; slope and curvature are of their half. */
tc_loss_point tc_loss_at(tc_fit_loss loss, double r)
{
    if (loss == TC_LOSS_HUBER) return huber(r);
    if (loss == TC_LOSS_TUKEY) return tukey(r);
    return (tc_loss_point){r * r, r, 1};
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double tc_fit_spread(const double *residual, const double *times, size_t count, double *scratch)
{
    const double normal = 1.482602218505602; /* 1 over the third quartile of the normal distribution */
    double total = 0, seen = 0;
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        double n = times ? times[i] : 1;
        if (n <= 0) continue;
        scratch[2 * used] = fabs(residual[i]), scratch[2 * used + 1] = n;
        total += n, used++;
    }
    qsort(scratch, used, 2 * sizeof *scratch, by_size);
    for (size_t i = 0; i < used; i++) {
        seen += scratch[2 * i + 1];
        if (seen == total / 2 && i + 1 < used) return normal * (scratch[2 * i] + scratch[2 * i + 2]) / 2;
        if (seen > total / 2) return normal * scratch[2 * i];
    }
    return 0;
}
