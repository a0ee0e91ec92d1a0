#include "window.h"

/* Steps 1 to 6 of Ardia, Guidotti and Kroencke 2024, section 2: two moments, each
 * the mean of two of the building blocks, weighted by the inverse of their variances. */

typedef struct {
    double *r1, *r2, *r3, *r4, *r5, *tau, *x1, *x2;
    size_t rows;
} columns;

static columns fill(const tc_window *w)
{
    columns t = {tc_column(w, 0), tc_column(w, 1), tc_column(w, 2), tc_column(w, 3),
                 tc_column(w, 4), tc_column(w, 5), tc_column(w, 6), tc_column(w, 7), w->count - 1};
    for (size_t i = 0; i < t.rows; i++) {
        double o = w->o[i + 1], m = w->m[i + 1], c1 = w->c[i], m1 = w->m[i];
        t.r1[i] = m - o, t.r2[i] = o - m1, t.r3[i] = m - c1, t.r4[i] = c1 - m1, t.r5[i] = o - c1;
    }
    tc_fill_traded(t.tau, w);
    return t;
}

/* The two moments bar by bar; a return less its mean counts only where the bar traded. */
static void fill_moments(const columns *t, const tc_spread_estimate *e)
{
    double mean1 = tc_mean_known(t->r1, t->rows) / e->pt, mean3 = tc_mean_known(t->r3, t->rows) / e->pt;
    double mean5 = tc_mean_known(t->r5, t->rows) / e->pt, open_weight = -4 / e->po, close_weight = -4 / e->pc;
    for (size_t i = 0; i < t->rows; i++) {
        double tau = t->tau[i], d1 = t->r1[i] - mean1 * tau, d3 = t->r3[i] - mean3 * tau, d5 = t->r5[i] - mean5 * tau;
        t->x1[i] = open_weight * d1 * t->r2[i] + close_weight * d3 * t->r4[i];
        t->x2[i] = open_weight * d1 * t->r5[i] + close_weight * d5 * t->r4[i];
    }
}

/* Around the mean: the mean of squares less the squared mean loses digits where the two are near. Overwrites x. */
static double variance(double *x, size_t rows, double mean)
{
    for (size_t i = 0; i < rows; i++) x[i] = (x[i] - mean) * (x[i] - mean);
    return tc_mean_known(x, rows);
}

void tc_edge(tc_spread_estimate *e, const tc_window *w)
{
    columns t = fill(w);
    size_t known;
    double traded = tc_sum_known(t.tau, t.rows, &known);
    e->pt = traded / (double)known;
    e->po = tc_open_apart(w, t.tau, t.x1);
    e->pc = tc_close_apart(w, t.tau, t.x1);
    if (traded < 2 || !(e->po > 0) || !(e->pc > 0)) return;
    fill_moments(&t, e);
    e->e1 = tc_mean_known(t.x1, t.rows);
    e->e2 = tc_mean_known(t.x2, t.rows);
    e->v1 = variance(t.x1, t.rows, e->e1);
    e->v2 = variance(t.x2, t.rows, e->e2);
    double both = e->v1 + e->v2;
    e->s2 = both > 0 ? (e->v2 * e->e1 + e->v1 * e->e2) / both : (e->e1 + e->e2) / 2;
}
