/* evaluate.h - one charge of one thing: which rule, on what, how much.
 *
 * A measure is what a rule can be about: one order, or the sums over a scrip-day
 * or a note. Amounts come out in attos, exact. */
#ifndef TC_PRICING_EVALUATE_H
#define TC_PRICING_EVALUATE_H

#include "core/exact.h"
#include "tariff/layout.h"

enum { TC_PARTS = 1000000000 };

struct measure {
    const tc_trade *trade; /* a trade of the group: words, lot size, funding */
    tc_atto turnover;      /* micros, or that many parts of one: */
    int64_t parts;         /* 1, or TC_PARTS where an average or a net share left a fraction of a micro */
    tc_atto quantity;      /* micros */
    int64_t fills;         /* 0: not known */
    tc_atto lines[TC_CHARGE_COUNT]; /* attos: bases of gst */
    bool unbounded;           /* the rule's bound is over a coarser group: the caller applies it */
    uint32_t flags;           /* out: what had to be assumed */
    const struct op *decided; /* out: the part of the amount that decided it */
};

void measure_trade(struct measure *measure, const tc_trade *trade);

/* What went wrong, for a result that keeps no text of its own. `reason` is
 * static or the book's. */
struct refusal {
    tc_status status;
    const char *reason;
};

/* The rule of a cell for this measure: the first choice whose guards hold. NULL: none. */
const struct rule *choose_guarded(const tc_book *book, uint16_t choice, const struct measure *measure);

static inline const struct rule *choose_rule(const tc_book *book, uint16_t choice, const struct measure *measure)
{
    if (choice < book->rules.count && !book->rules.data[choice].guard_count) return &book->rules.data[choice];
    return choose_guarded(book, choice, measure);
}

/* The amount of a rule, bound included, its own GST not. */
tc_status rule_amount(tc_atto *amount, struct refusal *refusal, const tc_book *book,
                      const struct rule *rule, struct measure *measure);

/* Only the bound: `*amount` raised or capped. */
tc_status rule_bound(tc_atto *amount, struct refusal *refusal, const tc_book *book,
                     const struct rule *rule, struct measure *measure);

/* base x picos / 1e12 / divisor, of a base in attos. */
tc_status atto_rate(tc_atto *amount, tc_atto base, int64_t picos, int32_t divisor);

/* What the deciding rate was applied to, in rupees. */
tc_money decided_base(const struct measure *measure);

/* The rate of a gst rule in picos: that of its first op. 0 for nil. */
int64_t gst_picos(const tc_book *book, const struct rule *rule);

/* Flags of a rule on a day: disputed, unsourced, stale. */
static inline uint32_t rule_flags(const struct rule *rule, int32_t day)
{
    uint32_t flags = 0;
    if (rule->status == SOURCE_DISPUTED || (day >= rule->doubt_from && day < rule->doubt_until)) flags |= TC_FLAG_DISPUTED;
    if (rule->status == SOURCE_UNSOURCED && rule->kind == RULE_AMOUNT) flags |= TC_FLAG_UNSOURCED;
    if (day >= rule->review_by) flags |= TC_FLAG_STALE;
    return flags;
}

static inline tc_status refuse_with(struct refusal *refusal, tc_status status, const char *reason)
{
    *refusal = (struct refusal){status, reason};
    return status;
}

#endif
