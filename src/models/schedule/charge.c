#include "task.h"

static tc_status to_micros(int64_t *micros, tc_error *error, const char *field, double value, int64_t most)
{
    double wanted = round(value * 1e6);
    if (!(wanted > 0 && wanted <= (double)most)) return tc_fail(error, TC_OUT_OF_DOMAIN, field, "%s is %.15g", field, value);
    *micros = (int64_t)wanted;
    return TC_OK;
}

double tc_slice_price(const tc_slice_terms *terms, double price, bool buys)
{
    double ticks = buys ? ceil(tc_settle(price / terms->tick)) : floor(tc_settle(price / terms->tick));
    double at = terms->tick > 0 ? fmax(ticks, 1) * terms->tick : price;
    return round(at * 1e6) / 1e6;
}

/* One order as the exchange sees it, DP included or not. */
static tc_status order_charge(tc_cost *cost, tc_error *error, const tc_slice_terms *terms, double quantity, double price, bool with_dp)
{
    tc_trade trade = *terms->trade;
    const tc_options options = {TC_EXACT, !with_dp || terms->without_dp};
    if (quantity < 0) trade.sel[TC_SEL_SIDE] = trade.sel[TC_SEL_SIDE] == TC_BUY ? TC_SELL : TC_BUY;
    double at = tc_slice_price(terms, price, trade.sel[TC_SEL_SIDE] == TC_BUY);
    tc_status status = to_micros(&trade.quantity.micros, error, "quantity", fabs(quantity), TC_QUANTITY_MICROS_MAX);
    if (!status) status = to_micros(&trade.price.micros, error, "price", at, TC_PRICE_MICROS_MAX);
    if (!status && tc_turnover_of(&trade.turnover, trade.quantity, trade.price))
        status = tc_fail(error, TC_OVERFLOW, "quantity", "a slice's turnover is too large");
    if (!status) status = tc_quote(cost, error, terms->book, &trade, &options);
    if (status || tc_cost_complete(cost)) return status;
    int charge = 0;
    while (cost->known >> charge & 1) charge++;
    return tc_fail(error, TC_NO_TARIFF, tc_charge_name((tc_charge)charge), "nobody knows the %s of such an order",
                   tc_charge_name((tc_charge)charge));
}

static bool add_money(tc_money *to, tc_money amount, int64_t times)
{
    int64_t product;
    return !__builtin_mul_overflow(amount.nanos, times, &product) && !__builtin_add_overflow(to->nanos, product, &to->nanos);
}

/* `times` such costs more; false: they do not fit. */
static bool add_cost(tc_cost *to, const tc_cost *cost, int64_t times)
{
    int64_t turnover;
    bool fits = !__builtin_mul_overflow(cost->turnover.micros, times, &turnover) &&
                !__builtin_add_overflow(to->turnover.micros, turnover, &to->turnover.micros);
    for (int c = 0; c < TC_CHARGE_COUNT; c++) fits = fits && add_money(&to->charge[c], cost->charge[c], times);
    fits = fits && add_money(&to->note_total, cost->note_total, times) && add_money(&to->total, cost->total, times);
    to->known &= cost->known;
    to->flags |= cost->flags;
    return fits;
}

static const tc_cost nothing = {.known = (1u << TC_CHARGE_COUNT) - 1};

/* `times` orders of one size. */
static tc_status add_orders(tc_cost *sum, tc_error *error, const tc_slice_terms *terms, double quantity, double price, double times)
{
    tc_cost one;
    if (quantity == 0 || times == 0) return TC_OK;
    if (times > 1e9) return tc_fail(error, TC_LIMIT, "freeze", "a slice of %.6g orders", times);
    tc_status status = order_charge(&one, error, terms, quantity, price, false);
    if (!status && !add_cost(sum, &one, (int64_t)times)) return tc_fail(error, TC_OVERFLOW, "quantity", "a slice's charges are too large");
    return status;
}

