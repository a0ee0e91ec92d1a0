/* One order at level exact or api; level note is a note of one fill. */
#include <string.h>

#include "day.h"
#include "evaluate.h"
#include "tariff/lookup.h"

/* Bases before what is taken on them; DP last, for it stands outside the note. */
static const tc_charge order_of_work[TC_CHARGE_COUNT] = {
    TC_BROKERAGE, TC_TRANSACTION_TAX, TC_EXCHANGE_CHARGE, TC_CLEARING_CHARGE, TC_SEBI_FEE,
    TC_IPFT, TC_STAMP_DUTY, TC_OTHER, TC_GST, TC_DP_CHARGE};

struct quote {
    const tc_book *book;
    const tc_trade *trade;
    const tc_options *options;
    const uint16_t *tables; /* amounts */
    const uint16_t *prints; /* api renderings, or NULL */
    struct measure measure;
    uint16_t choice[TC_CHARGE_COUNT];
    const struct rule *rule[TC_CHARGE_COUNT];
    tc_atto exact[TC_CHARGE_COUNT]; /* before the level's rounding */
    struct reasons *reasons;        /* NULL: nobody asks */
};

/* What tc_explain() tells beside the amounts. */
struct reasons {
    const struct rule *print[TC_CHARGE_COUNT];
    const struct op *decided[TC_CHARGE_COUNT];
    tc_money base[TC_CHARGE_COUNT];
};

tc_status no_rule_reason(tc_error *error, const tc_book *book, const tc_trade *trade, const char *what)
{
    const struct plan *plan = &book->plans.data[trade->plan];
    return tc_fail(error, TC_NO_TARIFF, what, "%s %s has no %s for such a trade",
                   book_text(book, book->brokers.data[plan->broker].id), book_text(book, plan->id), what);
}

tc_status find_tables(const uint16_t **tables, tc_error *error, const tc_book *book, const tc_trade *trade)
{
    const uint8_t *sel = trade->sel;
    *tables = schedule_row(book, schedule_of(book, trade->plan, sel, false), trade->date.day);
    if (!*tables || trade->date.day >= book->plans.data[trade->plan].until) {
        const struct plan *plan = &book->plans.data[trade->plan];
        char from[TC_DATE_TEXT_SIZE], until[TC_DATE_TEXT_SIZE];
        tc_date_format(from, (tc_date){plan->from});
        tc_date_format(until, (tc_date){plan->until});
        return tc_fail(error, TC_NO_TARIFF, "plan", "plan %s of %s is known from %s%s%s", book_text(book, plan->id),
                       book_text(book, book->brokers.data[plan->broker].id), from,
                       plan->until < TC_DATE_MAX ? " until before " : "", plan->until < TC_DATE_MAX ? until : "");
    }
    if (table_choice(book, (*tables)[LINE_MARKET], sel) == TC_NONE)
        return tc_fail(error, TC_IMPOSSIBLE, "product", "%s %s has no %s%s%s %s, event %s%s, on that day",
                       tc_word(TC_SEL_EXCHANGE, sel[TC_SEL_EXCHANGE]), tc_word(TC_SEL_SEGMENT, sel[TC_SEL_SEGMENT]),
                       tc_word(TC_SEL_CLASS, sel[TC_SEL_CLASS]), sel[TC_SEL_CLASS] ? " " : "",
                       tc_word(TC_SEL_INSTRUMENT, sel[TC_SEL_INSTRUMENT]),
                       sel[TC_SEL_PRODUCT] ? tc_word(TC_SEL_PRODUCT, sel[TC_SEL_PRODUCT]) : "trade",
                       tc_word(TC_SEL_EVENT, sel[TC_SEL_EVENT]), sel[TC_SEL_NETTING] == TC_NO_NETTING ? ", in a trade-for-trade series" : "");
    if (!sel[TC_SEL_STATE] && table_selects_by(book, (*tables)[TC_STAMP_DUTY], TC_SEL_STATE))
        return tc_fail(error, TC_STATE_NEEDED, "state", "stamp duty was the client's state's before 2020-07-01");
    return TC_OK;
}

