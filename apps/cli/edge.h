/* edge.h - the spread that nobody quotes: EDGE (tradecost/spread.h) over the daily
 * bars of the sessions before. Only for a model of the spread that is named. */
#ifndef CLI_EDGE_H
#define CLI_EDGE_H

#include "given.h"

enum { EDGE_SESSIONS = 60 };

/* Whether this model asks for a relative spread that EDGE can tell. */
bool edge_is_for(const tc_model *model);

/* Where neither bid and ask nor a relative spread are known: EDGE over the last EDGE_SESSIONS full sessions before the
 * market's day, with its flags, and with the window behind the source. Sessions under 375 minutes are left out, prices are
 * adjusted, and the window does not reach over a silence of more than TC_GAP_DAYS_MAX days. TC_MARKET_MISSING says why
 * there is none; what else the provider answers. */
tc_status edge_find(const market_source *source, tc_market *market, tc_error *error, const tc_security *which);

/* Sets TC_MF_TICK_FLOOR where such a model raised a spread that was not quoted. */
void edge_note_floor(tc_market *market, const tc_component *spread);

#endif
