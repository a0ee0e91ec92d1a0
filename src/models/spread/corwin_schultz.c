#include "window.h"

/* Of bar i and the one before: Corwin and Schultz 2012, eq. (14) and (18). A
 * range that lies wholly above or below the close before was moved overnight,
 * and is moved back for the two-day range only. */
static double two_days(const tc_window *w, size_t i)
{
    const double k = 3 - 2 * sqrt(2);
    double h = w->h[i], l = w->l[i], h1 = w->h[i - 1], l1 = w->l[i - 1], c1 = w->c[i - 1];
    if (!(h == h && l == l && h1 == h1 && l1 == l1 && c1 == c1)) return NAN;
    double gap = (c1 > h ? c1 - h : 0) + (c1 < l ? c1 - l : 0);
    double beta = (h - l) * (h - l) + (h1 - l1) * (h1 - l1);
    double both = fmax(h + gap, h1) - fmin(l + gap, l1);
    double alpha = (sqrt(2 * beta) - sqrt(beta)) / k - sqrt(both * both / k);
    return 2 * tanh(alpha / 2); /* 2 (e^a - 1)/(1 + e^a), for any a */
}

void tc_corwin_schultz(tc_spread_estimate *e, const tc_window *w)
{
    double *spread = tc_column(w, 0);
    for (size_t i = 1; i < w->count; i++) spread[i - 1] = two_days(w, i);
    e->spread = tc_mean_known(spread, w->count - 1);
}

void tc_corwin_schultz_2(tc_spread_estimate *e, const tc_window *w)
{
    double *spread = tc_column(w, 0);
    for (size_t i = 1; i < w->count; i++) {
        double one = two_days(w, i);
        spread[i - 1] = one < 0 ? 0 : one;
    }
    e->spread = tc_mean_known(spread, w->count - 1);
}
