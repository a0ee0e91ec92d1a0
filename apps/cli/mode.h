/* mode.h - where an order's market comes from, as --mode, --provider, --store,
 * --at and --seed say. A command that takes them has MODE_OPTIONS.
 *
 *   historical   as of --at (else the latest there is), from --store or from a --provider that keeps a past
 *   realtime     now, from --provider
 *   simulation   drawn with --seed, as of --at
 *
 * Without --mode it is what the options imply: --seed simulation, --provider realtime, else historical. */
#ifndef CLI_MODE_H
#define CLI_MODE_H

#include "cli.h"
#include "market/provider.h"

#define MODE_OPTIONS                                                                                    \
    (OPTION_BIT(OPT_MODE) | OPTION_BIT(OPT_PROVIDER) | OPTION_BIT(OPT_STORE) | OPTION_BIT(OPT_AT) |     \
     OPTION_BIT(OPT_SEED))

typedef struct {
    const tc_provider *provider;
    void *handle;
    int64_t at; /* microseconds since 1970 UTC, or TC_NOW */
} market_source;

/* Whether it is the present that is asked for: no other time can be had. */
bool mode_is_realtime(const cli *c);

/* Opens it; false: said why. */
bool market_open(cli *c, market_source *source);
/* Conditions of `which`, checked (tc_market_check). Curves are borrowed until the next call. The caller says what failed:
 * exit_status_of(), and complain_market() where it concerns the whole command. */
tc_status market_ask(const market_source *source, tc_market *market, tc_error *error, const tc_security *which);
/* `NSE:INFY: market data missing: ...` */
void complain_market(cli *c, const tc_security *which, tc_status status, const tc_error *error);
void market_close(market_source *source);

/* --at as an instant: TC_NOW where it is not given; a date alone is 15:30 of it, India. false: said why. */
bool option_at_time(cli *c, int64_t *at);
/* --seed: a whole number from 0 on; `fallback` where it is not given. false: said why. */
bool option_seed(cli *c, uint64_t *seed, uint64_t fallback);

#endif
