/* From exact weights to the amounts of a level: rounded where the level says,
 * and spread over the fills that they came from. */
#include <string.h>

#include "tariff/lookup.h"
#include "weigh.h"

/* Bases before what is taken on them. DP is computed apart. */
static const tc_charge note_lines[] = {
    TC_BROKERAGE, TC_TRANSACTION_TAX, TC_EXCHANGE_CHARGE, TC_CLEARING_CHARGE, TC_SEBI_FEE,
    TC_IPFT, TC_STAMP_DUTY, TC_OTHER};

/* How a group of weights becomes an amount. */
struct settling {
    unsigned at;
    int64_t to_nanos;   /* the amount is a multiple of this */
    int64_t unit_nanos; /* and is spread in these */
    tc_rounding mode;
    int64_t at_least;
    uint8_t halves;     /* gst in two parts, each rounded */
    uint32_t spec;
};

/* A broker's rendering wins over the rule's own rounding, and that over the law's default rendering. */
static const struct rule *rounding_rule(const struct rule *rule, const struct rule *print)
{
    bool own = rule->stage_count && rule->stage[rule->stage_count - 1].at != PER_UNIT;
    return print && (print->layer > LAYER_LAW || !own) ? print : rule;
}

static struct settling note_settling(const struct work *work, const struct piece *piece, tc_charge charge)
{
    const struct rule *rule = rule_of(work, piece, charge);
    const struct rule *by = rounding_rule(rule, print_of(work, piece, charge));
    struct settling s = {rule->per, TC_NANOS_PER_PAISA, TC_NANOS_PER_PAISA, TC_HALF_UP, by->at_least, by->round_parts && place_of_supply(work->day->book, &fill_of(work, piece)->trade) < 2,
                         (uint32_t)(by - work->day->book->rules.data)};
    const struct rounding *last = by->stage_count ? &by->stage[by->stage_count - 1] : NULL;
    if (last && last->at != PER_UNIT) {
        s.at = last->at;
        s.to_nanos = last->to_nanos;
        s.mode = (tc_rounding)last->mode;
    }
    /* Of a scrip-day the part settled within the day and the part delivered are rounded each by itself, and in
     * series that do not net the buys and the sells. */
    const uint8_t *sel = fill_of(work, piece)->trade.sel;
    uint32_t part = sel[TC_SEL_NETTING] == TC_NO_NETTING ? 8u + sel[TC_SEL_SIDE] : piece->tax_product;
    if (s.at <= PER_ISIN_DAY) s.spec |= (rule->averaged ? part : 16u + sel[TC_SEL_EVENT]) << 20; /* an exercise beside a sale is apart too */
    return s;
}

static tc_status round_amount(int64_t *steps, tc_atto amount, const struct settling *s)
{
    tc_atto quantum = (tc_atto)s->to_nanos * TC_ATTOS_PER_NANO;
    tc_atto least = (tc_atto)s->at_least * TC_ATTOS_PER_NANO;
    if (amount < least) amount = least;
    if (!s->halves) return tc_atto_round(steps, amount, quantum, s->mode);
    tc_status status = tc_atto_round(steps, amount, 2 * quantum, s->mode);
    *steps *= 2;
    return status;
}

/* A least amount is of the whole note: where another line of it carries the charge already, none is added. */
static struct group *note_sum(struct work *work, const struct piece *piece)
{
    return group_of(work->day, level_key(PER_NOTE, fill_of(work, piece), piece->fill, NULL), UINT32_MAX);
}

static bool has_least(struct work *work, tc_charge charge)
{
    for (uint32_t i = 0; i < work->day->routes.count; i++) {
        uint16_t print = work->day->routes.data[i].print[charge];
        if (print != TC_NONE && work->day->book->rules.data[print].at_least) return true;
    }
    return false;
}

/* Pieces of one fill, which stand side by side, are one member. */
static void join_members(struct member *members, struct group *group, uint32_t fill, tc_atto weight)
{
    if (group->count && members[group->count - 1].fill == fill) members[group->count - 1].weight += weight;
    else members[group->count++] = (struct member){fill, weight};
}

