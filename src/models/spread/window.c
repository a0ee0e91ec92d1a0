#include "window.h"

#include <string.h>

static inline tc_pair load(const double *from)
{
    tc_pair x;
    memcpy(&x, from, sizeof x);
    return x;
}

/* All bits where it is a number. */
static inline void add_pair(tc_pair_sum *to, tc_pair x)
{
    tc_masks known = x == x;
    x = (tc_pair)((tc_masks)x & known);
    tc_pair next = to->sum + x, part = next - to->sum;
    to->lost += (to->sum - (next - part)) + (x - part);
    to->sum = next;
    to->known += known;
}

/* Two chains: an addition need not wait for the one before. */
void tc_sum_take(tc_sum *sum, const double *value, size_t count)
{
    tc_pair_sum a = sum->part[0], b = sum->part[1];
    size_t i = 0;
    for (; i + 4 <= count; i += 4) {
        add_pair(&a, load(value + i));
        add_pair(&b, load(value + i + 2));
    }
    for (; i < count; i++) add_pair(&a, (tc_pair){value[i], NAN});
    sum->part[0] = a;
    sum->part[1] = b;
}

static void add(double *sum, double *lost, double value)
{
    double next = *sum + value, part = next - *sum;
    *lost += (*sum - (next - part)) + (value - part);
    *sum = next;
}

double tc_sum_of(const tc_sum *of, size_t *known)
{
    double sum = 0, lost = 0;
    int64_t counted = 0;
    for (int k = 0; k < 4; k++) {
        const tc_pair_sum *part = &of->part[k / 2];
        add(&sum, &lost, part->sum[k % 2]);
        lost += part->lost[k % 2];
        counted -= part->known[k % 2]; /* a mask of all bits is -1 */
    }
    *known = (size_t)counted;
    return sum + lost;
}

bool tc_are_prices(const double *value, size_t count)
{
    const tc_pair none = {0, 0}, most = {INFINITY, INFINITY};
    tc_masks bad = {0};
    size_t i = 0;
    for (; i + 2 <= count; i += 2) {
        tc_pair x = load(value + i);
        tc_masks low = x <= none, high = x == most;
        bad -= low; /* counted: gcc 12 makes branches of an "or" here */
        bad -= high;
    }
    bool last = i < count && (value[i] <= 0 || value[i] == INFINITY);
    return !bad[0] && !bad[1] && !last;
}

/* Below, 0 times a price adds nothing, and is NAN where the price is: so a missing one shows without a branch. */

void tc_fill_traded(double *tau, const tc_window *w, size_t from, size_t rows)
{
    const double *h = w->h + from + 1, *l = w->l + from + 1, *c = w->c ? w->c + from : NULL;
    const tc_pair one = {1, 1}, nought = {0, 0};
    size_t i = 0;
    for (; !c && i < rows; i++) tau[i] = h[i] > l[i] ? 1 : NAN;
    for (; i + 2 <= rows; i += 2) {
        tc_pair high = load(h + i), low = load(l + i), close = load(c + i);
        tc_pair x = (tc_pair)((tc_masks)one & ((high != low) | (low != close))) + nought * (high - low + close);
        memcpy(tau + i, &x, sizeof x);
    }
    for (; i < rows; i++) tau[i] = (double)((h[i] != l[i]) | (l[i] != c[i])) + 0 * (h[i] - l[i] + c[i]);
}

void tc_fill_apart(double *to, const double *tau, const double *price, const double *end, size_t rows)
{
    const tc_pair nought = {0, 0};
    size_t i = 0;
    for (; i + 2 <= rows; i += 2) {
        tc_pair p = load(price + i), e = load(end + i), traded = load(tau + i);
        tc_pair x = (tc_pair)((tc_masks)traded & (p != e)) + nought * (p - e + traded);
        memcpy(to + i, &x, sizeof x);
    }
    for (; i < rows; i++) to[i] = (price[i] != end[i] ? tau[i] : 0) + 0 * (price[i] - end[i] + tau[i]);
}
