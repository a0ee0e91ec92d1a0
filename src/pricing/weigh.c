#include "weigh.h"

#include <string.h>

#include "tariff/lookup.h"

/* --- routes -------------------------------------------------------------------- */

struct day_fill *fill_of(const struct work *work, const struct piece *piece)
{
    return &work->day->fills.data[piece->fill];
}

const struct rule *rule_of(const struct work *work, const struct piece *piece, tc_charge charge)
{
    return &work->day->book->rules.data[route_of(work, piece)->rule[charge]];
}

const struct rule *print_of(const struct work *work, const struct piece *piece, tc_charge charge)
{
    uint16_t print = route_of(work, piece)->print[charge];
    return print == TC_NONE ? NULL : &work->day->book->rules.data[print];
}

bool charge_known(const struct work *work, const struct piece *piece, tc_charge charge)
{
    return work->day->costs.data[piece->fill].cost.known >> charge & 1;
}

static void refuse_fill(struct work *work, uint32_t fill, tc_status status, const char *reason)
{
    tc_fill_cost *cost = &work->day->costs.data[fill];
    cost->status = status;
    cost->reason = reason;
    work->refused = true;
}

static void classify_rule(struct route *route, const struct rule *rule, tc_charge charge)
{
    if (rule->kind == RULE_NIL) route->nil |= (uint16_t)(1u << charge);
    if (rule->kind == RULE_UNKNOWN && charge != TC_DP_CHARGE) route->known &= (uint16_t)~(1u << charge); /* DP: only if there is a debit */
    if (!rule->plain || rule->averaged) return;
    route->rated |= (uint16_t)(1u << charge);
    route->picos[charge] = rule->picos;
}

/* Netting decides the class of the taxes on a bill; the broker's own product decides the rest. */
static bool choose_rules(struct route *route, const struct work *work, const struct day_fill *fill)
{
    const tc_book *book = work->day->book;
    uint8_t sel[TC_SELECTOR_COUNT];
    struct measure measure;
    bool guarded = false;
    measure_trade(&measure, &fill->trade);
    memcpy(sel, route->sel, sizeof sel);
    for (int c = 0; c < TC_CHARGE_COUNT && route->status == TC_OK; c++) {
        bool statutory = c == TC_TRANSACTION_TAX || c == TC_STAMP_DUTY;
        sel[TC_SEL_PRODUCT] = work->note && statutory ? route->tax_product : route->sel[TC_SEL_PRODUCT];
        uint16_t choice = table_choice(book, fill->tables[c], sel);
        const struct rule *rule = choose_rule(book, choice, &measure);
        const struct rule *print = work->note && fill->prints ? choose_rule(book, table_choice(book, fill->prints[c], sel), &measure) : NULL;
        guarded = guarded || (choice != TC_NONE && choice >= book->rules.count) || (rule && rule->guard_count);
        if (!rule || rule->kind == RULE_NOT_OFFERED) {
            route->status = TC_NO_TARIFF;
            route->reason = rule ? book_text(book, rule->reason) : tc_charge_name((tc_charge)c);
            break;
        }
        route->rule[c] = (uint16_t)(rule - book->rules.data);
        route->print[c] = print ? (uint16_t)(print - book->rules.data) : TC_NONE;
        route->flags |= rule_flags(rule, fill->trade.date.day);
        classify_rule(route, rule, (tc_charge)c);
    }
    return guarded;
}

/* Fills in what follows from the words; false if the route is this piece's alone, for its price or size decided. */
static bool open_route(struct route *route, const struct work *work, const struct day_fill *fill)
{
    const tc_book *book = work->day->book;
    route->known = (1u << TC_CHARGE_COUNT) - 1;
    route->reason = "";
    if (table_choice(book, fill->tables[LINE_MARKET], route->sel) == TC_NONE) {
        route->status = TC_IMPOSSIBLE;
        route->reason = "the market has no such product that day";
        return true;
    }
    bool guarded = choose_rules(route, work, fill);
    if (route->status != TC_OK) return !guarded;
    const struct rule *gst = &book->rules.data[route->rule[TC_GST]];
    if (gst->kind == RULE_AMOUNT && book->ops.data[gst->amount.first].lines & ~route->known) route->known &= (uint16_t)~(1u << TC_GST);
    if (!route->sel[TC_SEL_STATE] && gst->parts) route->flags |= TC_FLAG_ASSUMED_STATE;
    return !guarded;
}