static tc_status add_gst_inside(tc_atto *amount, const struct rule *rule, const struct rule *gst, const tc_book *book)
{
    tc_atto tax = 0;
    if (!rule->plus_gst || !gst) return TC_OK;
    if (atto_rate(&tax, *amount, gst_picos(book, gst), 1) != TC_OK || !tc_atto_add(amount, tax)) return TC_OVERFLOW;
    return TC_OK;
}

static bool gst_base_known(const struct rule *rule, const tc_book *book, uint16_t known)
{
    if (rule->kind != RULE_AMOUNT) return true;
    return !(book->ops.data[rule->amount.first].lines & ~known);
}

static tc_status refuse(tc_error *error, const struct refusal *refusal, tc_charge charge)
{
    return tc_fail(error, refusal->status, tc_charge_name(charge), "%s",
                   *refusal->reason ? refusal->reason : tc_charge_name(charge));
}

/* What the broker's estimate prints of a line: rounded, at least, or another amount altogether. */
static tc_status print_line(struct quote *q, tc_charge charge, tc_money *amount, struct refusal *refusal)
{
    uint16_t table = q->prints[LINE_API - LINE_NOTE + charge];
    const struct rule *print = choose_rule(q->book, table_choice(q->book, table, q->trade->sel), &q->measure);
    if (q->reasons) q->reasons->print[charge] = print;
    if (!print) return TC_OK;
    if (print->kind == RULE_AMOUNT || print->kind == RULE_NIL) {
        tc_status status = rule_amount(&q->exact[charge], refusal, q->book, print, &q->measure);
        if (status != TC_OK) return status;
        if (tc_atto_to_money(amount, q->exact[charge]) != TC_OK) return refuse_with(refusal, TC_OVERFLOW, "");
    }
    for (uint8_t s = 0; s < print->stage_count; s++)
        if (tc_money_round(amount, *amount, (tc_money){print->stage[s].to_nanos}, (tc_rounding)print->stage[s].mode) != TC_OK)
            return refuse_with(refusal, TC_OVERFLOW, "");
    if (amount->nanos < print->at_least) amount->nanos = print->at_least;
    return TC_OK;
}

static tc_status price_line(struct quote *q, tc_cost *cost, tc_charge charge, tc_error *error)
{
    struct refusal refusal;
    const tc_book *book = q->book;
    const struct rule *rule = choose_rule(book, q->choice[charge], &q->measure);
    q->rule[charge] = rule;
    if (!rule) return no_rule_reason(error, book, q->trade, tc_charge_name(charge));
    if (rule->kind == RULE_NOT_OFFERED) return tc_fail(error, TC_NO_TARIFF, tc_charge_name(charge), "%s", book_text(book, rule->reason));
    cost->flags |= rule_flags(rule, q->trade->date.day);
    q->exact[charge] = 0;
    if (rule->kind == RULE_NIL && !q->prints) {
        cost->known |= (uint16_t)(1u << charge);
        return TC_OK;
    }
    if (rule->kind == RULE_UNKNOWN || (charge == TC_GST && !gst_base_known(rule, book, cost->known))) {
        cost->flags |= TC_FLAG_INCOMPLETE;
        return TC_OK;
    }
    if (rule->plain && !q->reasons) {
        if (!tc_atto_mul(&q->exact[charge], q->measure.turnover, rule->picos)) return tc_fail(error, TC_OVERFLOW, tc_charge_name(charge), "does not fit");
    } else if (rule_amount(&q->exact[charge], &refusal, book, rule, &q->measure) != TC_OK) {
        return refuse(error, &refusal, charge);
    }
    if (add_gst_inside(&q->exact[charge], rule, q->rule[TC_GST], book) != TC_OK ||
        tc_atto_to_money(&cost->charge[charge], q->exact[charge]) != TC_OK)
        return tc_fail(error, TC_OVERFLOW, tc_charge_name(charge), "does not fit");
    if (q->reasons && rule->kind == RULE_AMOUNT) {
        q->reasons->decided[charge] = q->measure.decided;
        q->reasons->base[charge] = decided_base(&q->measure);
    }
    if (q->prints && print_line(q, charge, &cost->charge[charge], &refusal) != TC_OK) return refuse(error, &refusal, charge);
    cost->known |= (uint16_t)(1u << charge);
    return TC_OK;
}

