#include "bookview.h"
#include "quote.h"

static const sheet_column columns[] = {
    {"charge", false}, {"part", false}, {"printed_as", false}, {"formula", false}, {"base", false},
    {"base_amount", true}, {"rate", true}, {"flat", true}, {"exact", true}, {"amount", true},
    {"round_to", true}, {"round_mode", false}, {"round_at", false}, {"rule", false}, {"from", false},
    {"until", false}, {"ref", false}, {"url", false}, {"status", false}, {"note", false},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

static bool line_known(const bill *b, const tc_line *line)
{
    return b->cost.known >> line->charge & 1;
}

static void line_row(cli *c, sheet *s, const bill *b, const tc_line *line)
{
    char text[NUMBER_SIZE];
    tc_rule_info rule = tc_book_rule(c->book, line->rule);
    bool rounded = line->to.nanos != 0, known = line_known(b, line);
    sheet_string(s, tc_charge_name(line->charge));
    sheet_string(s, line->part);
    sheet_string(s, line->printed_as);
    sheet_string(s, rule.formula);
    sheet_string(s, line->base);
    sheet_text(s, line_money(text, line->base_amount));
    sheet_text(s, line_rate(text, line->rate));
    sheet_text(s, line_money(text, line->flat));
    sheet_plain(s, text, known ? number_write(text, line->exact.nanos, NANO_DECIMALS, 0) : 0);
    sheet_plain(s, text, known ? number_money(text, line->amount.nanos, b->style) : 0);
    sheet_text(s, line_money(text, line->to));
    sheet_string(s, rounded ? rounding_word(line->mode) : "");
    sheet_string(s, rounded ? line->at : "");
    sheet_string(s, rule.id);
    sheet_date(s, rule.from);
    sheet_date(s, rule.until);
    sheet_string(s, rule.ref);
    sheet_string(s, rule.url);
    sheet_string(s, rule.status);
    sheet_string(s, *rule.note ? rule.note : rule.reason);
    sheet_end_row(s);
}

/* What went in and what came out: 250505 x 0.025% = 62.62625, rounded to 63. */
static void line_inputs(tc_buffer *to, const bill *b, const tc_line *line)
{
    char base[NUMBER_SIZE], text[NUMBER_SIZE];
    const char *equals = " = ";
    tc_text amount = line_money(base, line->base_amount), flat;
    if (line->rate.picos) {
        size_t size = number_percent(text, line->rate);
        buffer_print(to, "  inputs  %s %.*s x %.*s", line->base, (int)amount.size, amount.data, (int)size, text);
    } else if (line->flat.nanos) {
        flat = line_money(text, line->flat);
        buffer_print(to, "  inputs  Rs %.*s", (int)flat.size, flat.data);
        equals = line->flat.nanos == line->exact.nanos ? "" : ", in all "; /* several of them, or tax inside */
    } else {
        return;
    }
    if (*equals) buffer_print(to, "%s%.*s", equals, (int)number_write(text, line->exact.nanos, NANO_DECIMALS, 0), text);
    if (line->to.nanos) {
        tc_text step = line_money(text, line->to);
        buffer_print(to, ", rounded %s to Rs %.*s for the %s", rounding_word(line->mode), (int)step.size, step.data,
                     line->at);
        buffer_print(to, ": %.*s", (int)number_money(text, line->amount.nanos, b->style), text);
    }
    buffer_char(to, '\n');
}

static void line_rule(tc_buffer *to, const tc_rule_info *rule)
{
    char date[TC_DATE_TEXT_SIZE];
    tc_date_format(date, rule->from);
    buffer_print(to, "  rule    %s, since %s", rule->id, date);
    tc_date_format(date, rule->until);
    if (rule->until.day < TC_DATE_MAX) buffer_print(to, " until %s", date);
    buffer_print(to, "\n  source  %s", rule->ref);
    if (*rule->url) buffer_print(to, " <%s>", rule->url);
    buffer_print(to, " (%s)\n", rule->status);
    const char *note = *rule->note ? rule->note : rule->reason;
    if (*note) buffer_print(to, "  note    %s\n", note);
}

static void line_text(cli *c, const bill *b, const tc_line *line)
{
    tc_buffer *to = &c->out.text;
    char text[NUMBER_SIZE];
    tc_rule_info rule = tc_book_rule(c->book, line->rule);
    buffer_string(to, tc_charge_name(line->charge));
    if (*line->part) buffer_print(to, " (%s)", line->part);
    if (line_known(b, line)) buffer_print(to, "  %.*s\n", (int)number_money(text, line->amount.nanos, b->style), text);
    else buffer_string(to, "  unknown\n");
    buffer_string(to, "  formula ");
    rule_in_words(to, &rule);
    buffer_char(to, '\n');
    line_inputs(to, b, line);
    line_rule(to, &rule);
    buffer_char(to, '\n');
}

static void total_text(tc_buffer *to, const bill *b)
{
    char text[NUMBER_SIZE];
    size_t size = tc_cost_complete(&b->cost) ? number_money(text, b->cost.total.nanos, b->style) : 0;
    buffer_print(to, "total  %.*s\n", (int)size, text);
    flags_meaning(to, b->cost.flags);
}

void run_explain(cli *c)
{
    bill b;
    if (!bill_make(c, &b)) return;
    if (c->format == FORMAT_JSON || c->format == FORMAT_NDJSON) {
        bill_json(c, &b, true);
        return;
    }
    if (c->format == FORMAT_TABLE) {
        for (size_t i = 0; i < b.count; i++) line_text(c, &b, &b.lines[i]);
        total_text(&c->out.text, &b);
        return;
    }
    sheet s;
    sheet_open(&s, &c->out, c->format, columns, COLUMNS);
    for (size_t i = 0; i < b.count; i++) line_row(c, &s, &b, &b.lines[i]);
    sheet_close(&s);
}