static uint32_t route_hash(const struct route *route)
{
    uint64_t word, hash = (uint64_t)(uintptr_t)route->tables ^ (uint64_t)route->tax_product << 56;
    for (size_t i = 0; i + 8 <= TC_SELECTOR_COUNT; i += 8) {
        memcpy(&word, route->sel + i, 8);
        hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    }
    for (size_t i = TC_SELECTOR_COUNT / 8 * 8; i < TC_SELECTOR_COUNT; i++) hash = (hash ^ route->sel[i]) * UINT64_C(0x9e3779b97f4a7c15);
    return (uint32_t)(hash >> 40);
}

static bool same_key(const struct route *a, const struct route *b)
{
    return a->tables == b->tables && a->tax_product == b->tax_product && !memcmp(a->sel, b->sel, sizeof a->sel);
}

static tc_status find_route(struct work *work, struct piece *piece)
{
    tc_day *day = work->day;
    const struct day_fill *fill = fill_of(work, piece);
    struct route key;
    key.tables = fill->tables;
    memcpy(key.sel, fill->trade.sel, sizeof key.sel);
    key.sel[TC_SEL_PRODUCT] = piece->product;
    key.sel[TC_SEL_LEG] = piece->leg;
    key.tax_product = work->note ? piece->tax_product : 0;
    uint32_t slot = route_hash(&key) % ROUTE_SLOTS;
    for (; day->route_slots[slot]; slot = (slot + 1) % ROUTE_SLOTS) {
        piece->route = day->route_slots[slot] - 1u;
        if (same_key(&key, route_of(work, piece))) return TC_OK;
    }
    struct route *route = tc_array_push(&day->routes, sizeof *route);
    if (!route) return tc_fail(work->error, TC_NO_MEMORY, "", "no memory for another kind of trade");
    route->tables = key.tables;
    route->tax_product = key.tax_product;
    memcpy(route->sel, key.sel, sizeof key.sel);
    piece->route = day->routes.count - 1;
    bool shared = open_route(route, work, fill);
    if (shared && day->routes.count < ROUTE_SLOTS / 2) day->route_slots[slot] = (uint16_t)day->routes.count;
    return TC_OK;
}

tc_status choose_routes(struct work *work)
{
    tc_day *day = work->day;
    uint32_t kept = 0;
    day->routes.count = 0;
    memset(day->route_slots, 0, sizeof day->route_slots);
    for (uint32_t i = 0; i < day->pieces.count; i++) {
        struct piece *piece = &day->pieces.data[i];
        tc_fill_cost *cost = &day->costs.data[piece->fill];
        tc_status status = cost->status == TC_OK ? find_route(work, piece) : TC_OK;
        if (status != TC_OK) return status;
        const struct route *route = route_of(work, piece);
        if (cost->status == TC_OK && route->status != TC_OK) refuse_fill(work, piece->fill, route->status, route->reason);
        if (cost->status != TC_OK) continue; /* no sum holds a refused fill */
        cost->cost.known &= route->known;
        cost->cost.flags |= route->flags | fill_of(work, piece)->trade.flags;
        day->pieces.data[kept++] = *piece;
    }
    day->pieces.count = kept;
    return TC_OK;
}

/* --- groups -------------------------------------------------------------------- */

static const struct rounding *unit_stage(const struct work *work, const struct piece *piece, tc_charge charge)
{
    const struct rule *rule = rule_of(work, piece, charge), *print = print_of(work, piece, charge);
    if (!work->note) return NULL;
    if (rule->stage_count && rule->stage[0].at == PER_UNIT) return &rule->stage[0];
    return print && print->stage_count && print->stage[0].at == PER_UNIT ? &print->stage[0] : NULL;
}

static bool is_averaged(const struct work *work, const struct piece *piece, tc_charge charge)
{
    return work->note && rule_of(work, piece, charge)->averaged && fill_of(work, piece)->trade.sel[TC_SEL_EVENT] == TC_TRADE;
}

/* Whether the piece's amount is its own alone, or a share of a group's. */
static bool computed_alone(const struct work *work, const struct piece *piece, tc_charge charge)
{
    const struct rule *rule = rule_of(work, piece, charge);
    if (rule->kind != RULE_AMOUNT) return true;
    if (is_averaged(work, piece, charge) || (unit_stage(work, piece, charge) && !rule->linear)) return false;
    return rule->linear && !(rule->bound.count && rule->bound_per == rule->per);
}