/* GST stands on the nano lines at level exact; an estimate may take them as printed or exact. */
static void set_bases(struct quote *q, const tc_cost *cost)
{
    const struct rule *print = NULL;
    if (q->prints) print = choose_rule(q->book, table_choice(q->book, q->prints[LINE_API - LINE_NOTE + TC_GST], q->trade->sel), &q->measure);
    bool exact = print && !print->taken_rounded;
    for (int c = 0; c < TC_GST; c++) q->measure.lines[c] = exact ? q->exact[c] : tc_atto_of_money(cost->charge[c]);
    q->measure.lines[TC_GST] = q->measure.lines[TC_DP_CHARGE] = 0; /* never in their own base */
    q->measure.lines[TC_OTHER] = exact ? q->exact[TC_OTHER] : tc_atto_of_money(cost->charge[TC_OTHER]);
}

tc_status sum_cost(tc_cost *cost)
{
    int64_t sum = 0;
    for (int c = 0; c < TC_CHARGE_COUNT; c++)
        if (c != TC_DP_CHARGE && __builtin_add_overflow(sum, cost->charge[c].nanos, &sum)) return TC_OVERFLOW;
    cost->note_total.nanos = sum;
    return __builtin_add_overflow(sum, cost->charge[TC_DP_CHARGE].nanos, &cost->total.nanos) ? TC_OVERFLOW : TC_OK;
}

/* A broker's estimate adds up printed or exact lines, and rounds the total its own way. */
static tc_status print_total(struct quote *q, tc_cost *cost)
{
    const struct rule *print = choose_rule(q->book, table_choice(q->book, q->prints[LINE_API_TOTAL - LINE_NOTE], q->trade->sel), &q->measure);
    if (!print) return TC_OK;
    if (print->total_of_exact) {
        tc_atto sum = 0;
        for (int c = 0; c < TC_CHARGE_COUNT; c++)
            if (!tc_atto_add(&sum, q->exact[c])) return TC_OVERFLOW;
        if (tc_atto_to_money(&cost->total, sum) != TC_OK) return TC_OVERFLOW;
    }
    for (uint8_t s = 0; s < print->stage_count; s++)
        if (tc_money_round(&cost->total, cost->total, (tc_money){print->stage[s].to_nanos}, (tc_rounding)print->stage[s].mode) != TC_OK)
            return TC_OVERFLOW;
    cost->note_total.nanos = cost->total.nanos - cost->charge[TC_DP_CHARGE].nanos;
    return TC_OK;
}

uint32_t trade_flags(const tc_trade *trade, const struct rule *gst, const struct rule *dp)
{
    uint32_t flags = trade->flags;
    if (!trade->sel[TC_SEL_STATE] && gst && gst->parts) flags |= TC_FLAG_ASSUMED_STATE;
    if (dp && dp->kind == RULE_AMOUNT) flags |= TC_FLAG_DP_ASSUMED_FIRST;
    return flags;
}