/* The members of each group side by side; each group has counted its pieces in `count`, those that only sum have none. */
static void list_members(tc_day *day)
{
    uint32_t next = 0;
    for (uint32_t g = 0; g < day->groups.count; g++) {
        day->groups.data[g].first = next;
        next += day->groups.data[g].count;
        day->groups.data[g].count = 0;
    }
    for (uint32_t i = 0; i < day->pieces.count; i++) {
        if (day->piece_groups.data[i] == NO_ID) continue;
        struct group *group = &day->groups.data[day->piece_groups.data[i]];
        join_members(day->members.data + group->first, group, day->pieces.data[i].fill, day->weights.data[i]);
    }
}

/* Adds each piece to the group in which its bill rounds the charge. */
static void gather(struct work *work, tc_charge charge, const tc_atto *totals)
{
    tc_day *day = work->day;
    bool least = has_least(work, charge);
    groups_clear(day);
    for (uint32_t i = 0; i < day->pieces.count; i++) {
        const struct piece *piece = &day->pieces.data[i];
        day->piece_groups.data[i] = NO_ID;
        if (!charge_known(work, piece, charge)) continue;
        if (least) note_sum(work, piece)->amount += day->weights.data[i];
        struct settling s = note_settling(work, piece, charge);
        struct group *group = group_of(day, level_key(s.at, fill_of(work, piece), piece->fill, rule_of(work, piece, charge)), s.spec);
        if (!group->count++) group->example = i;
        group->amount += totals[i];
        day->piece_groups.data[i] = (uint32_t)(group - day->groups.data);
    }
    list_members(day);
}

/* The groups of gst add up bases: the tax is taken once on the sum, lest what is lost on each fill decides a tie. */
static bool tax_groups(struct work *work)
{
    tc_day *day = work->day;
    for (uint32_t g = 0; g < day->groups.count; g++) {
        struct group *group = &day->groups.data[g];
        if (!group->count) continue;
        const struct rule *gst = rule_of(work, &day->pieces.data[group->example], TC_GST);
        if (atto_rate(&group->amount, group->amount, gst_picos(day->book, gst), 1) != TC_OK) return false;
    }
    return true;
}

/* Rounds each group of a bill and spreads it; `totals` are what the groups add up, a piece each. */
static tc_status settle_note(struct work *work, tc_charge charge, const tc_atto *totals)
{
    tc_day *day = work->day;
    gather(work, charge, totals);
    if (charge == TC_GST && !tax_groups(work)) return TC_OVERFLOW;
    for (uint32_t g = 0; g < day->groups.count; g++) {
        const struct group *group = &day->groups.data[g];
        if (!group->count) continue;
        const struct piece *piece = &day->pieces.data[group->example];
        struct settling s = note_settling(work, piece, charge);
        if (s.at_least && note_sum(work, piece)->amount) s.at_least = 0;
        int64_t steps;
        tc_status status = round_amount(&steps, group->amount, &s);
        if (status == TC_OK && __builtin_mul_overflow(steps, s.to_nanos / s.unit_nanos, &steps)) status = TC_OVERFLOW;
        if (status == TC_OK && steps) status = spread(day, day->members.data + group->first, group->count, steps, s.unit_nanos, charge);
        if (status != TC_OK) return status;
    }
    return TC_OK;
}

/* The groups that the charge was weighed on, each to the nano and over its pieces by turnover. */
static tc_status settle_groups(tc_day *day, tc_charge charge)
{
    list_members(day);
    for (uint32_t g = 0; g < day->groups.count; g++) {
        const struct group *group = &day->groups.data[g];
        tc_money amount;
        tc_status status = group->count ? tc_atto_to_money(&amount, group->amount) : TC_OK;
        if (status == TC_OK && group->count) status = spread(day, day->members.data + group->first, group->count, amount.nanos, 1, charge);
        if (status != TC_OK) return status;
    }
    return TC_OK;
}

/* Level exact: each piece's own line to the nano; groups only where an amount is not a piece's own. */
static tc_status settle_exact(struct work *work, tc_charge charge)
{
    tc_day *day = work->day;
    bool grouped = false;
    for (uint32_t i = 0; i < day->pieces.count; i++) {
        tc_money amount;
        if (day->piece_groups.data[i] != NO_ID) {
            grouped = true;
            continue;
        }
        if (!day->weights.data[i]) continue;
        tc_money *sum = &day->costs.data[day->pieces.data[i].fill].cost.charge[charge];
        if (tc_atto_to_money(&amount, day->weights.data[i]) != TC_OK || tc_money_add(sum, amount) != TC_OK) return TC_OVERFLOW;
    }
    return grouped ? settle_groups(day, charge) : TC_OK;
}

