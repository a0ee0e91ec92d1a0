#include <stdlib.h>

#include "bookview.h"
#include "tradebook.h"

/* Rules as rows. A table has room for less than a file. */

static const sheet_column full[] = {
    {"rule", false}, {"charge", false}, {"layer", false}, {"broker", false}, {"plans", false},
    {"kind", false}, {"when", false}, {"formula", false}, {"per", false}, {"from", false},
    {"until", false}, {"doubt_from", false}, {"doubt_until", false}, {"review_by", false},
    {"status", false}, {"ref", false}, {"url", false}, {"note", false},
};
static const sheet_column brief[] = {
    {"rule", false}, {"plans", false}, {"when", false}, {"amount", false}, {"from", false},
    {"until", false}, {"status", false},
};

static const char *charge_word(const tc_rule_info *rule)
{
    return rule->charge >= 0 ? tc_charge_name((tc_charge)rule->charge) : "";
}

static void put_brief(sheet *s, const tc_rule_info *rule)
{
    tc_buffer amount = {0};
    rule_in_words(&amount, rule);
    sheet_string(s, rule->id);
    sheet_string(s, rule->plans);
    sheet_string(s, rule->when);
    sheet_text(s, (tc_text){amount.data, amount.size});
    sheet_date(s, rule->from);
    sheet_date(s, rule->until);
    sheet_string(s, rule->status);
    sheet_end_row(s);
    tc_buffer_free(&amount);
}

static void put_full(sheet *s, const tc_rule_info *rule)
{
    bool doubt = rule->doubt_from.day != rule->doubt_until.day;
    const tc_date never = {TC_DATE_MAX};
    sheet_string(s, rule->id);
    sheet_string(s, charge_word(rule));
    sheet_string(s, rule->layer);
    sheet_string(s, rule->broker);
    sheet_string(s, rule->plans);
    sheet_string(s, rule->kind);
    sheet_string(s, rule->when);
    sheet_string(s, rule->formula);
    sheet_string(s, rule->per);
    sheet_date(s, rule->from);
    sheet_date(s, rule->until);
    sheet_date(s, doubt ? rule->doubt_from : never);
    sheet_date(s, doubt ? rule->doubt_until : never);
    sheet_date(s, rule->review_by.day ? rule->review_by : never);
    sheet_string(s, rule->status);
    sheet_string(s, rule->ref);
    sheet_string(s, rule->url);
    sheet_string(s, *rule->note ? rule->note : rule->reason);
    sheet_end_row(s);
}

static void open_rules(cli *c, sheet *s)
{
    if (c->format == FORMAT_TABLE) sheet_open(s, &c->out, c->format, brief, sizeof brief / sizeof *brief);
    else sheet_open(s, &c->out, c->format, full, sizeof full / sizeof *full);
}

static void put_rule(cli *c, sheet *s, const tc_rule_info *rule)
{
    if (c->format == FORMAT_TABLE) put_brief(s, rule);
    else put_full(s, rule);
}

/* Whether some client of the broker sees the rule; every broker's do, for TC_NONE. */
static bool seen_at(const tc_book *book, size_t rule, uint16_t broker)
{
    if (broker == TC_NONE) return true;
    for (size_t plan = 0; plan < tc_book_plan_count(book); plan++)
        if (tc_book_plan(book, plan).broker == broker && tc_book_rule_in_plan(book, rule, (uint16_t)plan)) return true;
    return false;
}

/* list */

void run_tariff_list(cli *c)
{
    tc_date date;
    uint16_t broker;
    sheet s;
    bool dated = c->args.order.field[TC_F_DATE].size > 0;
    if (!request_date(c, &date) || !request_broker(c, &broker)) return;
    open_rules(c, &s);
    for (size_t i = 0; i < tc_book_rule_count(c->book); i++) {
        tc_rule_info rule = tc_book_rule(c->book, i);
        if (dated && !in_force(rule.from, rule.until, date)) continue;
        if (seen_at(c->book, i, broker)) put_rule(c, &s, &rule);
    }
    sheet_close(&s);
}

/* show */