static tc_status price(struct quote *q, tc_cost *cost, tc_error *error)
{
    const tc_trade *trade = q->trade;
    memset(cost, 0, sizeof *cost);
    cost->turnover = trade->turnover;
    tc_status status = find_tables(&q->tables, error, q->book, trade);
    if (status != TC_OK) return status;
    if (q->options->level == TC_API_LEVEL) {
        q->prints = schedule_row(q->book, schedule_of(q->book, trade->plan, trade->sel, true), trade->date.day);
        if (!q->prints || table_choice(q->book, q->prints[LINE_API_TOTAL - LINE_NOTE], trade->sel) == TC_NONE)
            return no_rule_reason(error, q->book, trade, "api rendering");
    }
    measure_trade(&q->measure, trade);
    for (int c = 0; c < TC_CHARGE_COUNT; c++) q->choice[c] = table_choice(q->book, q->tables[c], trade->sel); /* loads side by side */
    for (int i = 0; i < TC_CHARGE_COUNT; i++) {
        tc_charge charge = order_of_work[i];
        if (charge == TC_DP_CHARGE && (q->options->without_dp || q->options->level == TC_API_LEVEL)) {
            cost->known |= 1u << TC_DP_CHARGE;
            continue;
        }
        if (charge == TC_GST) set_bases(q, cost);
        if ((status = price_line(q, cost, charge, error)) != TC_OK) return status;
    }
    cost->flags |= q->measure.flags | trade_flags(trade, q->rule[TC_GST], q->rule[TC_DP_CHARGE]);
    if (!tc_cost_complete(cost)) return TC_OK;
    if (sum_cost(cost) != TC_OK || (q->prints && print_total(q, cost) != TC_OK)) return tc_fail(error, TC_OVERFLOW, "total", "does not fit");
    return TC_OK;
}

/* Amounts are set as they are priced: only what is read before is cleared. */
static void open_quote(struct quote *q, const tc_book *book, const tc_trade *trade, const tc_options *options)
{
    q->book = book;
    q->trade = trade;
    q->options = options;
    q->prints = NULL;
    q->reasons = NULL;
    memset(q->rule, 0, sizeof q->rule);
    q->exact[TC_DP_CHARGE] = 0;
}

tc_status tc_quote(tc_cost *cost, tc_error *error, const tc_book *book, const tc_trade *trade, const tc_options *options)
{
    tc_cost result;
    tc_status status;
    if (options->level == TC_NOTE) {
        status = note_of_one(&result, error, book, trade, options);
    } else {
        struct quote q;
        open_quote(&q, book, trade, options);
        status = price(&q, &result, error);
    }
    if (status == TC_OK) *cost = result;
    return status;
}

/* --- the same with its reasons --------------------------------------------- */

static void fill_line(tc_line *line, const struct quote *q, const tc_cost *cost, tc_charge charge)
{
    const struct rule *rule = q->rule[charge], *print = q->reasons->print[charge];
    const struct op *op = q->reasons->decided[charge];
    memset(line, 0, sizeof *line);
    line->charge = charge;
    line->part = "";
    line->printed_as = book_text(q->book, print && print->printed_as ? print->printed_as : rule->printed_as);
    line->rule = (uint32_t)(rule - q->book->rules.data);
    line->base = op && op->code != OP_FLAT ? base_word(op->of) : "";
    line->rate = (tc_rate){op && op->code != OP_FLAT ? op->value : 0, op ? op->divisor : 1};
    if (op && op->code == OP_FLAT) line->flat.nanos = op->value;
    else line->base_amount = q->reasons->base[charge];
    line->amount = cost->charge[charge];
    line->at = "";
    if (tc_atto_to_money(&line->exact, q->exact[charge]) != TC_OK) line->exact = line->amount;
    if (print && print->stage_count) {
        line->to.nanos = print->stage[0].to_nanos;
        line->mode = (tc_rounding)print->stage[0].mode;
        line->at = level_word(print->stage[0].at);
    }
}

/* The place of supply: the client's state against the broker's. */
int place_of_supply(const tc_book *book, const tc_trade *trade)
{
    static const char union_territories[] = "an ch dh ld la"; /* those without a legislature, where UTGST stands for SGST */
    uint8_t state = trade->sel[TC_SEL_STATE];
    const char *word = tc_word(TC_SEL_STATE, state);
    if (!state || state != book->brokers.data[trade->broker].state) return 2;
    for (const char *at = union_territories; *at; at += at[2] ? 3 : 2)
        if ((word[0] | 0x20) == at[0] && (word[1] | 0x20) == at[1]) return 1;
    return 0;
}

