/* weigh.h - what each piece of a fill owes of a charge, exactly.
 *
 * After weigh_charge() the weights of the pieces of a group add up to the
 * group's amount to the atto, so that any later rounding group is their sum. */
#ifndef TC_PRICING_WEIGH_H
#define TC_PRICING_WEIGH_H

#include "day.h"

struct work {
    tc_day *day;
    tc_error *error;
    bool note;    /* level note; else exact */
    bool refused; /* a fill was refused since the pieces were made */
};

/* Finds the route of every piece; refuses fills that have none. TC_NO_MEMORY. */
tc_status choose_routes(struct work *work);

static inline const struct route *route_of(const struct work *work, const struct piece *piece)
{
    return &work->day->routes.data[piece->route];
}

/* At level exact what is a plain rate was settled row by row: it weighs nothing here. */
tc_status weigh_charge(struct work *work, tc_charge charge);

const struct rule *rule_of(const struct work *work, const struct piece *piece, tc_charge charge);
struct day_fill *fill_of(const struct work *work, const struct piece *piece);
bool charge_known(const struct work *work, const struct piece *piece, tc_charge charge);

/* How the broker's bill prints a line of this piece; NULL at level exact. */
const struct rule *print_of(const struct work *work, const struct piece *piece, tc_charge charge);

#endif