static tc_status settle(struct work *work, tc_charge charge, const tc_atto *totals)
{
    tc_status status = work->note ? settle_note(work, charge, totals) : settle_exact(work, charge);
    return status == TC_OK ? TC_OK : tc_fail(work->error, status, tc_charge_name(charge), "does not fit");
}

/* Adds a settled line to the bases of gst: as weighed, and as printed. */
static void add_to_base(struct work *work, tc_charge charge)
{
    tc_day *day = work->day;
    for (uint32_t i = 0; i < day->pieces.count; i++) {
        const struct rule *gst = rule_of(work, &day->pieces.data[i], TC_GST);
        if (gst->kind == RULE_AMOUNT && day->book->ops.data[gst->amount.first].lines >> charge & 1)
            day->gst_exact.data[i] += day->weights.data[i];
    }
}

static tc_atto printed_base(const struct work *work, const struct piece *piece)
{
    const struct op *op = &work->day->book->ops.data[rule_of(work, piece, TC_GST)->amount.first];
    const tc_cost *cost = &work->day->costs.data[piece->fill].cost;
    tc_atto base = 0;
    for (int c = 0; c < TC_CHARGE_COUNT; c++)
        if (op->lines >> c & 1) base += tc_atto_of_money(cost->charge[c]);
    return base;
}

/* On the nano lines at level exact, on the lines as weighed or as printed at level note. */
static tc_status price_gst(struct work *work)
{
    tc_day *day = work->day;
    for (uint32_t i = 0; i < day->pieces.count; i++) {
        const struct piece *piece = &day->pieces.data[i];
        const struct rule *gst = rule_of(work, piece, TC_GST), *print = print_of(work, piece, TC_GST);
        bool first_piece = !i || day->pieces.data[i - 1].fill != piece->fill;
        bool printed = !work->note || (print && print->taken_rounded);
        day->piece_groups.data[i] = NO_ID;
        day->weights.data[i] = day->gst_bases.data[i] = 0;
        if (gst->kind != RULE_AMOUNT || !charge_known(work, piece, TC_GST)) continue;
        tc_atto as_printed = first_piece ? printed_base(work, piece) : 0;
        tc_atto base = work->note ? day->gst_exact.data[i] : as_printed;
        day->gst_bases.data[i] = printed ? as_printed : base;
        if (atto_rate(&day->weights.data[i], base, gst_picos(day->book, gst), 1) != TC_OK)
            return tc_fail(work->error, TC_OVERFLOW, tc_charge_name(TC_GST), "does not fit");
    }
    return settle(work, TC_GST, day->gst_bases.data);
}

/* --- DP -------------------------------------------------------------------------- */

static bool moves_shares(const struct work *work, const struct piece *piece)
{
    const uint8_t *sel = fill_of(work, piece)->trade.sel;
    return sel[TC_SEL_EVENT] == TC_TRADE && sel[TC_SEL_SEGMENT] == TC_EQUITY && (piece->product == TC_DELIVERY || piece->product == TC_MTF);
}

static struct group *isin_day(struct work *work, const struct piece *piece)
{
    return group_of(work->day, level_key(PER_ISIN_DAY, fill_of(work, piece), piece->fill, NULL), 0);
}

/* What is debited of each ISIN: what the day sold beyond what it bought, over both exchanges. */
static void net_sales(struct work *work)
{
    groups_clear(work->day);
    for (uint32_t i = 0; i < work->day->pieces.count; i++) {
        const struct piece *piece = &work->day->pieces.data[i];
        if (!moves_shares(work, piece)) continue;
        struct group *group = isin_day(work, piece);
        bool sells = fill_of(work, piece)->trade.sel[TC_SEL_SIDE] == TC_SELL;
        *(sells ? &group->quantity : &group->given) += piece->quantity;
        if (sells) group->turnover += piece->turnover;
    }
}

/* A debit: the sales of an ISIN-day, or of an order where the broker charges each. */
static struct group *debit_of(struct work *work, const struct piece *piece, const struct rule *rule)
{
    const struct day_fill *fill = fill_of(work, piece);
    uint64_t key = level_key(rule->per == PER_ORDER ? PER_ORDER : PER_ISIN_DAY, fill, piece->fill, NULL);
    return group_of(work->day, key, 1);
}

