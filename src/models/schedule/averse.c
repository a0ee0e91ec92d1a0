#include "averse.h"

#include <math.h>

/* Obizhaeva and Wang 2013, proposition 3: E + a V/2 is least where the holding is g(t)
 * times D(t), by which the price stands above its own level. With S = a sigma^2,
 *   f' (2 rho kappa + S) = kappa rho^2 f^2 + 2 S rho f - 2 S rho, f(T) = 1,
 *   1 + kappa g = (S + kappa rho f)/(kappa f' + S),
 * and from dD = -rho D dt + kappa mu dt, dX = -mu dt follow, with L = S + kappa rho f,
 *   X = X0 kappa (rho f - f') L(0)/L^2 exp(-rho S J),
 *   D = X0 kappa (kappa f' + S) L(0)/L^2 exp(-rho S J),
 * J being the integral of 1/L from 0 to t. The cost over what is permanent is
 * (D(T) + kappa x_T)^2/(2 kappa) + rho/kappa times the integral of D^2. */
typedef struct {
    double quantity, kappa, rho, whole, risk; /* X0, kappa, rho, T, S */
    double square, linear, pace;              /* f' = square f^2 + linear f - linear; 2 pace is the rate of tanh */
    double level;                             /* L(0) */
} path;

/* The Riccati equation has constant coefficients: from f(T) = 1 backwards it is a
 * ratio of hyperbolic functions; tanh(x)/x keeps it whole where its rate is 0. */
static double f_at(const path *p, double t)
{
    double left = p->whole - t, x = p->pace * left, u = left * (x < 1e-8 ? 1 : tanh(x) / x) / 2;
    return (1 + p->linear * u) / (1 + (2 * p->square + p->linear) * u);
}

static double level_at(const path *p, double t)
{
    return p->risk + p->kappa * p->rho * f_at(p, t);
}

/* What is added up along the way: to J the reciprocal of L, to the others the squares of D and X. */
typedef struct {
    double holding, above; /* X and D */
} state;

static state state_at(const path *p, double t, double j)
{
    double f = f_at(p, t), slope = p->square * f * f + p->linear * (f - 1), level = level_at(p, t);
    double common = p->quantity * p->kappa * p->level / (level * level) * exp(-p->rho * p->risk * j);
    return (state){common * (p->rho * f - slope), common * (p->kappa * slope + p->risk)};
}

/* Gauss and Legendre's five points on (0, 1). */
static const double point[] = {0.046910077030668004, 0.23076534494715845, 0.5, 0.76923465505284155, 0.953089922969332};
static const double weight[] = {0.11846344252809454, 0.23931433524968324, 0.28444444444444444, 0.23931433524968324, 0.11846344252809454};
enum { POINTS = 5, PANELS_LEAST = 32 };

static double j_over(const path *p, double from, double width)
{
    double sum = 0;
    for (int i = 0; i < POINTS; i++) sum += weight[i] / level_at(p, from + width * point[i]);
    return sum * width;
}

/* How far the integrals have come. */
typedef struct {
    double t, j;
    tc_sum held, above; /* of X^2 and D^2 */
} progress;

static void advance(progress *done, const path *p, double width)
{
    for (int i = 0; i < POINTS; i++) {
        state s = state_at(p, done->t + width * point[i], done->j + j_over(p, done->t, width * point[i]));
        tc_sum_add(&done->held, weight[i] * width * s.holding * s.holding);
        tc_sum_add(&done->above, weight[i] * width * s.above * s.above);
    }
    done->j += j_over(p, done->t, width);
    done->t += width;
}

static path path_of(const tc_ow_problem *p, double kappa)
{
    double risk = p->aversion * p->sigma * p->sigma, rho = p->resilience, scale = 2 * rho * kappa + risk;
    path of = {p->quantity, kappa, rho, p->duration, risk, kappa * rho * rho / scale, 2 * risk * rho / scale, 0, 0};
    of.pace = sqrt(of.linear * of.linear + 4 * of.square * of.linear) / 2;
    of.level = level_at(&of, 0);
    return of;
}

void tc_ow_solve_averse(tc_ow_solution *s, double *holdings, size_t count, const tc_ow_problem *problem)
{
    path p = path_of(problem, s->kappa);
    /* No rate in it is above 3 rho, so that a panel of 1/(4 rho) is smooth to the last digit. */
    size_t cells = holdings && count ? count : 1, panels = (size_t)fmax(PANELS_LEAST, 4 * p.rho * p.whole) / cells + 1;
    double width = p.whole / (double)cells / (double)panels;
    progress done = {0};
    state now = state_at(&p, 0, 0);
    s->first = p.quantity - now.holding;
    for (size_t cell = 0; cell < cells; cell++) {
        if (holdings) holdings[cell] = now.holding;
        for (size_t k = 0; k < panels; k++) advance(&done, &p, width);
        now = state_at(&p, p.whole * (double)(cell + 1) / (double)cells, done.j);
    }
    if (holdings) holdings[cells] = now.holding;
    s->last = now.holding;
    s->rate = (p.quantity - s->first - s->last) / p.whole;
    double end = now.above + p.kappa * now.holding;
    s->optimal = problem->permanent * p.quantity * p.quantity / 2 + end * end / (2 * p.kappa) + p.rho / p.kappa * tc_sum_of(done.above);
    s->variance = problem->sigma * problem->sigma * tc_sum_of(done.held);
}
