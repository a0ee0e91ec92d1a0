#include "inner.h"

/* tau^2 by moments: the excess of Cochran's Q over what chance gives, 0 if there is none. */
static double between_groups(const double *x, const double *se, size_t count)
{
    double w1 = 0, w2 = 0, wx = 0, q = 0, groups = 0;
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(x[i])) continue;
        double w = 1 / (se[i] * se[i]);
        w1 += w, w2 += w * w, wx += w * x[i], groups++;
    }
    for (size_t i = 0; i < count; i++)
        if (isfinite(x[i])) q += (x[i] - wx / w1) * (x[i] - wx / w1) / (se[i] * se[i]);
    return groups > 1 ? fmax(0, (q - (groups - 1)) / (w1 - w2 / w1)) : 0;
}

void tc_fit_pooled(tc_fit_pool *pool, double *shrunk, double *shrunk_se, const double *x, const double *se, size_t count)
{
    double sum = 0, weighted = 0;
    pool->between = between_groups(x, se, count);
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(x[i])) continue;
        double w = 1 / (se[i] * se[i] + pool->between);
        sum += w, weighted += w * x[i];
    }
    pool->mean = weighted / sum;
    pool->se = sqrt(1 / sum);
    for (size_t i = 0; i < count; i++) {
        bool known = isfinite(x[i]);
        double b = known ? se[i] * se[i] / (se[i] * se[i] + pool->between) : 1;
        double own = known ? (1 - b) * se[i] * se[i] : pool->between;
        shrunk[i] = known ? b * pool->mean + (1 - b) * x[i] : pool->mean;
        shrunk_se[i] = sqrt(own + b * b / sum);
    }
}
