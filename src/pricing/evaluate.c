#include "evaluate.h"

#include <string.h>

void measure_trade(struct measure *measure, const tc_trade *trade)
{
    measure->trade = trade;
    measure->turnover = trade->turnover.micros;
    measure->parts = 1;
    measure->quantity = trade->quantity.micros;
    measure->fills = trade->fills;
    measure->unbounded = false;
    measure->flags = 0;
}

/* --- guards --------------------------------------------------------------- */

static bool guard_holds(const struct guard *guard, const struct measure *measure)
{
    tc_atto value = 0;
    switch (guard->measure) {
    case MEASURE_PRICE: value = measure->trade->price.micros; break;
    case MEASURE_VALUE: value = measure->turnover / measure->parts; break;
    case MEASURE_QUANTITY: value = measure->quantity; break;
    case MEASURE_DAYS_HELD: value = measure->trade->days_held; break;
    case MEASURE_ACCOUNT_AGE: value = measure->trade->account_age; break;
    default: return false;
    }
    return value >= guard->from && value < guard->below; /* not known is -1: below every guard */
}

const struct rule *choose_guarded(const tc_book *book, uint16_t index, const struct measure *measure)
{
    while (index != TC_NONE) {
        const struct choice alone = {index, TC_NONE};
        const struct choice *choice = index < book->rules.count ? &alone : &book->choices.data[index - book->rules.count];
        const struct rule *rule = &book->rules.data[choice->rule];
        uint32_t held = 0;
        while (held < rule->guard_count && guard_holds(&book->guards.data[rule->guards + held], measure)) held++;
        if (held == rule->guard_count) return rule;
        index = choice->next;
    }
    return NULL;
}

/* --- amounts -------------------------------------------------------------- */

static bool is_turnover(uint8_t base)
{
    return base == BASE_TURNOVER || base == BASE_PREMIUM || base == BASE_INTRINSIC;
}

/* In micros; in parts of one where the turnover is. */
static tc_status base_micros(tc_atto *base, struct refusal *refusal, uint8_t of, const struct measure *m)
{
    const tc_trade *trade = m->trade;
    uint8_t event = trade->sel[TC_SEL_EVENT];
    bool exercised = event == TC_EXERCISE || event == TC_ASSIGNMENT;
    bool option = trade->sel[TC_SEL_INSTRUMENT] == TC_OPTION;
    *base = m->turnover;
    if (is_turnover(of)) return TC_OK;
    if (of == BASE_FUNDED) {
        *base = trade->funded.micros;
        return TC_OK;
    }
    if (of == BASE_NOTIONAL && !option) return TC_OK;
    if (of != BASE_SETTLEMENT && !trade->strike.micros) return refuse_with(refusal, TC_VALUE_NEEDED, "strike: a charge is taken on it");
    int64_t price = of == BASE_STRIKE_PREMIUM || (of == BASE_NOTIONAL && !exercised) ? trade->strike.micros : trade->price.micros;
    if (tc_atto_ratio(base, m->quantity, price, TC_MICROS_PER_RUPEE, TC_HALF_UP) != TC_OK) return refuse_with(refusal, TC_OVERFLOW, "");
    if (of == BASE_STRIKE_PREMIUM && !tc_atto_add(base, m->turnover)) return refuse_with(refusal, TC_OVERFLOW, "");
    return TC_OK;
}

tc_status atto_rate(tc_atto *amount, tc_atto base, int64_t picos, int32_t divisor)
{
    enum { MILLION = 1000000 };
    int64_t unit = INT64_C(1000000000000);
    if (picos % MILLION == 0) { /* a rate of tax has few decimals: without the rest the product fits any base */
        picos /= MILLION;
        unit /= MILLION;
    }
    return tc_atto_ratio(amount, base, picos, unit * divisor, TC_DOWN);
}

static tc_status push_rate(tc_atto *amount, struct refusal *refusal, const struct op *op, struct measure *m)
{
    tc_atto base;
    if (op->of == BASE_FUNDED && (m->trade->funded.micros < 0 || m->trade->days < 0)) {
        m->flags |= TC_FLAG_MTF_INTEREST_EXCLUDED;
        *amount = 0;
        return TC_OK;
    }
    tc_status status = base_micros(&base, refusal, op->of, m);
    if (status != TC_OK) return status;
    if (!tc_atto_mul(amount, base, op->value)) return refuse_with(refusal, TC_OVERFLOW, "");
    if (op->per_day && !tc_atto_mul(amount, *amount, m->trade->days)) return refuse_with(refusal, TC_OVERFLOW, "");
    if (op->divisor != 1) *amount /= op->divisor;
    if (m->parts != 1 && is_turnover(op->of)) *amount /= m->parts;
    return TC_OK;
}