static int find_charge(tc_text name)
{
    for (int charge = 0; charge < TC_CHARGE_COUNT; charge++) {
        const char *word = tc_charge_name((tc_charge)charge);
        size_t i = 0;
        while (i < name.size && (name.data[i] == word[i] || (name.data[i] == '-' && word[i] == '_'))) i++;
        if (i == name.size && !word[i]) return charge;
    }
    return -1;
}

/* Charges, then brokers: what `tariff show` takes. */
static const char *subject_at(const void *context, size_t index)
{
    if (index < TC_CHARGE_COUNT) return tc_charge_name((tc_charge)index);
    index -= TC_CHARGE_COUNT;
    return index < tc_book_broker_count(context) ? tc_book_broker(context, index).id : NULL;
}

static bool find_subject(cli *c, int *charge, uint16_t *broker)
{
    tc_text name = tc_text_of(c->args.operands[0]);
    *charge = find_charge(name);
    *broker = *charge < 0 ? tc_book_find_broker(c->book, name, NULL) : TC_NONE;
    if (*charge >= 0 || *broker != TC_NONE) return true;
    const char *like = nearest(name, subject_at, c->book);
    if (like) complain(c, EXIT_USAGE, "\"%s\" is no charge and no broker; did you mean %s?", name.data, like);
    else complain(c, EXIT_USAGE, "\"%s\" is no charge and no broker; see tradecost brokers", name.data);
    return false;
}

void run_tariff_show(cli *c)
{
    tc_date date;
    uint16_t seen_by, owner;
    int charge;
    sheet s;
    if (!request_date(c, &date) || !request_broker(c, &seen_by) || !find_subject(c, &charge, &owner)) return;
    const char *broker = owner == TC_NONE ? NULL : tc_book_broker(c->book, owner).id;
    open_rules(c, &s);
    for (size_t i = 0; i < tc_book_rule_count(c->book); i++) {
        tc_rule_info rule = tc_book_rule(c->book, i);
        if (!in_force(rule.from, rule.until, date) || !seen_at(c->book, i, seen_by)) continue;
        if (broker ? !strcmp(rule.broker, broker) : rule.charge == charge) put_rule(c, &s, &rule);
    }
    sheet_close(&s);
}

/* check */

void run_tariff_check(cli *c)
{
    const char *directory = c->args.operand_count ? c->args.operands[0] : tariff_directory(c);
    if (!directory) {
        remark(c, "no directory given: the book built in has %zu rules and is sound", tc_book_rule_count(c->book));
        return;
    }
    if (load_tariffs(c, directory))
        remark(c, "%s: %zu rules, no problem found", directory, tc_book_rule_count(c->book));
}

/* diff */

/* The steps of a rule's history share what stands before the @ of their ids. */
static size_t base_size(const char *id)
{
    return strcspn(id, "@");
}

static bool same_base(const char *a, const char *b)
{
    size_t size = base_size(a);
    return size == base_size(b) && !memcmp(a, b, size);
}

static bool find_step(const tc_book *book, const char *id, tc_date date, tc_rule_info *step)
{
    for (size_t i = 0; i < tc_book_rule_count(book); i++) {
        *step = tc_book_rule(book, i);
        if (in_force(step->from, step->until, date) && same_base(step->id, id)) return true;
    }
    return false;
}

static void put_change(sheet *s, const char *change, const tc_rule_info *before, const tc_rule_info *after)
{
    const tc_rule_info *rule = after ? after : before;
    tc_buffer text = {0};
    sheet_string(s, charge_word(rule));
    sheet_string(s, rule->broker);
    sheet_text(s, (tc_text){rule->id, base_size(rule->id)});
    sheet_string(s, change);
    if (before) rule_in_words(&text, before);
    sheet_text(s, (tc_text){text.data, text.size});
    text.size = 0;
    if (after) rule_in_words(&text, after);
    sheet_text(s, (tc_text){text.data, text.size});
    sheet_date(s, after ? after->from : before->until);
    sheet_string(s, rule->when);
    sheet_string(s, rule->ref);
    sheet_end_row(s);
    tc_buffer_free(&text);
}

