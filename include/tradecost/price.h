/* price.h - what trades cost.
 *
 * Two ways in: tc_quote() prices one order by itself, tc_day prices all fills
 * of one trade date with everything that needs the day (order caps over partial
 * fills, STT by scrip-day, DP by ISIN-day, rounding of the note). */
#ifndef TRADECOST_PRICE_H
#define TRADECOST_PRICE_H

#include <stdbool.h>

#include "book.h"

#ifdef __cplusplus
extern "C" {
#endif

/* exact: each line from its own base, rounded once to the nano. api: as the
 * broker's pre-trade call answers at that date. note: the bill. */
#define TC_LEVELS(X) X(TC_EXACT, "exact") X(TC_API_LEVEL, "api") X(TC_NOTE, "note")
#define TC_AS_ENUM(name, word) name,
typedef enum { TC_LEVELS(TC_AS_ENUM) TC_LEVEL_COUNT } tc_level;
#undef TC_AS_ENUM

/* One cost, line by line. A charge that nobody knows has its bit clear in
 * `known`, and then neither total means anything (flag incomplete). */
typedef struct {
    tc_turnover turnover;
    tc_money charge[TC_CHARGE_COUNT];
    tc_money note_total; /* what the note carries: all charges but DP */
    tc_money total;      /* note_total + dp_charge */
    uint16_t known;      /* bit a charge */
    uint32_t flags;
} tc_cost;

static inline bool tc_cost_complete(const tc_cost *cost)
{
    return cost->known == (1u << TC_CHARGE_COUNT) - 1;
}

/* One line of a cost with its reasons. `rule` names the rule in the book;
 * `base_nanos` is what `rate` was applied to, in nano-rupees capped to int64. */
typedef struct {
    tc_charge charge;
    const char *part;       /* "cgst", "sgst", "utgst", "igst" or "" */
    const char *printed_as; /* the broker's own name at level api, else the rule's label */
    uint32_t rule;
    const char *base;       /* word of the base: turnover, premium, lines, ... or "" for flat amounts */
    tc_money base_amount;
    tc_rate rate;           /* picos 0: no rate decided the amount */
    tc_money flat;          /* 0: no flat amount decided it */
    tc_money exact;         /* before rounding by the level */
    tc_money amount;
    tc_money to;            /* rounded to this; 0: not rounded */
    tc_rounding mode;
    const char *at;         /* level of the rounding, a word of the tariff language */
} tc_line;

#define TC_LINES_MAX (TC_CHARGE_COUNT + 4)

typedef struct {
    tc_level level;
    bool without_dp; /* leave dp_charge 0 */
} tc_options;

/* Prices one order. Allocates nothing, locks nothing; any number of threads may
 * share the book. Errors: TC_NO_TARIFF (with the reason), TC_IMPOSSIBLE,
 * TC_BEFORE_COVERAGE, TC_STATE_NEEDED, TC_VALUE_NEEDED, TC_OVERFLOW. */
tc_status tc_quote(tc_cost *cost, tc_error *error, const tc_book *book,
                   const tc_trade *trade, const tc_options *options);

/* As tc_quote(), and the lines behind it; `lines` has room for TC_LINES_MAX. */
tc_status tc_explain(tc_cost *cost, tc_line *lines, size_t *line_count, tc_error *error,
                     const tc_book *book, const tc_trade *trade, const tc_options *options);

/* A fill: a trade and the texts that group and order it. Texts are copied. */
typedef struct {
    tc_trade trade;
    tc_text client, order_id, fill_id, symbol, isin, contract;
    int64_t time; /* any increasing number, e.g. microseconds of the day; INT64_MIN: unknown */
} tc_fill;

/* The answer for one fill. A refused fill has a status and a reason, and costs
 * nothing; the others are priced. `product` may be TC_MIXED. */
typedef struct {
    tc_cost cost;
    tc_status status;
    const char *reason; /* static or the book's; "" where status says all */
    uint8_t product;
    tc_quantity delivery_quantity;
} tc_fill_cost;

/* All fills of one trade date: grows while it is filled, reuses its memory
 * after tc_day_reset(): a day no larger than an earlier one allocates nothing
 * while it is priced. One thread at a time. */
typedef struct tc_day tc_day;

tc_status tc_day_new(tc_day **day, const tc_book *book);
void tc_day_free(tc_day *day); /* NULL is a no-op */
void tc_day_reset(tc_day *day);

/* Adds a fill; all fills of a day share one date. A product of 0 is inferred
 * when the day is priced. `provisional` (may be NULL) is the exact cost that
 * this fill adds to its order so far: caps and minimums are carried over
 * partial fills; what needs the whole day is final only in tc_day_price().
 * TC_NO_MEMORY, TC_BAD_DATE, or what pricing the fill alone says. A fill for
 * which this fails is still in the day, with that status in its answer,
 * unless the status is TC_NO_MEMORY or TC_BAD_DATE. */
tc_status tc_day_add(tc_day *day, tc_cost *provisional, tc_error *error, const tc_fill *fill);
size_t tc_day_count(const tc_day *day);

/* Prices every fill at level exact or note. `*costs` points to tc_day_count()
 * answers in the order of tc_day_add(), owned by the day until it changes. */
tc_status tc_day_price(tc_day *day, const tc_fill_cost **costs, tc_error *error,
                       const tc_options *options);

#ifdef __cplusplus
}
#endif
#endif