static void join_debits(struct work *work)
{
    tc_day *day = work->day;
    for (uint32_t i = 0; i < day->pieces.count; i++) {
        const struct piece *piece = &day->pieces.data[i];
        day->piece_groups.data[i] = NO_ID;
        if (!moves_shares(work, piece) || fill_of(work, piece)->trade.sel[TC_SEL_SIDE] != TC_SELL) continue;
        const struct group *sales = isin_day(work, piece);
        if (sales->quantity <= sales->given) continue;
        const struct rule *rule = rule_of(work, piece, TC_DP_CHARGE);
        if (rule->kind == RULE_UNKNOWN) day->costs.data[piece->fill].cost.known &= (uint16_t)~(1u << TC_DP_CHARGE);
        if (rule->kind != RULE_AMOUNT) continue;
        tc_atto net = sales->quantity - sales->given, sold = sales->quantity, turnover = sales->turnover;
        struct group *debit = debit_of(work, piece, rule);
        if (!debit->count++ || fill_of(work, piece)->rank < fill_of(work, &day->pieces.data[debit->example])->rank) debit->example = i;
        debit->quantity += piece->quantity;
        debit->turnover += piece->turnover;
        if (rule->per != PER_ORDER) { /* the net share of what was sold */
            tc_atto remainder;
            debit->quantity = net;
            debit->turnover = tc_atto_share(&remainder, turnover * TC_PARTS, net, sold);
        }
        day->piece_groups.data[i] = (uint32_t)(debit - day->groups.data);
        day->weights.data[i] = piece->quantity; /* a debit's charge is spread over what was sold */
    }
}

/* Later debits of an ISIN on one day may cost less: those of every order but the one that ranks first. */
static uint8_t debit_leg(struct work *work, const struct group *debit)
{
    tc_day *day = work->day;
    const struct day_fill *own = fill_of(work, &day->pieces.data[debit->example]);
    for (uint32_t i = 0; i < day->pieces.count; i++) {
        if (day->piece_groups.data[i] == NO_ID) continue;
        const struct day_fill *other = fill_of(work, &day->pieces.data[i]);
        if (other->security == own->security && other->order != own->order && other->rank < own->rank) return TC_LEG_LATER;
    }
    return TC_LEG_FIRST;
}

static tc_status price_debit(struct work *work, struct group *debit)
{
    tc_day *day = work->day;
    const struct piece *piece = &day->pieces.data[debit->example];
    const struct day_fill *fill = fill_of(work, piece);
    uint8_t sel[TC_SELECTOR_COUNT];
    struct measure measure;
    struct refusal refusal;
    measure_trade(&measure, &fill->trade);
    measure.turnover = debit->turnover;
    measure.parts = rule_of(work, piece, TC_DP_CHARGE)->per == PER_ORDER ? 1 : TC_PARTS;
    measure.quantity = debit->quantity;
    memcpy(sel, fill->trade.sel, sizeof sel);
    sel[TC_SEL_PRODUCT] = piece->product;
    bool later_apart = table_tells_apart(day->book, fill->tables[TC_DP_CHARGE], TC_SEL_LEG, TC_LEG_FIRST, TC_LEG_LATER);
    sel[TC_SEL_LEG] = later_apart ? debit_leg(work, debit) : TC_LEG_FIRST;
    const struct rule *rule = choose_rule(day->book, table_choice(day->book, fill->tables[TC_DP_CHARGE], sel), &measure);
    tc_atto tax = 0;
    if (!rule || rule_amount(&debit->amount, &refusal, day->book, rule, &measure) != TC_OK) return TC_OVERFLOW;
    if (rule->plus_gst && atto_rate(&tax, debit->amount, gst_picos(day->book, rule_of(work, piece, TC_GST)), 1) != TC_OK) return TC_OVERFLOW;
    debit->amount += tax;
    return TC_OK;
}

static tc_status price_dp(struct work *work)
{
    tc_day *day = work->day;
    net_sales(work);
    join_debits(work);
    list_members(day);
    for (uint32_t g = 0; g < day->groups.count; g++) {
        struct group *debit = &day->groups.data[g];
        if (debit->spec != 1) continue;
        int64_t unit = work->note ? TC_NANOS_PER_PAISA : 1, steps;
        tc_status status = price_debit(work, debit);
        if (status == TC_OK) status = tc_atto_round(&steps, debit->amount, (tc_atto)unit * TC_ATTOS_PER_NANO, TC_HALF_UP);
        if (status == TC_OK && steps) status = spread(day, day->members.data + debit->first, debit->count, steps, unit, TC_DP_CHARGE);
        if (status != TC_OK) return tc_fail(work->error, status, tc_charge_name(TC_DP_CHARGE), "does not fit");
    }
    return TC_OK;
}