static void put_changes(cli *c, sheet *s, uint16_t broker, tc_date first, tc_date second)
{
    tc_rule_info other;
    for (size_t i = 0; i < tc_book_rule_count(c->book); i++) {
        tc_rule_info rule = tc_book_rule(c->book, i);
        bool before = in_force(rule.from, rule.until, first), after = in_force(rule.from, rule.until, second);
        if (before == after || !seen_at(c->book, i, broker)) continue;
        if (after && find_step(c->book, rule.id, first, &other)) put_change(s, "changed", &other, &rule);
        else if (after) put_change(s, "new", NULL, &rule);
        else if (!find_step(c->book, rule.id, second, &other)) put_change(s, "ended", &rule, NULL);
    }
}

void run_tariff_diff(cli *c)
{
    static const sheet_column columns[] = {{"charge", false}, {"broker", false}, {"rule", false},
                                           {"change", false}, {"before", false}, {"after", false},
                                           {"from", false}, {"when", false}, {"ref", false}};
    tc_date first, second;
    uint16_t broker;
    sheet s;
    if (!option_date(c, "D1", tc_text_of(c->args.operands[0]), &first)) return;
    if (!option_date(c, "D2", tc_text_of(c->args.operands[1]), &second)) return;
    if (!request_broker(c, &broker)) return;
    sheet_open(&s, &c->out, c->format, columns, sizeof columns / sizeof *columns);
    put_changes(c, &s, broker, first, second);
    sheet_close(&s);
}

/* impact */

static bool price_as_of(cli *c, const char *date, cost_sum *sum)
{
    const trade_day *trades;
    const tradebook_options options = {.as_of = tc_text_of(date)};
    tradebook *book = tradebook_open(c, c->args.operands, c->args.operand_count, &options);
    if (!book) return false;
    tc_day *day = new_day(c);
    while ((trades = tradebook_next(book))) {
        const tc_fill_cost *costs = day_price(book, day, trades, NULL);
        for (size_t i = 0; i < trades->trades; i++)
            if (costs[i].status == TC_OK) cost_sum_add(sum, &costs[i].cost);
    }
    tc_day_free(day);
    tradebook_close(book);
    return true;
}

static wide sum_of(const cost_sum *sum, size_t amount)
{
    int charge = amount_charge(amount);
    if (charge >= 0) return sum->charge_nanos[charge];
    return !strcmp(amount_name(amount), "total") ? sum->total_nanos : sum->note_total_nanos;
}

static void put_impact(cli *c, const cost_sum *before, const cost_sum *after)
{
    static const sheet_column columns[] = {{"charge", false}, {"before", true}, {"after", true}, {"difference", true}};
    char text[NUMBER_SIZE];
    sheet s;
    number_style style = number_style_of(c->pricing.level);
    sheet_open(&s, &c->out, c->format, columns, 4);
    for (size_t i = 1; i < AMOUNT_COUNT; i++) { /* turnover, the first, is the same on both days */
        sheet_string(&s, amount_name(i));
        size_t known_before = amount_text(text, before, i, style);
        sheet_plain(&s, text, known_before);
        size_t known_after = amount_text(text, after, i, style);
        sheet_plain(&s, text, known_after);
        wide difference = sum_of(after, i) - sum_of(before, i);
        sheet_plain(&s, text, known_before && known_after ? number_money(text, difference, style) : 0);
        sheet_end_row(&s);
    }
    sheet_close(&s);
}

void run_tariff_impact(cli *c)
{
    const char *from = c->args.value[OPT_FROM], *to = c->args.value[OPT_TO];
    cost_sum before = {0}, after = {0};
    tc_date date;
    if (!from || !to) {
        complain(c, EXIT_USAGE, "needs --from and --to");
        return;
    }
    if (!option_date(c, "--from", tc_text_of(from), &date) || !option_date(c, "--to", tc_text_of(to), &date)) return;
    if (price_as_of(c, from, &before) && price_as_of(c, to, &after)) put_impact(c, &before, &after);
}