static bool lines_base(tc_atto *base, const struct op *op, const struct measure *m)
{
    *base = 0;
    for (unsigned left = op->lines; left; left &= left - 1)
        if (!tc_atto_add(base, m->lines[__builtin_ctz(left)])) return false;
    return true;
}

static tc_status push_lines(tc_atto *amount, struct refusal *refusal, const struct op *op, const struct measure *m)
{
    tc_atto base;
    if (!lines_base(&base, op, m)) return refuse_with(refusal, TC_OVERFLOW, "");
    if (atto_rate(amount, base, op->value, op->divisor) != TC_OK) return refuse_with(refusal, TC_OVERFLOW, "");
    return TC_OK;
}

static tc_status count_things(tc_atto *count, struct refusal *refusal, uint8_t of, struct measure *m)
{
    const tc_trade *trade = m->trade;
    *count = 1;
    switch (of) {
    case COUNT_FILL:
        if (!m->fills) m->flags |= TC_FLAG_FILLS_ASSUMED;
        *count = m->fills ? m->fills : 1;
        return TC_OK;
    case COUNT_LOT:
        if (!trade->lot_size.micros) return refuse_with(refusal, TC_VALUE_NEEDED, "lot_size: a charge is taken each lot");
        if (m->quantity % trade->lot_size.micros) return refuse_with(refusal, TC_BAD_VALUE, "quantity: not a multiple of the lot size");
        *count = m->quantity / trade->lot_size.micros;
        return TC_OK;
    case COUNT_UNIT:
        *count = m->quantity / TC_MICROS_PER_RUPEE;
        return TC_OK;
    case COUNT_KG: return refuse_with(refusal, TC_NO_TARIFF, "a charge is taken each kilogram, and the weight of a unit is not known");
    case COUNT_DAY:
        *count = trade->days < 0 ? 0 : trade->days;
        return TC_OK;
    case COUNT_FREEZE_LOT: /* an order above the freeze quantity is sent as several */
        if (trade->freeze.micros) *count = (m->quantity + trade->freeze.micros - 1) / trade->freeze.micros;
        return TC_OK;
    default: return TC_OK;
    }
}

/* A weight is the one count that need not be whole. */
static tc_status push_weight(tc_atto *amount, struct refusal *refusal, const struct op *op, const struct measure *m)
{
    tc_atto milligrams;
    if (!tc_atto_mul(&milligrams, m->quantity, m->trade->unit_mg) || !tc_atto_mul(amount, milligrams / TC_MICROS_PER_RUPEE, (tc_atto)op->value * 1000))
        return refuse_with(refusal, TC_OVERFLOW, "");
    return TC_OK;
}

static tc_status push_flat(tc_atto *amount, struct refusal *refusal, const struct op *op, struct measure *m)
{
    tc_atto count;
    if (op->of == COUNT_KG && m->trade->unit_mg) return push_weight(amount, refusal, op, m);
    tc_status status = count_things(&count, refusal, op->of, m);
    if (status != TC_OK) return status;
    if (!tc_atto_mul(amount, (tc_atto)op->value * TC_ATTOS_PER_NANO, count)) return refuse_with(refusal, TC_OVERFLOW, "");
    return TC_OK;
}

static tc_status run(tc_atto *amount, struct refusal *refusal, const tc_book *book,
                     struct program program, struct measure *m);

/* What slabs go by; -1 where only the broker knows and its file does not say. */
static tc_status slab_measure(tc_atto *value, struct refusal *refusal, const tc_book *book, uint8_t by, const struct measure *m)
{
    switch (by) {
    case MEASURE_TURNOVER:
    case MEASURE_VALUE: *value = m->turnover / m->parts; return TC_OK;
    case MEASURE_QUANTITY: *value = m->quantity; return TC_OK;
    case MEASURE_FUNDED: *value = m->trade->funded.micros < 0 ? 0 : m->trade->funded.micros; return TC_OK;
    case MEASURE_CLIENT_QUARTER:
        *value = m->trade->client_turnover.micros;
        return *value < 0 ? refuse_with(refusal, TC_VALUE_NEEDED, "client_turnover: the plan's slabs go by it") : TC_OK;
    default: *value = book->brokers.data[m->trade->broker].facts[by]; return TC_OK;
    }
}

/* Marginal slabs by the thing's own turnover add up its parts; by a member's
 * turnover the step that holds it gives the rate of the next rupee. */
