/* kernel.h - the propagator of transient impact, from trades and the mids around
 * them: the kernel itself, its decay, and whether a schedule may rest on it.
 *
 * The same trades, options and seed give the same result to the last bit. */
#ifndef TC_MODELS_FIT_KERNEL_H
#define TC_MODELS_FIT_KERNEL_H

#include <stdbool.h>

#include "tradecost/status.h"

enum {
    TC_KERNEL_LAGS_LEAST = 10, TC_KERNEL_LAGS_MAX = 500,
    TC_KERNEL_TRADES_A_LAG = 10, /* fewer trades than so many a lag tell nothing */
    TC_KERNEL_DAYS_LEAST = 10    /* a bootstrap of fewer days is none */
};

/* Trades in order, day after day; models/response.h says what sign and move are. */
typedef struct {
    const double *sign;    /* +1 or -1 */
    const double *move;    /* of the mid, until the next trade, bps */
    size_t count;
    const size_t *day_end; /* day d ends before trade day_end[d] */
    size_t days;
} tc_trade_flow;

typedef struct {
    size_t lags;
    double delta;          /* impact goes with the power delta of the rate of trading; 1: linear */
    unsigned replicates;   /* of the bootstrap; 0: none */
    uint64_t seed;
} tc_kernel_options;

/* C(l) = c0 l^-gamma, and G(l) = gamma0/(l0^2 + l^2)^(beta/2) (Bouchaud, Gefen,
 * Potters and Wyart 2004). Where both hold and prices diffuse, beta = (1 - gamma)/2. */
#define TC_KERNEL_PARAMETERS(X)                                                              \
    X(TC_K_C0, "c0", "1", "covariance of the signs of one trade and the next, by the fit")   \
    X(TC_K_GAMMA, "gamma", "1", "exponent of the decay of the signs' covariance")            \
    X(TC_K_GAMMA0, "gamma0", "bps trades^beta", "scale of the kernel")                       \
    X(TC_K_L0, "l0", "trades", "lag from which the kernel decays")                           \
    X(TC_K_BETA, "beta", "1", "exponent of the kernel's decay")                              \
    X(TC_K_EXCESS, "beta_excess", "1", "beta - (1 - gamma)/2; 0 where prices diffuse")
#define TC_AS_ENUM(name, word, unit, meaning) name,
typedef enum { TC_KERNEL_PARAMETERS(TC_AS_ENUM) TC_K_COUNT } tc_kernel_parameter;
#undef TC_AS_ENUM
const char *tc_kernel_parameter_name(tc_kernel_parameter parameter);
const char *tc_kernel_parameter_unit(tc_kernel_parameter parameter);
const char *tc_kernel_parameter_meaning(tc_kernel_parameter parameter);

typedef struct {
    double value, se;  /* NAN: unknown, for `reason` */
    bool at_bound;
    char reason[200];
} tc_kernel_estimate;

/* A curve at lags 0 ... lags; `se` NAN where unknown. */
typedef struct {
    double *value, *se;
} tc_kernel_curve;

/* What the schedules of a propagator take (tradecost schedule, model propagator):
 * k trades after a trade its impact is g0 (1 + k rate)^-decay, or g0 e^(-k rate). */
typedef struct {
    double g0;         /* bps a trade, at once */
    double rate;       /* 1/trade */
    double decay;      /* NAN: exponential */
    bool usable;
    char reason[240];  /* why not; or, of a usable one, what to mind; else empty */
} tc_kernel_schedule;

typedef struct {
    tc_kernel_options options;
    size_t trades, days;
    double mean_sign, changing;    /* share of trades that change the mid */
    tc_kernel_curve covariance;    /* C(l) */
    tc_kernel_curve response;      /* R(l), bps */
    tc_kernel_curve kernel;        /* G(l), bps */
    double *before;                /* R(-l): what trades follow */
    double *unchanged, *changed;   /* G(l) of TIM2; NAN throughout where the two kinds cannot be told apart */
    tc_kernel_estimate parameter[TC_K_COUNT];
    unsigned drawn, failed;        /* replicates made, and those of them without a kernel */
    char no_errors[120];           /* why se is unknown; empty: it is known */
    double explained;              /* share of the squares of moves that the kernel explains */
    double explained_by_kinds;     /* the same of TIM2; NAN: it is not known */
    double forecast;               /* of the later half of the days by the kernel of the earlier half, as nobody then knew it; NAN: one day */
    bool positive_definite;        /* no round trip gains under the kernel as measured, if impact is linear */
    tc_kernel_schedule schedule;
    double *memory;
} tc_kernel;

/* Errors: TC_OUT_OF_DOMAIN (lags, delta, a sign or move that is none), TC_NOT_IDENTIFIED
 * (too few trades, all of one sign, signs that follow from one another), TC_NO_MEMORY.
 * A decay that cannot be fitted is unknown, with the reason, and no error. */
tc_status tc_kernel_calibrate(tc_kernel *kernel, tc_error *error, const tc_kernel_options *options, const tc_trade_flow *flow);
void tc_kernel_free(tc_kernel *kernel);

/* Whether impact that goes with the power `delta` of the rate and fades like a
 * power `decay` of time (NAN: exponentially) leaves no round trip with a gain
 * (Gatheral 2010, Quant. Finance 10:749-759): exponential decay bears linear impact
 * only; a power law takes decay + delta >= 1 and, unless impact is linear, decay >=
 * 2 - log2(3). `reason` says what is broken; of linear impact that decays below
 * that limit it warns, as no concave one could be put in its place. */
bool tc_kernel_admissible(char reason[240], double decay, double delta);

#endif