/* --- a whole note ------------------------------------------------------------------ */

static void reset_costs(tc_day *day)
{
    for (uint32_t i = 0; i < day->order.count; i++) {
        tc_fill_cost *cost = &day->costs.data[day->order.data[i]];
        memset(&cost->cost, 0, sizeof cost->cost);
        cost->cost.turnover = day->fills.data[day->order.data[i]].trade.turnover;
        cost->cost.known = (1u << TC_CHARGE_COUNT) - 1;
        cost->product = 0;
        cost->delivery_quantity.micros = 0;
    }
}

static void report_products(tc_day *day)
{
    for (uint32_t i = 0; i < day->pieces.count; i++) {
        const struct piece *piece = &day->pieces.data[i];
        const struct day_fill *fill = &day->fills.data[piece->fill];
        tc_fill_cost *cost = &day->costs.data[piece->fill];
        cost->product = cost->product && cost->product != piece->product ? TC_MIXED : piece->product;
        if (piece->product == TC_DELIVERY || piece->product == TC_MTF) cost->delivery_quantity.micros += piece->quantity;
        if (!fill->product_given) cost->cost.flags |= TC_FLAG_PRODUCT_INFERRED;
    }
}

static void flag_netted(struct work *work)
{
    for (uint32_t i = 0; i < work->day->pieces.count; i++) {
        const struct piece *piece = &work->day->pieces.data[i];
        uint8_t own = piece->product == TC_MTF ? TC_DELIVERY : piece->product;
        if (work->note && piece->tax_product != own) work->day->costs.data[piece->fill].cost.flags |= TC_FLAG_NETTED;
    }
}

static bool same_rate(const struct work *work, const struct piece *other, const struct route *route, int charge)
{
    const struct route *its = route_of(work, other);
    return its->rated >> charge & 1 && its->picos[charge] == route->picos[charge];
}

/* Level exact, row by row: every line that is a plain rate of its own turnover. Tells which charges are left. */
static tc_status price_rates(struct work *work, unsigned *left)
{
    tc_day *day = work->day;
    for (uint32_t i = 0; i < day->pieces.count; i++) {
        const struct piece *piece = &day->pieces.data[i];
        const struct route *route = route_of(work, piece);
        const struct piece *before = i && day->pieces.data[i - 1].fill == piece->fill ? piece - 1 : NULL;
        const struct piece *after = i + 1 < day->pieces.count && day->pieces.data[i + 1].fill == piece->fill ? piece + 1 : NULL;
        tc_cost *cost = &day->costs.data[piece->fill].cost;
        *left |= (unsigned)(cost->known & ~(route->nil | route->rated));
        for (unsigned rated = route->rated & cost->known; rated; rated &= rated - 1) {
            int charge = __builtin_ctz(rated);
            tc_money amount;
            if (before && same_rate(work, before, route, charge)) continue; /* rounded once, with the other piece */
            int64_t turnover = piece->turnover + (after && same_rate(work, after, route, charge) ? after->turnover : 0);
            if (tc_atto_to_money(&amount, (tc_atto)turnover * route->picos[charge]) != TC_OK ||
                tc_money_add(&cost->charge[charge], amount) != TC_OK)
                return tc_fail(work->error, TC_OVERFLOW, tc_charge_name((tc_charge)charge), "does not fit");
        }
    }
    return TC_OK;
}

static tc_status price_charges(struct work *work, bool without_dp)
{
    unsigned left = work->note ? ~0u : 0;
    tc_status status = work->note ? TC_OK : price_rates(work, &left);
    memset(work->day->gst_exact.data, 0, work->day->pieces.count * sizeof *work->day->gst_exact.data);
    for (size_t i = 0; i < sizeof note_lines / sizeof *note_lines && status == TC_OK && !work->refused; i++) {
        if (!(left >> note_lines[i] & 1)) continue;
        status = weigh_charge(work, note_lines[i]);
        if (status != TC_OK || work->refused) break;
        if (work->note) add_to_base(work, note_lines[i]);
        status = settle(work, note_lines[i], work->day->weights.data);
    }
    if (status == TC_OK && !work->refused) status = price_gst(work);
    if (status == TC_OK && !work->refused && !without_dp) status = price_dp(work);
    return status;
}

