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
static void block(tc_spread_estimate *e, const tc_window *w, double frequency)
{
    double *r = tc_column(w, FIRST), *s = tc_column(w, SECOND), *tau = tc_column(w, TAU), *work = tc_column(w, WORK);
    size_t rows = w->count - 1, known;
    double traded = tc_sum_known(tau, rows, &known);
    e->pt = traded / (double)known;
    if (traded < 2 || !(frequency > 0)) return;
    multiply(work, r, s, rows);
    double product = tc_mean_known(work, rows);
    multiply(work, tau, s, rows);
    e->s2 = -8 / frequency * (product - tc_mean_known(r, rows) * tc_mean_known(work, rows) / e->pt);
}

/* How often `price` is off its high plus how often off its low; fills TAU. */
static double apart(const tc_window *w, row_of price, row_of high, row_of low)
{
    double *tau = tc_column(w, TAU), *work = tc_column(w, WORK);
    size_t rows = w->count - 1;
    tc_fill_traded(tau, w, 0, rows);
    tc_fill_apart(work, tau, price.price + !price.before, high.price + !high.before, rows);
    double off_high = tc_mean_known(work, rows);
    tc_fill_apart(work, tau, price.price + !price.before, low.price + !low.before, rows);
    return off_high + tc_mean_known(work, rows);
}

static void open_block(tc_spread_estimate *e, const tc_window *w)
{
    e->po = apart(w, (row_of){w->o, false}, (row_of){w->h, false}, (row_of){w->l, false});
    block(e, w, e->po);
}

static void close_block(tc_spread_estimate *e, const tc_window *w)
{
    e->pc = apart(w, (row_of){w->c, true}, (row_of){w->h, true}, (row_of){w->l, true});
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
