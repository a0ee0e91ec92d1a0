#include "window.h"

#include <string.h>

/* Two numbers in one register: every processor of note has those. */
typedef double pair __attribute__((vector_size(16)));
typedef int64_t masks __attribute__((vector_size(16)));

typedef struct {
    pair sum, lost; /* lost: what rounding took from the sum */
    masks known;    /* counted downwards */
} pair_sum;

static inline void add_pair(pair_sum *to, const double *value)
{
    pair x;
    memcpy(&x, value, sizeof x);
    masks is = x == x; /* all bits where it is a number */
    x = (pair)((masks)x & is);
    pair next = to->sum + x, part = next - to->sum;
    to->lost += (to->sum - (next - part)) + (x - part);
    to->sum = next;
    to->known += is;
}

static void add(double *sum, double *lost, double value)
{
    double next = *sum + value, part = next - *sum;
    *lost += (*sum - (next - part)) + (value - part);
    *sum = next;
}

double tc_sum_known(const double *value, size_t count, size_t *known)
{
    pair_sum a = {0}, b = {0}; /* two chains: an addition need not wait for the one before */
    size_t i = 0;
    for (; i + 4 <= count; i += 4) {
        add_pair(&a, value + i);
        add_pair(&b, value + i + 2);
    }
    masks all = -(a.known + b.known);
    double sum = 0, lost = 0;
    for (int k = 0; k < 2; k++) {
        add(&sum, &lost, a.sum[k]);
        add(&sum, &lost, b.sum[k]);
        lost += a.lost[k] + b.lost[k];
    }
    *known = (size_t)(all[0] + all[1]);
    for (; i < count; i++) {
        if (value[i] != value[i]) continue;
        add(&sum, &lost, value[i]);
        ++*known;
    }
    return sum + lost;
}

/* 0 times a price adds nothing, and is NAN where the price is: so a missing one shows without a branch. */

void tc_fill_traded(double *tau, const tc_window *w)
{
    const double *h = w->h, *l = w->l, *c = w->c;
    for (size_t i = 1; !c && i < w->count; i++) tau[i - 1] = h[i] > l[i] ? 1 : NAN;
    for (size_t i = 1; c && i < w->count; i++)
        tau[i - 1] = (double)((h[i] != l[i]) | (l[i] != c[i - 1])) + 0 * (h[i] - l[i] + c[i - 1]);
}

/* How often tau goes with a difference of `price` and `end`. */
static double share_apart(const double *tau, const double *price, const double *end, size_t rows, double *work)
{
    for (size_t i = 0; i < rows; i++) work[i] = tau[i] * (double)(price[i] != end[i]) + 0 * (price[i] - end[i]);
    return tc_mean_known(work, rows);
}

double tc_open_apart(const tc_window *w, const double *tau, double *work)
{
    size_t rows = w->count - 1;
    return share_apart(tau, w->o + 1, w->h + 1, rows, work) + share_apart(tau, w->o + 1, w->l + 1, rows, work);
}

double tc_close_apart(const tc_window *w, const double *tau, double *work)
{
    size_t rows = w->count - 1;
    return share_apart(tau, w->c, w->h, rows, work) + share_apart(tau, w->c, w->l, rows, work);
}
