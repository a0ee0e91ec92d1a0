#include "window.h"

/* The four building blocks of Ardia, Guidotti and Kroencke 2024: one formula over
 * three choices, s2 = -8/p (E[r s] - E[r] E[tau s]/E[tau]). */

/* The difference of two rows of prices, of this bar or (`before`) of the one before. */
typedef struct {
    const double *price;
    bool before;
} row_of;

static void subtract(double *to, row_of a, row_of b, size_t rows)
{
    const double *x = a.price + !a.before, *y = b.price + !b.before;
    for (size_t i = 0; i < rows; i++) to[i] = x[i] - y[i];
}

static void multiply(double *to, const double *a, const double *b, size_t rows)
{
    for (size_t i = 0; i < rows; i++) to[i] = a[i] * b[i];
}

enum { FIRST, SECOND, TAU, WORK };

/* From the columns FIRST and SECOND. */
static void block(tc_spread_estimate *e, const tc_window *w, double apart)
{
    double *r = tc_column(w, FIRST), *s = tc_column(w, SECOND), *tau = tc_column(w, TAU), *work = tc_column(w, WORK);
    size_t rows = w->count - 1, known;
    double traded = tc_sum_known(tau, rows, &known);
    e->pt = traded / (double)known;
    if (traded < 2 || !(apart > 0)) return;
    multiply(work, r, s, rows);
    double product = tc_mean_known(work, rows);
    multiply(work, tau, s, rows);
    e->s2 = -8 / apart * (product - tc_mean_known(r, rows) * tc_mean_known(work, rows) / e->pt);
}

static void open_block(tc_spread_estimate *e, const tc_window *w)
{
    tc_fill_traded(tc_column(w, TAU), w);
    e->po = tc_open_apart(w, tc_column(w, TAU), tc_column(w, WORK));
    block(e, w, e->po);
}

static void close_block(tc_spread_estimate *e, const tc_window *w)
{
    tc_fill_traded(tc_column(w, TAU), w);
    e->pc = tc_close_apart(w, tc_column(w, TAU), tc_column(w, WORK));
    block(e, w, e->pc);
}

void tc_open_high_low_close(tc_spread_estimate *e, const tc_window *w)
{
    subtract(tc_column(w, FIRST), (row_of){w->m, false}, (row_of){w->o, false}, w->count - 1);
    subtract(tc_column(w, SECOND), (row_of){w->o, false}, (row_of){w->c, true}, w->count - 1);
    open_block(e, w);
}

void tc_close_high_low_open(tc_spread_estimate *e, const tc_window *w)
{
    subtract(tc_column(w, FIRST), (row_of){w->o, false}, (row_of){w->c, true}, w->count - 1);
    subtract(tc_column(w, SECOND), (row_of){w->c, true}, (row_of){w->m, true}, w->count - 1);
    close_block(e, w);
}

void tc_open_high_low(tc_spread_estimate *e, const tc_window *w)
{
    subtract(tc_column(w, FIRST), (row_of){w->m, false}, (row_of){w->o, false}, w->count - 1);
    subtract(tc_column(w, SECOND), (row_of){w->o, false}, (row_of){w->m, true}, w->count - 1);
    open_block(e, w);
}

void tc_close_high_low(tc_spread_estimate *e, const tc_window *w)
{
    subtract(tc_column(w, FIRST), (row_of){w->m, false}, (row_of){w->c, true}, w->count - 1);
    subtract(tc_column(w, SECOND), (row_of){w->c, true}, (row_of){w->m, true}, w->count - 1);
    close_block(e, w);
}
