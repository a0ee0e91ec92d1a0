#include "window.h"

/* Roll 1984: successive changes of price have a covariance of -s^2/4.
 * Over the pairs that are known whole, both means too. */
void tc_roll(tc_spread_estimate *e, const tc_window *w)
{
    double *now = tc_column(w, 0), *before = tc_column(w, 1);
    size_t rows = w->count - 2, pairs;
    for (size_t i = 0; i < rows; i++) {
        double missing = 0 * (w->c[i + 2] + w->c[i + 1] + w->c[i]); /* 0, or NAN */
        now[i] = w->c[i + 2] - w->c[i + 1] + missing;
        before[i] = w->c[i + 1] - w->c[i] + missing;
    }
    double mean = tc_mean_known(now, rows), mean_before = tc_mean_known(before, rows);
    for (size_t i = 0; i < rows; i++) now[i] = (now[i] - mean) * (before[i] - mean_before);
    double sum = tc_sum_known(now, rows, &pairs);
    if (pairs >= 2) e->s2 = -4 * sum / (double)(pairs - 1);
}