/* Series that do not net have their sides averaged apart. */
static uint32_t side_apart(const struct work *work, const struct piece *piece)
{
    const uint8_t *sel = fill_of(work, piece)->trade.sel;
    return sel[TC_SEL_NETTING] == TC_NO_NETTING ? (uint32_t)sel[TC_SEL_SIDE] << 20 : 0;
}

/* The scrip-day's sums for an average: both sides, or the buys alone. */
static struct group *average_group(struct work *work, const struct piece *piece, const struct rule *rule)
{
    uint64_t key = level_key(PER_SCRIP_DAY, fill_of(work, piece), piece->fill, rule);
    return group_of(work->day, key, UINT32_C(1) << 30 | side_apart(work, piece));
}

static void sum_averages(struct work *work, tc_charge charge)
{
    for (uint32_t i = 0; i < work->day->pieces.count; i++) {
        const struct piece *piece = &work->day->pieces.data[i];
        const struct rule *rule = rule_of(work, piece, charge);
        if (!is_averaged(work, piece, charge)) continue;
        if (rule->average_of_buys && fill_of(work, piece)->trade.sel[TC_SEL_SIDE] != TC_BUY) continue;
        struct group *group = average_group(work, piece, rule);
        group->quantity += piece->quantity;
        group->turnover += piece->turnover;
    }
}

static void join_group(struct work *work, uint32_t index, tc_charge charge)
{
    tc_day *day = work->day;
    const struct piece *piece = &day->pieces.data[index];
    const struct rule *rule = rule_of(work, piece, charge);
    bool averaged = is_averaged(work, piece, charge);
    uint32_t spec = route_of(work, piece)->rule[charge] | (averaged ? side_apart(work, piece) : 0);
    struct group *group = group_of(day, level_key(averaged ? PER_SCRIP_DAY : rule->per, fill_of(work, piece), piece->fill, rule), spec);
    if (!group->count || fill_of(work, piece)->rank < fill_of(work, &day->pieces.data[group->example])->rank) group->example = index;
    if (!group->count++ || group->last_fill != piece->fill) group->fills++; /* pieces of one fill stand side by side */
    group->last_fill = piece->fill;
    group->quantity += piece->quantity;
    group->turnover += piece->turnover;
    day->piece_groups.data[index] = (uint32_t)(group - day->groups.data);
}

/* m x A: an averaged rule's base is its quantity at the day's average price. An
 * average that is not rounded leaves fractions of a micro, kept as parts of one. */
static tc_status average_base(struct work *work, struct group *group, const struct rule *rule, struct measure *measure)
{
    const struct group *sums = average_group(work, &work->day->pieces.data[group->example], rule);
    tc_atto numerator, remainder;
    int64_t steps, price;
    if (!sums->quantity) return TC_OK;
    if (!rule->average_to) {
        if (!tc_atto_mul(&numerator, sums->turnover, TC_PARTS)) return TC_OVERFLOW;
        measure->turnover = tc_atto_share(&remainder, numerator, group->quantity, sums->quantity);
        measure->parts = TC_PARTS;
        return TC_OK;
    }
    if (!tc_atto_mul(&numerator, sums->turnover, TC_NANOS_PER_RUPEE)) return TC_OVERFLOW;
    tc_status status = tc_atto_round(&steps, numerator, sums->quantity * rule->average_to, TC_HALF_UP);
    if (status != TC_OK || __builtin_mul_overflow(steps, rule->average_to, &price)) return TC_OVERFLOW;
    return tc_atto_ratio(&measure->turnover, group->quantity, price, TC_NANOS_PER_RUPEE, TC_HALF_UP);
}

/* The amount of one unit, rounded, times the quantity. */
static tc_status round_each(tc_atto *amount, tc_atto quantity, const struct rounding *stage)
{
    tc_atto product, quantum, to = (tc_atto)stage->to_nanos * TC_ATTOS_PER_NANO;
    int64_t steps;
    if (!tc_atto_mul(&quantum, to, quantity) || !tc_atto_mul(&product, *amount, TC_MICROS_PER_RUPEE)) return TC_OVERFLOW;
    tc_status status = tc_atto_round(&steps, product, quantum, (tc_rounding)stage->mode);
    if (status != TC_OK) return status;
    if (!tc_atto_mul(&product, to * steps, quantity)) return TC_OVERFLOW;
    *amount = product / TC_MICROS_PER_RUPEE;
    return TC_OK;
}