tc_status tc_slice_charge(tc_cost *cost, size_t *orders, tc_error *error, const tc_slice_terms *terms, double quantity, double price)
{
    tc_cost sum = nothing;
    double size = fabs(quantity), whole = 0, most = terms->freeze > 0 ? floor(tc_settle(terms->freeze / terms->lot)) * terms->lot : INFINITY;
    if (!(most > 0)) return tc_fail(error, TC_OUT_OF_DOMAIN, "freeze", "a lot of %.15g is above the freeze quantity %.15g", terms->lot, terms->freeze);
    if (size > most) whole = floor(tc_settle(size / most));
    double rest = whole > 0 ? fmax(size - whole * most, 0) : size;
    tc_status status = add_orders(&sum, error, terms, copysign(most, quantity), price, whole);
    if (!status) status = add_orders(&sum, error, terms, copysign(rest, quantity), price, 1);
    if (status) return status;
    *cost = sum;
    if (orders) *orders = (size_t)whole + (rest > 0);
    return TC_OK;
}

double tc_day_of(const tc_slice_terms *terms, double start)
{
    return floor(terms->elapsed + start + 1e-9);
}

tc_status tc_day_dp(tc_money *dp, uint32_t *flags, tc_error *error, const tc_slice_terms *terms, double quantity, double price)
{
    tc_cost with;
    tc_status status = order_charge(&with, error, terms, quantity, price, true);
    if (status) return status;
    *dp = with.charge[TC_DP_CHARGE];
    *flags = with.flags;
    return TC_OK;
}

/* The last slice of the day of slice `first`, and what the day does all told. */
static size_t day_of(double *quantity, double *value, const tc_slice_terms *terms, const tc_slice *slices, size_t first, size_t count)
{
    size_t end = first;
    *quantity = *value = 0;
    for (; end < count && tc_day_of(terms, slices[end].start) == tc_day_of(terms, slices[first].start); end++) {
        *quantity += slices[end].quantity;
        if (slices[end].quantity != 0) *value += slices[end].quantity * slices[end].price;
    }
    return end;
}

/* DP of one day, onto its first slice that trades. */
static tc_status charge_day(tc_cost *total, tc_cost *each, tc_error *error, const tc_slice_terms *terms, const tc_slice *slices,
                            size_t first, size_t end, double quantity, double value)
{
    tc_cost dp = nothing;
    if (quantity == 0) return TC_OK;
    tc_status status = tc_day_dp(&dp.charge[TC_DP_CHARGE], &dp.flags, error, terms, quantity, value / quantity);
    if (status || dp.charge[TC_DP_CHARGE].nanos == 0) return status;
    dp.total = dp.charge[TC_DP_CHARGE];
    while (first < end && slices[first].quantity == 0) first++;
    if (!add_cost(total, &dp, 1) || (each && !add_cost(&each[first], &dp, 1)))
        return tc_fail(error, TC_OVERFLOW, "quantity", "the charges are too large");
    return TC_OK;
}

tc_status tc_schedule_charge(tc_cost *total, tc_cost *each, size_t *orders, tc_error *error, const tc_slice_terms *terms,
                             const tc_slice *slices, size_t count)
{
    tc_cost sum = nothing;
    for (size_t j = 0; j < count; j++) {
        tc_cost cost = nothing;
        size_t sent = 0;
        tc_status status = slices[j].quantity == 0 ? TC_OK : tc_slice_charge(&cost, &sent, error, terms, slices[j].quantity, slices[j].price);
        if (status) return status;
        if (!add_cost(&sum, &cost, 1)) return tc_fail(error, TC_OVERFLOW, "quantity", "the charges are too large");
        if (each) each[j] = cost;
        if (orders) orders[j] = sent;
    }
    for (size_t first = 0, end; first < count; first = end) {
        double quantity, value;
        end = day_of(&quantity, &value, terms, slices, first, count);
        tc_status status = charge_day(&sum, each, error, terms, slices, first, end, quantity, value);
        if (status) return status;
    }
    *total = sum;
    return TC_OK;
}
