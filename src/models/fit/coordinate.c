#include "inner.h"

/* Bounds go away in another coordinate, as in MINUIT (James and Roos 1975): with t
 * the value or its logarithm, t = middle + half sin(u) between two bounds, t = low - 1
 * + sqrt(u^2 + 1) above one, mirrored below one, and t = u where there is none. */

typedef struct {
    double low, high;
} range;

static range of(const tc_fit_parameter *p)
{
    if (!p->log) return (range){p->low, p->high};
    return (range){p->low > 0 ? log(p->low) : -INFINITY, log(p->high)};
}

/* Nothing starts at a bound itself, where no small step leads away. */
static const double inside = 1 - 1e-6;

double tc_fit_inward(const tc_fit_parameter *p, double value)
{
    range r = of(p);
    double t = p->log ? log(value) : value;
    bool below = isfinite(r.low), above = isfinite(r.high);
    if (below && above) return asin(fmax(-inside, fmin(inside, (2 * t - r.low - r.high) / (r.high - r.low))));
    if (below) return sqrt(fmax(1 - inside, (t - r.low + 1) * (t - r.low + 1) - 1));
    if (above) return sqrt(fmax(1 - inside, (r.high - t + 1) * (r.high - t + 1) - 1));
    return t;
}

static double middle(const tc_fit_parameter *p, double u)
{
    range r = of(p);
    bool below = isfinite(r.low), above = isfinite(r.high);
    if (below && above) return fmin(r.high, fmax(r.low, (r.low + r.high) / 2 + (r.high - r.low) / 2 * sin(u)));
    if (below) return r.low - 1 + hypot(u, 1);
    if (above) return r.high + 1 - hypot(u, 1);
    return u;
}

double tc_fit_outward(const tc_fit_parameter *p, double u)
{
    double t = middle(p, u);
    return p->log ? exp(t) : t;
}

double tc_fit_outward_slope(const tc_fit_parameter *p, double u)
{
    range r = of(p);
    bool below = isfinite(r.low), above = isfinite(r.high);
    double slope = below && above ? (r.high - r.low) / 2 * cos(u) : below ? u / hypot(u, 1) : above ? -u / hypot(u, 1) : 1;
    return p->log ? slope * tc_fit_outward(p, u) : slope;
}

double tc_fit_near_bound(const tc_fit_parameter *p, double value)
{
    const double near = 1e-4;
    range r = of(p);
    double t = p->log ? log(value) : value;
    double width = isfinite(r.low) && isfinite(r.high) ? r.high - r.low : 1;
    return t - r.low <= near * width ? p->low : r.high - t <= near * width ? p->high : NAN;
}

/* Abramowitz and Stegun 26.7.5, the expansion of t in powers of 1/freedom. */
double tc_fit_student(double freedom)
{
    const double z = 1.959963984540054, z2 = z * z;
    double n = fmax(freedom, 1);
    double g1 = (z2 + 1) * z / 4, g2 = ((5 * z2 + 16) * z2 + 3) * z / 96;
    double g3 = (((3 * z2 + 19) * z2 + 17) * z2 - 15) * z / 384;
    return z + (g1 + (g2 + g3 / n) / n) / n;
}
