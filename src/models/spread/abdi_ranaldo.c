#include "window.h"

/* Abdi and Ranaldo 2017: the close against the middles of its own day and of the next. */
static double two_days(const tc_window *w, size_t i)
{
    return 4 * (w->c[i - 1] - w->m[i - 1]) * (w->c[i - 1] - w->m[i]);
}

void tc_abdi_ranaldo(tc_spread_estimate *e, const tc_window *w)
{
    double *s2 = tc_column(w, 0);
    for (size_t i = 1; i < w->count; i++) s2[i - 1] = two_days(w, i);
    e->s2 = tc_mean_known(s2, w->count - 1);
}

void tc_abdi_ranaldo_2(tc_spread_estimate *e, const tc_window *w)
{
    double *spread = tc_column(w, 0);
    for (size_t i = 1; i < w->count; i++) {
        double s2 = two_days(w, i);
        spread[i - 1] = s2 < 0 ? 0 : sqrt(s2);
    }
    e->spread = tc_mean_known(spread, w->count - 1);
}
