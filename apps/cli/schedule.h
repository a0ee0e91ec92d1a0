/* schedule.h - an order spread over time: read by scheduling.c, solved by
 * schedule.c, several at once by basket.c, shown by schedule_view.c and schedule_page.c. */
#ifndef CLI_SCHEDULE_H
#define CLI_SCHEDULE_H

#include "given.h"
#include "order.h"

/* name, what it does. Those before twap have a best schedule for each risk aversion, hence a frontier. */
#define STRATEGIES(X)                                                                                     \
    X(STRATEGY_ALMGREN_CHRISS, "almgren-chriss") X(STRATEGY_OBIZHAEVA_WANG, "obizhaeva-wang")             \
    X(STRATEGY_PROPAGATOR, "propagator") X(STRATEGY_EXACT, "exact") X(STRATEGY_TWAP, "twap")              \
    X(STRATEGY_VWAP, "vwap") X(STRATEGY_POV, "pov")
#define AS_ENUM(id, word) id,
typedef enum { STRATEGIES(AS_ENUM) STRATEGY_COUNT } strategy;
#undef AS_ENUM

/* Numbers of the market that the schedule rests on: option, unit, whence it comes if not given. */
#define SETTINGS(X)                                                                                              \
    X(SET_PRICE, "price", "rupees a share", "mid of bid and ask")                                                \
    X(SET_SIGMA, "sigma", "rupees a share per sqrt(day)", "volatility x price")                                  \
    X(SET_ALPHA, "alpha", "rupees a share a day", "no drift")                                                    \
    X(SET_EPSILON, "epsilon", "rupees a share", "half the spread")                                               \
    X(SET_GAMMA, "gamma", "rupees a share, per share", "rule: a tenth of ADV moves the price by the spread")     \
    X(SET_ETA, "eta", "rupees a share, at a share a day", "rule: trading 1% of ADV a day costs the spread")      \
    X(SET_EXPONENT, "exponent", "1", "linear")                                                                   \
    X(SET_KAPPA, "kappa", "rupees a share, per share", "")                                                       \
    X(SET_RHO, "rho", "a day", "")                                                                               \
    X(SET_DECAY, "decay", "1", "")
#define AS_ENUM(id, name, unit, rule) id,
typedef enum { SETTINGS(AS_ENUM) SETTING_COUNT } setting;
#undef AS_ENUM
const char *setting_name(setting s);
const char *setting_unit(setting s);
const char *setting_rule(setting s);

/* Everything that options, files and the market say of the order. */
typedef struct {
    cli *c;
    given_market given_market;
    order order;
    filled_request filled;
    bool priced;                 /* a broker is known, and so are the charges */
    strategy strategy;
    tc_schedule_task task;
    bool least_var;              /* lambda is that of the least value at risk */
    double value[SETTING_COUNT]; /* NAN: of no matter */
    bool given[SETTING_COUNT];
    tc_schedule_market market;
    tc_schedule_volume volume;
    tc_slice_terms terms;
    double step;                 /* 0: a lot */
    double *kernel, *curve;      /* owned */
} scheduling;

/* False: said why. */
bool scheduling_read(cli *c, scheduling *s);
void scheduling_free(scheduling *s);
const char *strategy_name(strategy s);
static inline bool strategy_is_best(strategy s) { return s < STRATEGY_TWAP; }
/* Whether the impact decays, so that there is a kernel. */
static inline bool strategy_is_transient(strategy s) { return s == STRATEGY_OBIZHAEVA_WANG || s == STRATEGY_PROPAGATOR; }

/* Reads the bare number of an option; `*value` stays as it is where it is not given. False: said why. */
bool option_real(cli *c, option_id id, const char *name, double *value);

/* A schedule and what is known of it; arrays are owned. */
typedef struct {
    const char *name;
    double lambda, kappa, unfilled;
    double *quantity;
    tc_slice *slices;
    tc_schedule_cost cost;
    bool charged;
    tc_cost charges, *each;
    size_t *orders, order_count;
} worked;

/* Solves, rounds to lots if `whole`, costs and charges; false: said why. */
bool work_out(const scheduling *s, worked *w, double lambda, bool whole);
/* Equal slices, or all in the first; false: not possible here. */
bool work_evenly(const scheduling *s, worked *w, bool at_once);
void worked_free(worked *w);

/* What --frontier asks for: `*count` risk aversions parted by commas, or only their number. False: said why. */
enum { LAMBDAS_MAX = 1000 };
bool frontier_wanted(cli *c, double *lambda, size_t *count, const char *text);

/* The frontier: a row a risk aversion. */
typedef struct {
    worked *point;
    size_t count;
} frontier;
bool frontier_work(const scheduling *s, frontier *f, const char *wanted);
void frontier_free(frontier *f);

/* Views: what --format asks for. */
void show_schedule(const scheduling *s, const worked *best, const worked *others, size_t count, const frontier *f);
void show_frontier(const scheduling *s, const frontier *f);

/* What the views share. */

/* Remarks on a schedule, at most REMARKS_MAX. */
typedef struct {
    const char *word, *meaning;
} remark_of;
enum { REMARKS_MAX = 8 };
size_t remarks_of(remark_of *to, const scheduling *s, const worked *w);

/* What a schedule comes to; NAN: unknown. `lambda` NAN: risk is not weighed. */
typedef struct {
    double expected, sd, sd_even, var, charges, total, cost_bps, total_bps, objective;
} sums;
sums sums_of(const scheduling *s, const worked *w, double lambda);

/* The tick that a slice's charges are taken on; NAN: none. */
double limit_of(const scheduling *s, const tc_slice *slice);

/* What is done, and how risk is weighed. */
void put_title(tc_buffer *to, const scheduling *s);
void put_weights(tc_buffer *to, const scheduling *s, const worked *w);

enum { SLICE_COLUMNS = 9, SUM_COLUMNS = 11 };
extern const sheet_column slice_columns[], sum_columns[];

/* Pictures and the page, schedule_page.c. Without `best` the frontier stands alone. */
void draw_holdings(tc_buffer *svg, const scheduling *s, const worked *best, const worked *others, size_t count);
void draw_frontier(tc_buffer *svg, const scheduling *s, const frontier *f, const worked *best, const worked *others, size_t count);
void show_page(const scheduling *s, const worked *best, const worked *others, size_t count, const frontier *f);

/* --basket. */
void run_basket(cli *c);

#endif
