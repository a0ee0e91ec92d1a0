#include <stdio.h>
#include <stdlib.h>

#include "bookview.h"
#include "order.h"
#include "tradebook.h"

/* What a plan asks for the trades. */
struct offer {
    uint16_t plan;
    bool listed; /* new clients get it on some trade date, or --all-plans */
    cost_sum sum;
    tc_status status; /* of the first trade that it does not serve */
    char reason[sizeof((tc_error *)0)->message];
};

struct compare_run {
    cli *c;
    struct offer *offers;
    size_t count;
};

/* Law and exchange alone are nobody's plan, unless --brokerage makes them one. */
static bool is_custom(const cli *c, uint16_t plan)
{
    return !strcmp(tc_book_broker(c->book, tc_book_plan(c->book, plan).broker).id, "custom");
}

static void list_plans(struct compare_run *r)
{
    size_t plans = tc_book_plan_count(r->c->book);
    r->offers = need_memory(NULL, plans, sizeof *r->offers);
    for (size_t plan = 0; plan < plans; plan++) {
        if (is_custom(r->c, (uint16_t)plan) && !r->c->args.value[OPT_BROKERAGE]) continue;
        r->offers[r->count++] = (struct offer){.plan = (uint16_t)plan};
    }
}

static void note_date(struct compare_run *r, tc_date date)
{
    bool all = r->c->args.value[OPT_ALL_PLANS] != NULL;
    for (size_t i = 0; i < r->count; i++) {
        tc_plan_info plan = tc_book_plan(r->c->book, r->offers[i].plan);
        r->offers[i].listed |= in_force(plan.from, plan.until, date) && (plan.open || all);
    }
}

static void refuse(struct offer *offer, tc_status status, const char *reason)
{
    if (offer->status != TC_OK) return;
    offer->status = status;
    snprintf(offer->reason, sizeof offer->reason, "%s", reason);
}

/* One order. */

static bool price_order(struct compare_run *r)
{
    order o;
    if (!order_request(r->c, &o, false)) return false;
    o.request.field[TC_F_BROKER] = tc_text_of("custom");
    o.request.field[TC_F_PLAN] = (tc_text){0};
    if (!order_resolve(r->c, &o)) return false;
    note_date(r, o.trade.date);
    for (size_t i = 0; i < r->count; i++) {
        struct offer *offer = &r->offers[i];
        tc_error error = {0};
        tc_cost cost;
        o.trade.plan = offer->plan;
        o.trade.broker = tc_book_plan(r->c->book, offer->plan).broker;
        tc_status status = tc_quote(&cost, &error, r->c->book, &o.trade, &r->c->pricing);
        if (status == TC_OK) cost_sum_add(&offer->sum, &cost);
        else refuse(offer, status, error.message);
    }
    return true;
}

/* Files. */

static void add_costs(struct offer *offer, const trade_day *trades, const tc_fill_cost *costs)
{
    for (size_t i = 0; i < trades->trades; i++) {
        if (costs[i].status == TC_OK) cost_sum_add(&offer->sum, &costs[i].cost);
        else refuse(offer, costs[i].status, costs[i].reason);
    }
}

static bool price_files(struct compare_run *r)
{
    cli *c = r->c;
    if (c->pricing.level == TC_API_LEVEL) {
        complain(c, EXIT_USAGE, "--level: api is for one order; files have exact and note");
        return false;
    }
    const trade_day *trades;
    const tradebook_options options = {.any_broker = true};
    tradebook *book = tradebook_open(c, c->args.operands, c->args.operand_count, &options);
    if (!book) return false;
    tc_day *day = new_day(c);
    while ((trades = tradebook_next(book))) {
        note_date(r, trades->date);
        for (size_t i = 0; i < r->count; i++) {
            const variation as = {.other_plan = true, .plan = r->offers[i].plan};
            add_costs(&r->offers[i], trades, day_price(book, day, trades, &as));
        }
    }
    tc_day_free(day);
    tradebook_close(book);
    return true;
}

/* Rows. */

/* First those with a total, then those with an unknown charge, then those that do not serve. */
static int standing(const struct offer *offer)
{
    if (offer->status != TC_OK) return 2;
    return cost_sum_complete(&offer->sum) ? 0 : 1;
}

static const tc_book *sorting_book;

static int compare_offers(const void *a, const void *b)
{
    const struct offer *x = a, *y = b;
    int before = standing(x) - standing(y);
    if (before) return before;
    if (!standing(x) && x->sum.total_nanos != y->sum.total_nanos)
        return x->sum.total_nanos < y->sum.total_nanos ? -1 : 1;
    tc_plan_info p = tc_book_plan(sorting_book, x->plan), q = tc_book_plan(sorting_book, y->plan);
    before = strcmp(tc_book_broker(sorting_book, p.broker).id, tc_book_broker(sorting_book, q.broker).id);
    return before ? before : strcmp(p.id, q.id);
}

static void put_offer(struct compare_run *r, sheet *s, const struct offer *offer)
{
    tc_buffer text = {0};
    tc_plan_info plan = tc_book_plan(r->c->book, offer->plan);
    sheet_string(s, tc_book_broker(r->c->book, plan.broker).id);
    sheet_string(s, plan.id);
    if (offer->status == TC_OK) sheet_cost_sum(s, &offer->sum, number_style_of(r->c->pricing.level));
    else sheet_no_amounts(s);
    fixed_fees_text(&text, r->c->book, offer->plan);
    sheet_text(s, (tc_text){text.data, text.size});
    sheet_flags(s, offer->status == TC_OK ? offer->sum.flags : 0);
    text.size = 0;
    if (offer->status != TC_OK) refusal_text(&text, offer->status, offer->reason);
    sheet_text(s, (tc_text){text.data, text.size});
    sheet_end_row(s);
    tc_buffer_free(&text);
}

static void put_offers(struct compare_run *r)
{
    enum { COLUMNS = 2 + AMOUNT_COUNT + 3 };
    sheet_column columns[COLUMNS] = {{"broker", false}, {"plan", false}};
    for (size_t i = 0; i < AMOUNT_COUNT; i++) columns[2 + i] = amount_column(i);
    columns[COLUMNS - 3] = (sheet_column){"fixed_fee", false};
    columns[COLUMNS - 2] = (sheet_column){"flags", false};
    columns[COLUMNS - 1] = (sheet_column){"error", false};
    sheet s;
    sheet_open(&s, &r->c->out, r->c->format, columns, COLUMNS);
    sorting_book = r->c->book;
    if (r->count) qsort(r->offers, r->count, sizeof *r->offers, compare_offers);
    bool served = false;
    for (size_t i = 0; i < r->count; i++) {
        if (!r->offers[i].listed) continue;
        put_offer(r, &s, &r->offers[i]);
        served |= r->offers[i].status == TC_OK;
    }
    sheet_close(&s);
    if (!served) complain(r->c, EXIT_NO_RESULT, "no plan has a tariff for this");
}

void run_compare(cli *c)
{
    struct compare_run r = {.c = c};
    list_plans(&r);
    if (c->args.operand_count ? price_files(&r) : price_order(&r)) put_offers(&r);
    free(r.offers);
}
