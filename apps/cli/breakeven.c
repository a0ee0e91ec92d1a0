#include "order.h"
#include "tradebook.h"

/* The position: an entry as the options give it, and its exit at a price to be found. */
struct position {
    cli *c;
    order entry;
    tc_trade exit;
    bool is_long, one_day; /* one_day: entry and exit stand on one note */
    tc_day *day;
    tc_cost entry_cost;    /* when the two stand apart */
    int64_t tick_micros, last_tick; /* last_tick: of the highest price there is */
    wide target_nanos;
};

/* What is left at a price. */
struct outcome {
    wide gross_nanos, charges_nanos, net_nanos;
    uint32_t flags;
};

/* Reads --tick or --target as rupees of `scale` decimals. */
static bool option_rupees(cli *c, option_id id, const char *name, unsigned scale, int64_t *units)
{
    const char *text = c->args.value[id];
    if (!text || tc_decimal_parse(units, text, strlen(text), scale) == TC_OK) return true;
    complain(c, EXIT_USAGE, "%s: bad number: \"%s\"", name, text);
    return false;
}

static bool find_tick(struct position *p)
{
    cli *c = p->c;
    const tc_instrument *known = p->entry.instrument;
    p->tick_micros = 0;
    if (c->args.value[OPT_TICK]) {
        if (!option_rupees(c, OPT_TICK, "--tick", MICRO_DECIMALS, &p->tick_micros)) return false;
    } else if (known && known->tick.size) {
        tc_decimal_parse(&p->tick_micros, known->tick.data, known->tick.size, MICRO_DECIMALS);
    } else {
        p->tick_micros = tc_book_tick(c->book, &p->entry.trade);
    }
    if (p->tick_micros > 0) {
        p->last_tick = TC_PRICE_MICROS_MAX / p->tick_micros;
        return true;
    }
    if (c->args.value[OPT_TICK]) complain(c, EXIT_USAGE, "--tick: must be above 0");
    else complain(c, EXIT_USAGE, "needs --tick: the book knows none here");
    return false;
}

static bool refuse(struct position *p, tc_status status, const char *message)
{
    complain(p->c, exit_status_of(status), "%s: %s", tc_status_code(status), message);
    return false;
}

static bool known_cost(struct position *p, const tc_cost *cost)
{
    int charge = 0;
    if (tc_cost_complete(cost)) return true;
    while (cost->known >> charge & 1) charge++;
    complain(p->c, EXIT_NO_RESULT, "the book does not know the %s, hence no total", tc_charge_name((tc_charge)charge));
    return false;
}

/* On one note, caps, rounding and netting see both legs. */
static bool price_together(struct position *p, struct outcome *o)
{
    tc_fill legs[2] = {{.trade = p->entry.trade, .order_id = {"1", 1}, .symbol = {"X", 1}, .time = 1},
                       {.trade = p->exit, .order_id = {"2", 1}, .symbol = {"X", 1}, .time = 2}};
    const tc_fill_cost *costs;
    tc_error error = {0};
    tc_day_reset(p->day);
    for (int i = 0; i < 2; i++) {
        tc_status status = tc_day_add(p->day, NULL, &error, &legs[i]);
        if (status != TC_OK) return refuse(p, status, error.message);
    }
    tc_status status = tc_day_price(p->day, &costs, &error, &p->c->pricing);
    if (status != TC_OK) return refuse(p, status, error.message);
    o->charges_nanos = 0;
    o->flags = 0;
    for (int i = 0; i < 2; i++) {
        if (costs[i].status != TC_OK) return refuse(p, costs[i].status, costs[i].reason);
        if (!known_cost(p, &costs[i].cost)) return false;
        o->charges_nanos += costs[i].cost.total.nanos;
        o->flags |= costs[i].cost.flags;
    }
    return true;
}

