/* symbol.h - derivative contracts by name.
 *
 * Zerodha, Fyers: NIFTY25N2024000CE (weekly: year, month 1-9 O N D, day),
 * NIFTY25NOV24000CE and NIFTY25JULFUT (monthly: the day is not in the name).
 * Angel: OPTIDX NIFTY Aug 25 2026 24150.00 PE (BT). Dhan: OPT NIFTY 07 Apr 2026
 * 23000 CE, FUT WIPRO 28 Apr 2026. */
#ifndef TC_IO_SYMBOL_H
#define TC_IO_SYMBOL_H

#include <stdbool.h>

#include "text/values.h"

/* Texts borrow from the symbol, the words are static. */
typedef struct {
    tc_text underlying, strike;
    tc_text option_type; /* CE, PE; empty: a future */
    const char *instrument; /* option, future */
    const char *class; /* what the name says of it, or "" */
    tc_date expiry;
    bool expiry_known;
    int expiry_year, expiry_month;
} tc_contract;

/* A trading symbol, with or without an exchange in front (NSE:...). False if it
 * is not a derivative's. */
bool tc_symbol_parse(tc_contract *contract, tc_text symbol);

/* A long name in words. False if it is not a derivative's, or not understood. */
bool tc_contract_parse(tc_contract *contract, tc_text name);

/* Whether a long name claims to be a derivative (OPT..., FUT..., BSXOPT...). */
bool tc_contract_claims(tc_text name);

/* A symbol of a derivative from its parts: NIFTY 2026-04-07 23000 CE, WIPRO
 * 2026-04-28 FUT. `expiry` is text. Empty if it does not fit. */
tc_text tc_contract_symbol(tc_scratch *scratch, tc_text underlying, tc_text expiry, tc_text strike,
                           tc_text option_type);

/* A symbol of a long name: upper case, [A-Z0-9&._ :-] only, 64 bytes at most. */
tc_text tc_symbol_clean(tc_scratch *scratch, tc_text name);

/* Fills what a derivative's row leaves out and its symbol says: underlying,
 * expiry, strike, option_type, instrument. Leaves a row alone that does not say
 * it is a derivative by segment, exchange or instrument. */
void tc_symbol_fill(tc_request *request, tc_scratch *scratch);

#endif
