/* options.h - the options of all commands, and how a command line is read. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>

#include "tradecost/market.h"

/* id, name, short form, what its value is called (NULL: a switch), the words it
 * accepts (NULL: anything), what it does. */
#define OPTIONS(X)                                                                              \
    X(OPT_LEVEL, "level", 0, "LEVEL", NULL, "rendering of the amounts")                         \
    X(OPT_NOTE, "note", 0, NULL, NULL, "the same as --level note")                              \
    X(OPT_DP, "dp", 0, "on|off", "on off", "off: leave the depository charge out")              \
    X(OPT_BROKERAGE, "brokerage", 0, "RULE", NULL,                                              \
      "with --broker custom: 0.1%, 20 (an order), or \"min(0.03%,20)\"")                        \
    X(OPT_BY, "by", 0, "KEY", "day scrip order month broker segment client charge",             \
      "one row a: day scrip order month broker segment client charge")                          \
    X(OPT_TICK, "tick", 0, "RUPEES", NULL, "price step; else of --instruments, else of the book") \
    X(OPT_TARGET, "target", 0, "RUPEES", NULL, "what should be left after all costs; default 0") \
    X(OPT_ALL_PLANS, "all-plans", 0, NULL, NULL, "plans closed to new clients too")             \
    X(OPT_FROM, "from", 0, "DATE", NULL, "price as if on this day ...")                         \
    X(OPT_TO, "to", 0, "DATE", NULL, "... and as if on this one")                               \
    X(OPT_ORDERS, "orders", 0, "each|time", "each time",                                        \
      "without order ids: each fill an order, or fills of one second together")                 \
    X(OPT_DELIVERY_QUANTITY, "delivery-quantity", 0, NULL, NULL,                                \
      "add the column delivery_quantity, the delivered part of a mixed fill")                   \
    X(OPT_INSTRUMENTS, "instruments", 0, "FILE", NULL,                                          \
      "instruments (a Kite dump or our CSV): fills in instrument, class, lot size, tick, ISIN, series") \
    X(OPT_TARIFFS, "tariffs", 0, "DIR", NULL, "tariff files on top of the book built in")       \
    X(OPT_MODE, "mode", 0, "MODE", "historical realtime simulation",                            \
      "where the market comes from: historical (a store), realtime, simulation") \
    X(OPT_PROVIDER, "provider", 0, "NAME[=WHERE]", NULL,                                        \
      "who knows the market; see tradecost market providers")                                   \
    X(OPT_STORE, "store", 0, "WHERE", NULL,                                                     \
      "the past: a file, or postgresql://...; default ~/.local/share/tradecost/market.db")   \
    X(OPT_AT, "at", 0, "TIME", NULL, "the market as known then: 2026-04-02T10:30; a date alone is its close") \
    X(OPT_BAR_TIME, "bar-time", 0, "start|end", "start end", "what a bar's time is; else as the times of the file show") \
    X(OPT_SHORT_SESSIONS, "short-sessions", 0, NULL, NULL, "count sessions under 375 minutes in averages too") \
    X(OPT_SEED, "seed", 0, "NUMBER", NULL, "of the random numbers: the same number, the same results") \
    X(OPT_BIDS, "bids", 0, "LEVELS", NULL, "buyers in the book, best first: 98x1000,97.5x500")  \
    X(OPT_ASKS, "asks", 0, "LEVELS", NULL, "sellers in the book, best first")                   \
    X(OPT_DURATION, "duration", 0, "TIME", NULL, "time to work the order in: 0.5d (trading days), 2h, 30m") \
    X(OPT_POV, "pov", 0, "FRACTION", NULL,                                                      \
      "own share of all volume, own included, above 0 and below 1; with --duration it is a cap") \
    X(OPT_DELAY, "delay", 0, "TIME", NULL, "from the decision to the first fill: 30s, 5m; default none") \
    X(OPT_SPREAD_MODEL, "spread-model", 0, "NAME", NULL, "model of the spread, or none; see tradecost model list") \
    X(OPT_SLIPPAGE_MODEL, "slippage-model", 0, "NAME", NULL, "model of the slippage, or none")  \
    X(OPT_IMPACT_MODEL, "impact-model", 0, "NAME", NULL, "model of the impact, or none")        \
    X(OPT_TIMING_MODEL, "timing-model", 0, "NAME", NULL, "model of the timing risk, or none")   \
    X(OPT_SET, "set", 0, "MODEL.KEY=VALUE,...", NULL, "inputs of models by hand: square-root.y=0.8") \
    X(OPT_PARAMETERS, "parameters", 0, "FILE", NULL, "parameters that tradecost calibrate found") \
    X(OPT_CHARGES_AT, "charges-at", 0, "PRICE", "execution arrival",                            \
      "charges on the price expected at execution (default), or at arrival")                    \
    X(OPT_CORRELATION, "correlation", 0, "NUMBER", NULL,                                        \
      "of the returns of any two securities of a basket, 0 to 1; default 0")                    \
    X(OPT_ESTIMATOR, "estimator", 0, "NAME", NULL,                                               \
      "edge ohlc chlo ohl chl roll corwin-schultz corwin-schultz-2 abdi-ranaldo abdi-ranaldo-2; default edge") \
    X(OPT_WINDOW, "window", 0, "BARS", NULL, "a spread for every so many bars in a row")         \
    X(OPT_SIGNED, "signed", 0, NULL, NULL, "estimates below 0 as they are, not their size")      \
    X(OPT_TCA_ORDERS, "orders", 0, "FILE", NULL, "orders as they were decided; without: fills of one order_id are one") \
    X(OPT_TCA_BY, "by", 0, "COLUMN,...", NULL,                                                   \
      "one row a group: order_id date month weekday hour client broker exchange segment symbol side product size, or any column of the files") \
    X(OPT_BARS, "bars", 0, "FILE", NULL, "daily bars, or bars of minutes by their start, as csv")  \
    X(OPT_QUOTES, "quotes", 0, "FILE", NULL, "quotes in order of time, as csv")                  \
    X(OPT_TRADES, "trades", 0, "FILE", NULL, "the market's trades in order of time, as csv")     \
    X(OPT_EXCLUDE_OWN, "exclude-own", 0, NULL, NULL, "take own trades out of vwap and day_vwap") \
    X(OPT_LAGS, "lags", 0, "TIME,...", NULL, "of the mark-outs; default 1s,10s,1m,5m,30m")       \
    X(OPT_KERNEL_LAGS, "lags", 0, "COUNT", NULL, "of the kernel of --model propagator, in trades; default 100") \
    X(OPT_PWP, "pwp", 0, "FRACTION", NULL, "participation of the benchmark pwp; default 0.2")    \
    X(OPT_IMPACT, "impact", 0, "none|markout|model", "none markout model",                       \
      "how impact is told from timing; default model with --impact-model, else none")            \
    X(OPT_IMPACT_LAG, "impact-lag", 0, "TIME", NULL, "of --impact markout; default 5m")          \
    X(OPT_QUOTE_LAG, "quote-lag", 0, "TIME", NULL, "look at quotes so long before a fill; default 0") \
    X(OPT_STRATEGY, "strategy", 0, "NAME", "almgren-chriss obizhaeva-wang propagator exact twap vwap pov", \
      "almgren-chriss (default), obizhaeva-wang, propagator, exact (counts charges), twap, vwap, pov") \
    X(OPT_SLICES, "slices", 0, "NUMBER", NULL, "how many to work the order in; default 50")     \
    X(OPT_LAMBDA, "lambda", 0, "NUMBER|var", NULL,                                              \
      "risk aversion, 1/rupee; var: that of the least 95% value at risk; default var, where impact decays 0") \
    X(OPT_SIGMA, "sigma", 0, "NUMBER", NULL, "volatility, rupees a share per sqrt(day); default --volatility x price") \
    X(OPT_GAMMA, "gamma", 0, "NUMBER", NULL, "permanent impact, rupees a share per share; default by a rule, of --adv and spread") \
    X(OPT_ETA, "eta", 0, "NUMBER", NULL, "temporary impact, rupees a share at a rate of 1 share a day; default by a rule") \
    X(OPT_EPSILON, "epsilon", 0, "NUMBER", NULL, "fixed cost, rupees a share; default half the spread") \
    X(OPT_ALPHA, "alpha", 0, "NUMBER", NULL, "drift of the price, rupees a share a day; default 0") \
    X(OPT_EXPONENT, "exponent", 0, "NUMBER", NULL, "of the rate in temporary impact; default 1; others: only exact, twap, vwap, pov") \
    X(OPT_KAPPA, "kappa", 0, "NUMBER", NULL, "impact that decays, rupees a share per share, at once") \
    X(OPT_RHO, "rho", 0, "NUMBER", NULL, "how fast it decays, a day: exp(-rho t), or with --decay (1 + rho t)^-decay") \
    X(OPT_DECAY, "decay", 0, "NUMBER", NULL, "power by which a propagator decays; default exponential") \
    X(OPT_FRONTIER, "frontier", 0, "N|L,L,...", NULL, "the frontier of cost and risk: so many points, or at these lambdas") \
    X(OPT_STEP, "step", 0, "SHARES", NULL, "exact: slices in multiples of this, where lots are too many to be tried") \
    X(OPT_CURVE, "curve", 0, "FILE", NULL, "the day's volume curve: a csv with the column cumulative, from 0 to 1 at equal times") \
    X(OPT_BASKET, "basket", 0, "FILE", NULL, "several securities at once: a csv of symbol,side,quantity,gamma,eta,epsilon") \
    X(OPT_COVARIANCE, "covariance", 0, "FILE", NULL, "of their price moves, rupees squared a day: a csv of symbol and a column each") \
    X(OPT_LAG, "lag", 0, "TIME", NULL, "a trade meets the quote that stood so long before it: 2s; default 0s") \
    X(OPT_REALISED_AFTER, "realised-after", 0, "TIME", NULL, "from a trade to the mid that its realised spread is against; default 5m") \
    X(OPT_MODEL, "model", 0, "NAME", NULL, "the model; see tradecost model list")                \
    X(OPT_LOSS, "loss", 0, "LOSS", "huber squares tukey",                                       \
      "of residuals: huber (the default: far ones count less), squares, tukey (far ones do not count)") \
    X(OPT_FIX, "fix", 0, "KEY=VALUE,...", NULL, "parameters that are not fitted: delta=0.5")      \
    X(OPT_START, "start", 0, "KEY=VALUE,...", NULL, "where the search begins")                  \
    X(OPT_BOOTSTRAP, "bootstrap", 0, "COUNT", NULL,                                             \
      "replicates of bootstrap, shuffles and simulations; default 200, 0: none")                \
    X(OPT_BUCKETS, "buckets", 0, "COUNT", NULL, "buckets of liquidity, whose coefficients are pooled") \
    X(OPT_FORMAT, "format", 'f', "FORMAT", PLAIN_FORMATS,                                             \
      PLAIN_FORMATS "; default table on a terminal, else csv")                                  \
    X(OPT_OUTPUT, "output", 'o', "FILE", NULL, "write the result here, not to standard output") \
    X(OPT_QUIET, "quiet", 'q', NULL, NULL, "no progress, no remarks")                           \
    X(OPT_HELP, "help", 'h', NULL, NULL, "this text")