static bool price_apart(struct position *p, struct outcome *o)
{
    tc_cost cost;
    tc_error error = {0};
    tc_status status = tc_quote(&cost, &error, p->c->book, &p->exit, &p->c->pricing);
    if (status != TC_OK) return refuse(p, status, error.message);
    if (!known_cost(p, &cost)) return false;
    o->charges_nanos = (wide)p->entry_cost.total.nanos + cost.total.nanos;
    o->flags = p->entry_cost.flags | cost.flags;
    return true;
}

/* Gains before charges at an exit at `tick`. */
static bool set_exit(struct position *p, int64_t tick, struct outcome *o)
{
    p->exit.price.micros = tick * p->tick_micros;
    tc_status status = tc_turnover_of(&p->exit.turnover, p->exit.quantity, p->exit.price);
    if (status != TC_OK) return refuse(p, status, "the exit's turnover is too large");
    wide gain = (wide)p->exit.turnover.micros - p->entry.trade.turnover.micros;
    o->gross_nanos = (p->is_long ? gain : -gain) * 1000;
    return true;
}

static bool price_exit(struct position *p, int64_t tick, struct outcome *o)
{
    if (!set_exit(p, tick, o)) return false;
    if (!(p->one_day ? price_together(p, o) : price_apart(p, o))) return false;
    o->net_nanos = o->gross_nanos - o->charges_nanos;
    return true;
}

/* The tick at which the gain first reaches the target, and what the entry has
 * cost where that stands by itself: no better one can answer, for charges are
 * never negative. */
static int64_t first_tick(const struct position *p)
{
    wide unit = (wide)p->exit.quantity.micros * p->tick_micros; /* 1e-12 rupees a tick */
    wide entry = (wide)p->entry.trade.turnover.micros * TC_MICROS_PER_RUPEE;
    wide target = (p->target_nanos + (p->one_day ? 0 : p->entry_cost.total.nanos)) * 1000;
    wide wanted = p->is_long ? entry + target : entry - target;
    if (wanted <= unit) return p->is_long ? 1 : wanted == unit;
    wide tick = p->is_long ? (wanted + unit - 1) / unit : wanted / unit;
    return tick > p->last_tick ? p->last_tick + 1 : (int64_t)tick;
}

/* How far a run of good ticks must reach from `start`. */
static int64_t run_end(const struct position *p, int64_t start)
{
    if (!p->is_long) return (start + 1) / 2;
    return start > p->last_tick / 2 ? p->last_tick : 2 * start;
}

/* More than the charges can be at any tick from `start` to the end of its run:
 * twice the most found at a series of prices across it, and Rs 10. Charges grow
 * with the price but for steps at slabs and price bands, which are far wider
 * than these distances; rupee rounding is what makes them uneven, by a few
 * rupees. A gain above this bound needs no pricing. */
static bool charges_bound(struct position *p, int64_t start, wide *bound)
{
    enum { STEPS = 64 };
    int64_t end = run_end(p, start);
    *bound = 0;
    for (int64_t i = 0; i <= STEPS; i++) {
        struct outcome o;
        if (!price_exit(p, start + (int64_t)((wide)(end - start) * i / STEPS), &o)) return false;
        if (o.charges_nanos > *bound) *bound = o.charges_nanos;
    }
    *bound = 2 * *bound + 10 * TC_NANOS_PER_RUPEE;
    return true;
}

/* Walks away from the entry, remembering where the present run of good ticks
 * began, until a run has reached its end or is safe for the rest of its way. */
static bool find_breakeven(struct position *p, int64_t *found)
{
    enum { TICKS_MAX = 100000000 };
    int64_t step = p->is_long ? 1 : -1, start = 0, tick = first_tick(p);
    wide bound = 0;
    for (int64_t tried = 0; tick > 0 && tick <= p->last_tick && tried < TICKS_MAX; tick += step, tried++) {
        struct outcome o;
        if (!price_exit(p, tick, &o)) return false;
        if (o.net_nanos < p->target_nanos) {
            start = 0;
            continue;
        }
        if (!start) {
            start = tick;
            if (!charges_bound(p, start, &bound)) return false;
        }
        if (tick == run_end(p, start) || o.gross_nanos - p->target_nanos >= bound) {
            *found = start;
            return true;
        }
    }
    if (start && !p->is_long) { /* down to the lowest price there is */
        *found = start;
        return true;
    }
    complain(p->c, EXIT_NO_RESULT, "no price leaves that much");
    return false;
}

