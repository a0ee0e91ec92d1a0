#include "window.h"

/* Ardia, Guidotti and Kroencke 2024: two moments, each the mean of two of the
 * building blocks, weighted by the inverse of their variances.
 *
 * Rows are worked on a few at a time, so that what lies between is in the
 * processor's nearest memory, whatever the length of the window. */
enum { ROWS = 256 };

typedef struct {
    size_t from, rows;
    double r1[ROWS], r2[ROWS], r3[ROWS], r4[ROWS], r5[ROWS], tau[ROWS], work[ROWS];
} rows;

/* The next rows; false after the last. Begin with from and rows 0. */
static bool next_rows(rows *t, const tc_window *w)
{
    size_t all = w->count - 1, from = t->from + t->rows;
    if (from >= all) return false;
    const double *o = w->o + from + 1, *m = w->m + from + 1, *c1 = w->c + from, *m1 = w->m + from;
    t->from = from;
    t->rows = all - from < ROWS ? all - from : ROWS;
    for (size_t i = 0; i < t->rows; i++) {
        t->r1[i] = m[i] - o[i];
        t->r2[i] = o[i] - m1[i];
        t->r3[i] = m[i] - c1[i];
        t->r4[i] = c1[i] - m1[i];
        t->r5[i] = o[i] - c1[i];
    }
    tc_fill_traded(t->tau, w, from, t->rows);
    return true;
}

static void add_apart(tc_sum *sum, rows *t, const double *price, const double *end)
{
    tc_fill_apart(t->work, t->tau, price, end, t->rows);
    tc_sum_take(sum, t->work, t->rows);
}

/* The first pass: how often prices are off the ends of their range, and the mean returns. */
typedef struct {
    double pt, po, pc, r1, r3, r5, traded;
} frequencies;

static frequencies look(const tc_window *w)
{
    rows t;
    t.from = t.rows = 0;
    tc_sum r1 = {0}, r3 = {0}, r5 = {0}, tau = {0}, open_high = {0}, open_low = {0}, close_high = {0}, close_low = {0};
    size_t known;
    while (next_rows(&t, w)) {
        size_t bar = t.from + 1;
        tc_sum_take(&r1, t.r1, t.rows);
        tc_sum_take(&r3, t.r3, t.rows);
        tc_sum_take(&r5, t.r5, t.rows);
        tc_sum_take(&tau, t.tau, t.rows);
        add_apart(&open_high, &t, w->o + bar, w->h + bar);
        add_apart(&open_low, &t, w->o + bar, w->l + bar);
        add_apart(&close_high, &t, w->c + t.from, w->h + t.from);
        add_apart(&close_low, &t, w->c + t.from, w->l + t.from);
    }
    double traded = tc_sum_of(&tau, &known);
    return (frequencies){traded / (double)known, tc_mean_of(&open_high) + tc_mean_of(&open_low), tc_mean_of(&close_high) + tc_mean_of(&close_low),
                         tc_mean_of(&r1), tc_mean_of(&r3), tc_mean_of(&r5), traded};
}

/* The second: the two moments bar by bar, and their means. A return less its mean counts only where the bar traded. */
static void fill_moments(tc_spread_estimate *e, const tc_window *w, const frequencies *f)
{
    rows t;
    t.from = t.rows = 0;
    double mean1 = f->r1 / f->pt, mean3 = f->r3 / f->pt, mean5 = f->r5 / f->pt, open_weight = -4 / f->po, close_weight = -4 / f->pc;
    tc_sum e1 = {0}, e2 = {0};
    while (next_rows(&t, w)) {
        double *x1 = tc_column(w, 0) + t.from, *x2 = tc_column(w, 1) + t.from;
        for (size_t i = 0; i < t.rows; i++) {
            double d1 = t.r1[i] - mean1 * t.tau[i], d3 = t.r3[i] - mean3 * t.tau[i], d5 = t.r5[i] - mean5 * t.tau[i];
            x1[i] = open_weight * d1 * t.r2[i] + close_weight * d3 * t.r4[i];
            x2[i] = open_weight * d1 * t.r5[i] + close_weight * d5 * t.r4[i];
        }
        tc_sum_take(&e1, x1, t.rows);
        tc_sum_take(&e2, x2, t.rows);
    }
    e->e1 = tc_mean_of(&e1);
    e->e2 = tc_mean_of(&e2);
}

/* Around the mean: the mean of squares less the squared mean loses digits where the two are near. */
static double variance(const double *x, size_t count, double mean)
{
    double square[ROWS];
    tc_sum squares = {0};
    for (size_t from = 0; from < count; from += ROWS) {
        size_t some = count - from < ROWS ? count - from : ROWS;
        for (size_t i = 0; i < some; i++) square[i] = (x[from + i] - mean) * (x[from + i] - mean);
        tc_sum_take(&squares, square, some);
    }
    return tc_mean_of(&squares);
}

void tc_edge(tc_spread_estimate *e, const tc_window *w)
{
    frequencies f = look(w);
    e->pt = f.pt, e->po = f.po, e->pc = f.pc;
    if (f.traded < 2 || !(f.po > 0) || !(f.pc > 0)) return;
    fill_moments(e, w, &f);
    e->v1 = variance(tc_column(w, 0), w->count - 1, e->e1);
    e->v2 = variance(tc_column(w, 1), w->count - 1, e->e2);
    double both = e->v1 + e->v2;
    e->s2 = both > 0 ? (e->v2 * e->e1 + e->v1 * e->e2) / both : (e->e1 + e->e2) / 2;
}