#define AS_ENUM(id, name, letter, value, words, meaning) id,
typedef enum { OPTIONS(AS_ENUM) OPTION_COUNT } option_id;
#undef AS_ENUM

/* An option as the parser and the help see it: the table above, a field of an order, or one of a market. */
typedef struct {
    const char *name, *value, *words, *meaning;
    char letter;
    int field;  /* tc_field, or -1 */
    int market; /* tc_market_field, or -1; both -1: `id` says which */
    option_id id;
} option;

/* The fields that are options: all but what only a file has. */
#define FIELD_BIT(field) (UINT64_C(1) << (field))
#define ORDER_FIELDS                                                                   \
    (((UINT64_C(1) << TC_FIELD_COUNT) - 1) &                                           \
     ~(FIELD_BIT(TC_F_FILL_ID) | FIELD_BIT(TC_F_TIME) | FIELD_BIT(TC_F_VALUE)))

/* Options of a command, a bit an option_id: they are more than 64. */
__extension__ typedef unsigned __int128 option_set;
_Static_assert(OPTION_COUNT < 128, "a bit each");
#define OPTION_BIT(id) ((option_set)1 << (id))

/* A command line once read. Texts point into argv. */
typedef struct {
    tc_request order;                /* fields given as options */
    const char *market[TC_M_COUNT];  /* NULL: not given */
    const char *value[OPTION_COUNT]; /* NULL: not given; "" for a switch */
    const char **operands;
    size_t operand_count;
} arguments;

struct cli;

/* Option number `index` of those a command takes; false after the last. */
bool option_at(const struct cli *c, size_t index, option *found);

/* Reads argv[first...]; false: said why (status 2). Operands are moved into
 * argv's own room. */
bool options_parse(struct cli *c, int argc, const char **argv, int first);

/* The name of a field's option: its column with dashes. Lives until the next call. */
const char *field_option(tc_field field);
/* The same of a market's field. */
const char *market_option(tc_market_field field);
/* The words of a field that is a closed list, else NULL. */
const char *field_words(tc_field field);

#endif