static tc_status price_group(struct work *work, struct group *group, tc_charge charge)
{
    const struct piece *piece = &work->day->pieces.data[group->example];
    const struct rule *rule = rule_of(work, piece, charge);
    const struct rounding *unit = unit_stage(work, piece, charge);
    struct refusal refusal = {TC_OVERFLOW, ""};
    struct measure measure;
    measure_trade(&measure, &fill_of(work, piece)->trade);
    measure.turnover = group->turnover;
    measure.quantity = group->quantity;
    measure.fills = group->fills;
    if (is_averaged(work, piece, charge) && average_base(work, group, rule, &measure) != TC_OK) return TC_OVERFLOW;
    measure.unbounded = rule->bound_per != rule->per;
    group->status = rule_amount(&group->amount, &refusal, work->day->book, rule, &measure);
    group->reason = refusal.reason;
    group->flags = measure.flags;
    if (group->status == TC_OVERFLOW) return TC_OVERFLOW;
    bool by_rate = group->status == TC_OK && rule->kind == RULE_AMOUNT && measure.decided->code == OP_RATE;
    return unit && by_rate ? round_each(&group->amount, group->quantity, unit) : TC_OK; /* a flat amount has no share of a unit */
}

/* --- weights -------------------------------------------------------------------- */

/* amount x part / sum, rounded down. */
static tc_atto proportion(tc_atto amount, tc_atto part, tc_atto sum)
{
    tc_atto remainder;
    return sum ? tc_atto_share(&remainder, amount, part, sum) : 0;
}

/* A group's amount is shared by turnover; where one average price made it, by quantity. */
static void share_group(struct work *work, uint32_t index, tc_charge charge)
{
    tc_day *day = work->day;
    struct group *group = &day->groups.data[day->piece_groups.data[index]];
    const struct piece *piece = &day->pieces.data[index];
    if (group->status != TC_OK) {
        refuse_fill(work, piece->fill, group->status, group->reason);
        return;
    }
    bool averaged = is_averaged(work, piece, charge);
    day->weights.data[index] = proportion(group->amount, averaged ? piece->quantity : piece->turnover, averaged ? group->quantity : group->turnover);
    day->costs.data[piece->fill].cost.flags |= group->flags;
}

/* Rounding down left something: the first by rank bears it. */
static void share_rest(struct work *work)
{
    tc_day *day = work->day;
    for (uint32_t g = 0; g < day->groups.count; g++) day->groups.data[g].given = 0;
    for (uint32_t i = 0; i < day->pieces.count; i++)
        if (day->piece_groups.data[i] != NO_ID) day->groups.data[day->piece_groups.data[i]].given += day->weights.data[i];
    for (uint32_t g = 0; g < day->groups.count; g++) {
        struct group *group = &day->groups.data[g];
        if (group->count && group->status == TC_OK) day->weights.data[group->example] += group->amount - group->given;
    }
}

/* A bound over a coarser level than the rule's own: the sum over all rules of the
 * charge with the same bound is raised or capped, and shared out again. */
static uint32_t bound_spec(const struct work *work, const struct rule *rule)
{
    return (UINT32_C(1) << 31) | (uint32_t)(work->day->book->ops.data[rule->bound.first].value / 1000000);
}

static tc_status bound_group(struct work *work, struct group *group, tc_charge charge)
{
    const struct piece *piece = &work->day->pieces.data[group->example];
    struct measure measure;
    struct refusal refusal;
    measure_trade(&measure, &fill_of(work, piece)->trade);
    measure.turnover = group->turnover;
    measure.quantity = group->quantity;
    group->given = group->amount;
    return rule_bound(&group->amount, &refusal, work->day->book, rule_of(work, piece, charge), &measure);
}

static bool bound_apart(const struct work *work, const struct piece *piece, tc_charge charge)
{
    const struct rule *rule = rule_of(work, piece, charge);
    return rule->bound.count && rule->bound_per != rule->per && charge_known(work, piece, charge);
}

static void join_bounds(struct work *work, tc_charge charge)
{
    tc_day *day = work->day;
    groups_clear(day);
    for (uint32_t i = 0; i < day->pieces.count; i++) {
        const struct piece *piece = &day->pieces.data[i];
        const struct rule *rule = rule_of(work, piece, charge);
        day->piece_groups.data[i] = NO_ID;
        if (!bound_apart(work, piece, charge)) continue;
        struct group *group = group_of(day, level_key(rule->bound_per, fill_of(work, piece), piece->fill, rule), bound_spec(work, rule));
        if (!group->count++ || fill_of(work, piece)->rank < fill_of(work, &day->pieces.data[group->example])->rank) group->example = i;
        group->amount += day->weights.data[i];
        group->turnover += piece->turnover;
        group->quantity += piece->quantity;
        day->piece_groups.data[i] = (uint32_t)(group - day->groups.data);
    }
}

