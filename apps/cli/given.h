/* given.h - the market of an order as the options tell it: what is typed stands
 * before what a store, a provider or a simulation knows (mode.h). */
#ifndef CLI_GIVEN_H
#define CLI_GIVEN_H

#include "mode.h"

typedef struct {
    cli *c;
    market_source source;
    bool has_source;
    tc_market typed; /* NAN: not typed */
} given_market;

/* Reads what is typed, and opens the source that an option names; or, if `needed`, the
 * store where nothing at all is typed. False: said why. Close it in either case. */
bool given_open(cli *c, given_market *given, bool needed);
void given_close(given_market *given);

/* A request with what the market adds to it: the day that --at names, or that of the market, and the mid as its price. */
typedef struct {
    tc_request request;
    char date[TC_DATE_TEXT_SIZE], price[64];
} filled_request;

/* What is asked for of a source. Borrows the request's texts. */
tc_security given_security(const tc_request *request);
/* The market of a request as of --at, else of its own time, else the latest; `*minute` of the day of that
 * moment, NAN where no session is open or no time of day is told. Fills in the date. */
tc_status given_find(const given_market *given, tc_market *market, double *minute, tc_error *error, filled_request *f,
                     const tc_request *request);
/* Fills in the price. TC_MARKET_MISSING. */
tc_status given_price(filled_request *f, tc_error *error, const tc_market *market);
/* The tick of an instrument list, where the market tells none. */
void given_tick(tc_market *market, const tc_instrument *known);

/* 0.5d (trading days), 2h, 30m, 45s in minutes of trading; a bare number is of `unit` (0: refused). False: said why. */
bool given_duration(cli *c, const char *name, const char *text, char unit, double *minutes);

#endif