static tc_status add_up(tc_day *day, tc_error *error, bool without_dp)
{
    for (uint32_t i = 0; i < day->order.count; i++) {
        tc_fill_cost *answer = &day->costs.data[day->order.data[i]];
        tc_cost *cost = &answer->cost;
        if (without_dp) cost->known |= 1u << TC_DP_CHARGE;
        for (int c = 0; c < TC_CHARGE_COUNT; c++)
            if (!(cost->known >> c & 1)) cost->charge[c].nanos = 0;
        if (answer->status != TC_OK) continue;
        if (!tc_cost_complete(cost)) cost->flags |= TC_FLAG_INCOMPLETE;
        else if (sum_cost(cost) != TC_OK) return tc_fail(error, TC_OVERFLOW, "total", "does not fit");
    }
    return TC_OK;
}

/* A fill that turns out to be without tariff changes what the others net with:
 * then the note starts again without it. Each round refuses at least one. */
tc_status price_note(tc_day *day, tc_error *error, const tc_options *options)
{
    struct work work = {day, error, options->level == TC_NOTE, false};
    tc_status status;
    size_groups(day);
    do {
        work.refused = false;
        reset_costs(day);
        make_pieces(day, work.note);
        status = choose_routes(&work);
        if (status == TC_OK && !work.refused) status = price_charges(&work, options->without_dp);
    } while (work.refused && status == TC_OK);
    if (status != TC_OK) return status;
    report_products(day);
    flag_netted(&work);
    return add_up(day, error, options->without_dp);
}

/* --- a note of one fill, on the stack ----------------------------------------------- */

struct note_memory {
    struct day_fill fill;
    tc_fill_cost cost;
    char text[2];
    struct piece pieces[2];
    struct route routes[2];
    tc_atto weights[2], exact[2], rounded[2];
    uint32_t piece_groups[2], slots[32], order[1];
    struct group groups[16];
    struct sides sides[16];
    struct member members[4];
    struct share shares[4];
};

#define LEND(array, memory, used) \
    (day).array.data = (memory), (day).array.capacity = sizeof(memory) / sizeof *(memory), (day).array.count = (used)

tc_status note_of_one(tc_cost *cost, tc_error *error, const tc_book *book, const tc_trade *trade, const tc_options *options)
{
    struct note_memory memory;
    tc_day day;
    memset(&memory, 0, sizeof memory);
    memset(&day, 0, sizeof day);
    day.book = book;
    day.fills.data = &memory.fill, day.fills.capacity = day.fills.count = 1;
    day.costs.data = &memory.cost, day.costs.capacity = day.costs.count = 1;
    LEND(texts, memory.text, 2);
    LEND(pieces, memory.pieces, 0);
    LEND(routes, memory.routes, 0);
    LEND(weights, memory.weights, 2);
    LEND(gst_exact, memory.exact, 2);
    LEND(gst_bases, memory.rounded, 2);
    LEND(piece_groups, memory.piece_groups, 2);
    LEND(group_slots, memory.slots, 32);
    LEND(order, memory.order, 1);
    LEND(groups, memory.groups, 0);
    LEND(sides, memory.sides, 16);
    LEND(members, memory.members, 4);
    LEND(shares, memory.shares, 4);
    memory.fill.trade = *trade;
    memory.fill.isin = NO_ID;
    memory.fill.product_given = 1;
    memory.cost.reason = "";
    tc_status status = find_tables(&memory.fill.tables, error, book, trade);
    if (status != TC_OK) return status;
    memory.fill.prints = schedule_row(book, schedule_of(book, trade->plan, trade->sel, true), trade->date.day);
    status = price_note(&day, error, options);
    if (status != TC_OK) return status;
    if (memory.cost.status != TC_OK) return tc_fail(error, memory.cost.status, "", "%s", memory.cost.reason);
    *cost = memory.cost.cost;
    if (cost->charge[TC_DP_CHARGE].nanos) cost->flags |= TC_FLAG_DP_ASSUMED_FIRST;
    return TC_OK;
}

void note_prints(const struct rule **prints, const tc_book *book, const tc_trade *trade)
{
    const uint16_t *row = schedule_row(book, schedule_of(book, trade->plan, trade->sel, true), trade->date.day);
    struct measure measure;
    measure_trade(&measure, trade);
    for (int c = 0; row && c < TC_CHARGE_COUNT; c++) prints[c] = choose_rule(book, table_choice(book, row[c], trade->sel), &measure);
}