/* Splits the gst line into its parts; the last takes what rounding leaves, so that they add up. */
static size_t split_gst(tc_line *lines, const struct quote *q)
{
    const struct rule *rule = q->rule[TC_GST];
    if (!rule->parts || rule->kind != RULE_AMOUNT) return 1;
    const int64_t *picos = q->book->parts.data[rule->parts - 1].picos[place_of_supply(q->book, q->trade)];
    tc_line whole = lines[0];
    int64_t left = whole.amount.nanos, exact_left = whole.exact.nanos, sum = gst_picos(q->book, rule);
    size_t count = 0;
    for (int part = 0; part < PART_COUNT; part++) {
        if (!picos[part]) continue;
        tc_line *line = &lines[count++];
        *line = whole;
        line->part = part_word((unsigned)part);
        line->rate.picos = picos[part];
        line->amount.nanos = (int64_t)((tc_atto)whole.amount.nanos * picos[part] / sum);
        line->exact.nanos = (int64_t)((tc_atto)whole.exact.nanos * picos[part] / sum);
        left -= line->amount.nanos;
        exact_left -= line->exact.nanos;
    }
    if (!count) return 1;
    lines[count - 1].amount.nanos += left;
    lines[count - 1].exact.nanos += exact_left;
    return count;
}

/* On a bill netting decides the taxes' class, and an order alone nets with nothing: it is delivered. */
static void explain_netted(struct quote *q)
{
    tc_trade delivered = *q->trade;
    struct reasons reasons = {.base = {{0}}};
    struct quote netted;
    tc_cost cost;
    if (delivered.sel[TC_SEL_SEGMENT] != TC_EQUITY || delivered.sel[TC_SEL_PRODUCT] != TC_INTRADAY) return;
    delivered.sel[TC_SEL_PRODUCT] = TC_DELIVERY;
    open_quote(&netted, q->book, &delivered, q->options);
    netted.reasons = &reasons;
    if (price(&netted, &cost, NULL) != TC_OK) return; /* a plan without delivery: the product's own lines stand */
    static const tc_charge statutory[] = {TC_TRANSACTION_TAX, TC_STAMP_DUTY};
    for (int i = 0; i < 2; i++) {
        tc_charge charge = statutory[i];
        q->rule[charge] = netted.rule[charge];
        q->exact[charge] = netted.exact[charge];
        q->reasons->decided[charge] = reasons.decided[charge];
        q->reasons->base[charge] = reasons.base[charge];
    }
}

tc_status tc_explain(tc_cost *cost, tc_line *lines, size_t *line_count, tc_error *error,
                     const tc_book *book, const tc_trade *trade, const tc_options *options)
{
    tc_options exact = *options;
    struct reasons reasons = {.base = {{0}}};
    struct quote q;
    if (options->level == TC_NOTE) exact.level = TC_EXACT;
    open_quote(&q, book, trade, &exact);
    q.reasons = &reasons;
    tc_cost result;
    tc_status status = price(&q, &result, error);
    if (status != TC_OK) return status;
    if (options->level == TC_NOTE) { /* the reasons are the exact lines'; the amounts and roundings the note's */
        explain_netted(&q);
        if ((status = note_of_one(&result, error, book, trade, options)) != TC_OK) return status;
        note_prints(reasons.print, book, trade);
    }
    size_t count = 0;
    for (int c = 0; c < TC_CHARGE_COUNT; c++) {
        if (!q.rule[c] || !(result.known >> c & 1)) continue;
        fill_line(&lines[count], &q, &result, (tc_charge)c);
        count += c == TC_GST ? split_gst(&lines[count], &q) : 1;
    }
    *line_count = count;
    *cost = result;
    return TC_OK;
}