static tc_status push_slabs(tc_atto *amount, struct refusal *refusal, const tc_book *book, const struct op *op, struct measure *m)
{
    const struct slab *slabs = &book->slabs.data[op->slabs];
    tc_atto value, below = 0;
    tc_status status = slab_measure(&value, refusal, book, op->of, m);
    if (status != TC_OK) return status;
    if (value < 0) m->flags |= TC_FLAG_FIRST_SLAB;
    bool parts = op->value && (op->of == MEASURE_TURNOVER || op->of == MEASURE_VALUE);
    *amount = 0;
    for (uint16_t i = 0; i < op->slab_count; i++) {
        bool last = value <= slabs[i].to || i + 1 == op->slab_count;
        if (!parts && !last) continue;
        struct measure part = *m;
        if (parts) part.turnover = (last ? value : slabs[i].to) - below, part.parts = 1;
        tc_atto of_step;
        status = run(&of_step, refusal, book, slabs[i].amount, &part);
        m->flags |= part.flags;
        m->decided = part.decided;
        if (status != TC_OK) return status;
        if (!tc_atto_add(amount, of_step)) return refuse_with(refusal, TC_OVERFLOW, "");
        if (last) break;
        below = slabs[i].to;
    }
    return TC_OK;
}

static tc_status run(tc_atto *amount, struct refusal *refusal, const tc_book *book, struct program program, struct measure *m)
{
    tc_atto stack[OP_STACK_MAX];
    const struct op *decided[OP_STACK_MAX];
    unsigned depth = 0;
    for (uint16_t i = 0; i < program.count; i++) {
        const struct op *op = &book->ops.data[program.first + i];
        tc_status status = TC_OK;
        if (op->code <= OP_SLABS) {
            if (depth == OP_STACK_MAX) return refuse_with(refusal, TC_LIMIT, "an amount nested too deeply");
            decided[depth] = op;
        }
        switch (op->code) {
        case OP_RATE: status = push_rate(&stack[depth++], refusal, op, m); break;
        case OP_LINES: status = push_lines(&stack[depth++], refusal, op, m); break;
        case OP_FLAT: status = push_flat(&stack[depth++], refusal, op, m); break;
        case OP_SLABS: status = push_slabs(&stack[depth++], refusal, book, op, m); break;
        default:
            depth--;
            if (op->code == OP_LESSER ? stack[depth] < stack[depth - 1] : op->code == OP_GREATER && stack[depth] > stack[depth - 1]) {
                stack[depth - 1] = stack[depth];
                decided[depth - 1] = decided[depth];
            }
            if (op->code == OP_SUM && !tc_atto_add(&stack[depth - 1], stack[depth])) status = refuse_with(refusal, TC_OVERFLOW, "");
        }
        if (status != TC_OK) return status;
    }
    *amount = stack[0];
    if (decided[0]->code != OP_SLABS) m->decided = decided[0]; /* slabs: their step has said so */
    return TC_OK;
}

tc_status rule_bound(tc_atto *amount, struct refusal *refusal, const tc_book *book, const struct rule *rule, struct measure *m)
{
    tc_atto bound;
    if (!rule->bound.count) return TC_OK;
    tc_status status = run(&bound, refusal, book, rule->bound, m);
    if (status != TC_OK) return status;
    if (rule->bound_at_most ? *amount > bound : *amount < bound) *amount = bound;
    return TC_OK;
}

tc_status rule_amount(tc_atto *amount, struct refusal *refusal, const tc_book *book, const struct rule *rule, struct measure *m)
{
    *amount = 0;
    if (rule->kind != RULE_AMOUNT) return TC_OK;
    m->decided = &book->ops.data[rule->amount.first];
    if (rule->plain && m->parts == 1) /* the commonest amount, without the machinery */
        return tc_atto_mul(amount, m->turnover, rule->picos) ? TC_OK : refuse_with(refusal, TC_OVERFLOW, "");
    if (m->decided->code == OP_LINES && rule->amount.count == 1) return push_lines(amount, refusal, m->decided, m);
    if (m->trade->order_unknown && rule->per == PER_ORDER && !rule->linear) return refuse_with(refusal, TC_NO_TARIFF, "orders unknown");
    tc_status status = run(amount, refusal, book, rule->amount, m);
    return status == TC_OK && !m->unbounded ? rule_bound(amount, refusal, book, rule, m) : status;
}

tc_money decided_base(const struct measure *m)
{
    struct refusal ignored;
    tc_money money = {INT64_MAX};
    tc_atto base;
    if (m->decided->code == OP_LINES) {
        if (lines_base(&base, m->decided, m)) tc_atto_to_money(&money, base);
    } else if (base_micros(&base, &ignored, m->decided->of, m) == TC_OK && base / m->parts <= INT64_MAX / 1000) {
        money.nanos = (int64_t)(base / m->parts) * 1000;
    }
    return money;
}

int64_t gst_picos(const tc_book *book, const struct rule *rule)
{
    return rule->kind == RULE_AMOUNT ? book->ops.data[rule->amount.first].value : 0;
}
