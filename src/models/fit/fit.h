/* fit.h - robust, weighted, bounded non-linear least squares.
 *
 * Residuals are (observed - predicted)/sd. They are minimised by MINPACK's lmder
 * (Levenberg-Marquardt with a scaled trust region; Moré 1978), inside a loop of
 * reweighting where the loss is robust. Errors come from a pivoted QR of the
 * Jacobian, never from normal equations. Any number of threads. */
#ifndef TC_MODELS_FIT_FIT_H
#define TC_MODELS_FIT_FIT_H

#include <stdbool.h>

#include "tradecost/status.h"

enum { TC_FIT_MAX = 8 }; /* parameters of one fit */

/* Losses of a residual in units of the scale. Huber 1964: square up to 1.345, then
 * straight; Tukey's biweight: flat from 4.685 on. Both keep 95 % of the precision
 * where errors are normal. */
#define TC_FIT_LOSSES(X)                                     \
    X(TC_LOSS_SQUARES, "squares", "best where errors are normal")   \
    X(TC_LOSS_HUBER, "huber", "far errors count less")              \
    X(TC_LOSS_TUKEY, "tukey", "far errors do not count")
#define TC_AS_ENUM(name, word, meaning) name,
typedef enum { TC_FIT_LOSSES(TC_AS_ENUM) TC_LOSS_COUNT } tc_fit_loss;
#undef TC_AS_ENUM
const char *tc_fit_loss_name(tc_fit_loss loss);

typedef struct {
    const char *name;
    double low, high; /* it stays within, ends included; infinite: no bound */
    double start;
    bool log;         /* sought as its logarithm: a coefficient above 0 */
    bool fixed;       /* stays at its start */
} tc_fit_parameter;

typedef struct {
    size_t count;          /* observations */
    const double *observed;
    const double *sd;      /* of each, up to a common scale; NULL: all 1 */
    const double *times;   /* how often each counts; NULL: once. 0 leaves it out */
    /* The prediction of one observation, and unless `slope` is NULL its derivatives
     * in the parameters. False: there is none at these values. */
    bool (*predict)(const void *context, size_t at, const double *value, double *prediction, double *slope);
    const void *context;
    size_t parameter_count;
    tc_fit_parameter parameter[TC_FIT_MAX];
    tc_fit_loss loss;
    double tolerance;      /* of the rounds: they end when no parameter moves by more, relatively; 0: 1e-10 */
    bool warm;             /* the starts are near the end: robust losses begin at once */
} tc_fit_problem;

/* Matrices have parameter_count rows, in the order of the problem. What is fixed
 * or ended at a bound has no error: its rows are 0 and se is NAN. */
typedef struct {
    double value[TC_FIT_MAX], se[TC_FIT_MAX];
    double low[TC_FIT_MAX], high[TC_FIT_MAX];       /* 95 % interval, symmetric in what is sought */
    double covariance[TC_FIT_MAX * TC_FIT_MAX];     /* if errors are alike but for sd */
    double sandwich[TC_FIT_MAX * TC_FIT_MAX];       /* whatever they are (Huber 1967, White 1980) */
    bool at_bound[TC_FIT_MAX];
    double objective;  /* the sum of losses, in squared units of sd */
    double rss;        /* the weighted sum of squares */
    double scale;      /* of the residuals: root mean square, or 1.4826 times the median where robust */
    double condition;  /* of the scaled Jacobian, in the 1-norm */
    double freedom;    /* observations less parameters */
    unsigned rounds;   /* of reweighting */
    unsigned alike;    /* starts that ended here, by tc_fit_best() */
} tc_fit;

/* Finds the parameters from their starts. `se` and intervals are of `covariance`
 * with TC_LOSS_SQUARES, else of `sandwich`. `influence`, unless NULL, gets count x
 * parameter_count numbers: how far each observation moves each parameter; their
 * squares add up to the sandwich. TC_NOT_IDENTIFIED (with the parameter: the data
 * do not tell it, or a coefficient runs to 0 or infinity), TC_OUT_OF_DOMAIN (no
 * prediction at the start), TC_NO_SOLUTION (did not converge), TC_VALUE_NEEDED
 * (fewer observations than parameters), TC_LIMIT, TC_NO_MEMORY. */
tc_status tc_fit_solve(tc_fit *fit, tc_error *error, const tc_fit_problem *problem, double *influence);

/* The best of several starts: `starts` has start_count rows of parameter_count. */
tc_status tc_fit_best(tc_fit *fit, tc_error *error, const tc_fit_problem *problem, const double *starts, size_t start_count);

/* The rise of the objective, in units of the squared scale, with parameter `which`
 * held at each of `at` and the rest refitted: above 3.84 the value is rejected at
 * 5 %. NAN where there is no fit. */
tc_status tc_fit_profile(double *rise, tc_error *error, const tc_fit_problem *problem, const tc_fit *fit, size_t which,
                         const double *at, size_t count);

/* Empirical Bayes for one quantity estimated in `count` groups (normal-normal model,
 * Efron and Morris 1975, JASA 70:311; variance between groups by the moments of
 * DerSimonian and Laird 1986, Control. Clin. Trials 7:177). With w = 1/(se^2 + tau^2),
 * mean = sum(w x)/sum(w) and B = se^2/(se^2 + tau^2), each group becomes
 * B mean + (1 - B) x, with variance (1 - B) se^2 + B^2/sum(w). A group whose x is NAN
 * gets the mean, with variance tau^2 + 1/sum(w). */
typedef struct {
    double mean, se, between; /* between: tau^2 */
} tc_fit_pool;
void tc_fit_pooled(tc_fit_pool *pool, double *shrunk, double *shrunk_se, const double *x, const double *se, size_t count);

#endif