/* Tells whether some bound binds: only then are the weights and groups other than they were. */
static tc_status bound_charge(struct work *work, tc_charge charge, bool *binds)
{
    tc_day *day = work->day;
    join_bounds(work, charge);
    *binds = false;
    for (uint32_t g = 0; g < day->groups.count; g++) {
        if (bound_group(work, &day->groups.data[g], charge) != TC_OK) return TC_OVERFLOW;
        *binds = *binds || day->groups.data[g].amount != day->groups.data[g].given;
    }
    if (!*binds) return TC_OK;
    for (uint32_t i = 0; i < day->pieces.count; i++) {
        if (day->piece_groups.data[i] == NO_ID) continue;
        struct group *group = &day->groups.data[day->piece_groups.data[i]];
        if (group->amount == group->given) { /* the bound does not bind: each amount stays its own */
            day->piece_groups.data[i] = NO_ID;
            group->count = 0;
            continue;
        }
        bool weightless = !group->given; /* a minimum on nothing is shared by turnover */
        if (!work->note) { /* the group's amount is spread by the weights as they are */
            if (weightless) day->weights.data[i] = day->pieces.data[i].turnover;
            continue;
        }
        day->weights.data[i] = weightless ? proportion(group->amount, day->pieces.data[i].turnover, group->turnover)
                                          : proportion(group->amount, day->weights.data[i], group->given);
    }
    if (work->note) share_rest(work);
    return TC_OK;
}

static tc_status weigh_alone(struct work *work, uint32_t index, tc_charge charge)
{
    const struct piece *piece = &work->day->pieces.data[index];
    struct refusal refusal;
    struct measure measure;
    measure_trade(&measure, &fill_of(work, piece)->trade);
    measure.turnover = piece->turnover;
    measure.quantity = piece->quantity;
    measure.unbounded = rule_of(work, piece, charge)->bound_per != rule_of(work, piece, charge)->per;
    tc_status status = rule_amount(&work->day->weights.data[index], &refusal, work->day->book, rule_of(work, piece, charge), &measure);
    work->day->costs.data[piece->fill].cost.flags |= measure.flags;
    const struct rounding *unit = unit_stage(work, piece, charge);
    if (status == TC_OK && unit) status = round_each(&work->day->weights.data[index], piece->quantity, unit);
    if (status == TC_OK || status == TC_OVERFLOW) return status;
    refuse_fill(work, piece->fill, status, refusal.reason);
    return TC_OK;
}

static tc_status weigh_pieces(struct work *work, tc_charge charge)
{
    tc_day *day = work->day;
    tc_status status = TC_OK;
    groups_clear(day);
    if (work->note) sum_averages(work, charge);
    for (uint32_t i = 0; i < day->pieces.count && status == TC_OK; i++) {
        const struct piece *piece = &day->pieces.data[i];
        const struct route *route = route_of(work, piece);
        day->weights.data[i] = 0;
        day->piece_groups.data[i] = NO_ID;
        if (route->nil >> charge & 1 || (!work->note && route->rated >> charge & 1) || !charge_known(work, piece, charge)) continue;
        if (computed_alone(work, piece, charge)) status = weigh_alone(work, i, charge);
        else join_group(work, i, charge);
    }
    for (uint32_t g = 0; g < day->groups.count && status == TC_OK; g++)
        if (day->groups.data[g].count) status = price_group(work, &day->groups.data[g], charge);
    for (uint32_t i = 0; i < day->pieces.count && status == TC_OK; i++)
        if (day->piece_groups.data[i] != NO_ID) share_group(work, i, charge);
    if (status == TC_OK) share_rest(work);
    return status;
}

static bool any_bound(const struct work *work, tc_charge charge)
{
    uint32_t i = 0, count = work->day->pieces.count;
    while (i < count && !bound_apart(work, &work->day->pieces.data[i], charge)) i++;
    return i < count;
}

tc_status weigh_charge(struct work *work, tc_charge charge)
{
    bool binds = true;
    tc_status status = weigh_pieces(work, charge);
    if (status == TC_OK && any_bound(work, charge)) {
        status = bound_charge(work, charge, &binds);
        if (status == TC_OK && !binds) status = weigh_pieces(work, charge);
    }
    return status == TC_OK ? TC_OK : tc_fail(work->error, status, tc_charge_name(charge), "does not fit");
}