static bool make_position(struct position *p)
{
    cli *c = p->c;
    int64_t target = 0;
    tc_error error = {0};
    if (!option_rupees(c, OPT_TARGET, "--target", NANO_DECIMALS, &target)) return false;
    if (!order_request(c, &p->entry, true) || !order_resolve(c, &p->entry) || !find_tick(p)) return false;
    const tc_trade *entry = &p->entry.trade;
    if (entry->sel[TC_SEL_EVENT] != TC_TRADE) {
        complain(c, EXIT_USAGE, "--event: a position begins with a trade");
        return false;
    }
    p->target_nanos = target;
    p->is_long = entry->sel[TC_SEL_SIDE] == TC_BUY;
    p->exit = *entry;
    p->exit.sel[TC_SEL_SIDE] = p->is_long ? TC_SELL : TC_BUY;
    p->one_day = entry->sel[TC_SEL_PRODUCT] == TC_INTRADAY && c->pricing.level != TC_API_LEVEL;
    if (p->one_day) p->day = new_day(c);
    tc_status status = tc_quote(&p->entry_cost, &error, c->book, entry, &c->pricing);
    if (status != TC_OK) return refuse(p, status, error.message);
    return known_cost(p, &p->entry_cost);
}

/* Ticks from the entry; one that is not on the grid begins at the tick before it. */
static int64_t ticks_from_entry(const struct position *p, int64_t tick)
{
    int64_t price = p->entry.trade.price.micros, size = p->tick_micros;
    return p->is_long ? tick - price / size : (price + size - 1) / size - tick;
}

static void put_row(struct position *p, int64_t tick, const struct outcome *o)
{
    static const sheet_column behind[] = {{"entry", true}, {"breakeven", true}, {"tick", true}, {"ticks", true},
                                          {"target", true}, {"charges", true}, {"net", true}, {"flags", false}};
    enum { BEHIND = sizeof behind / sizeof *behind };
    sheet_column columns[ORDER_COLUMNS + BEHIND];
    sheet s;
    char text[NUMBER_SIZE];
    number_style style = number_style_of(p->c->pricing.level);
    memcpy(columns, order_columns, ORDER_COLUMNS * sizeof *columns);
    memcpy(columns + ORDER_COLUMNS, behind, sizeof behind);
    sheet_open(&s, &p->c->out, p->c->format, columns, ORDER_COLUMNS + BEHIND);
    sheet_order(p->c, &s, &p->entry.trade);
    sheet_text(&s, decimal_text(text, p->entry.trade.price.micros));
    sheet_text(&s, decimal_text(text, tick * p->tick_micros));
    sheet_text(&s, decimal_text(text, p->tick_micros));
    sheet_plain(&s, text, number_write(text, ticks_from_entry(p, tick), 0, 0));
    sheet_plain(&s, text, number_write(text, p->target_nanos, NANO_DECIMALS, 0));
    sheet_plain(&s, text, number_money(text, o->charges_nanos, style));
    sheet_plain(&s, text, number_money(text, o->net_nanos, style));
    sheet_flags(&s, o->flags);
    sheet_end_row(&s);
    sheet_close(&s);
}

void run_breakeven(cli *c)
{
    struct position p = {.c = c};
    struct outcome o;
    int64_t tick;
    if (make_position(&p) && find_breakeven(&p, &tick) && price_exit(&p, tick, &o)) put_row(&p, tick, &o);
    tc_day_free(p.day);
}
