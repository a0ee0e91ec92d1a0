#include "amounts.h"

/* Where an amount comes from. */
enum { TURNOVER = -1, NOTE_TOTAL = -2, TOTAL = -3 };

static const struct {
    int charge; /* tc_charge, or one of the above */
    const char *name;
} amounts[AMOUNT_COUNT] = {
    {TURNOVER, "turnover"},
    {TC_BROKERAGE, "brokerage"},
    {TC_TRANSACTION_TAX, "transaction_tax"},
    {TC_EXCHANGE_CHARGE, "exchange_charge"},
    {TC_CLEARING_CHARGE, "clearing_charge"},
    {TC_SEBI_FEE, "sebi_fee"},
    {TC_IPFT, "ipft"},
    {TC_STAMP_DUTY, "stamp_duty"},
    {TC_GST, "gst"},
    {TC_OTHER, "other"},
    {NOTE_TOTAL, "note_total"},
    {TC_DP_CHARGE, "dp_charge"},
    {TOTAL, "total"},
};

const char *amount_name(size_t amount)
{
    return amounts[amount].name;
}

int amount_charge(size_t amount)
{
    return amounts[amount].charge >= 0 ? amounts[amount].charge : -1;
}

sheet_column amount_column(size_t amount)
{
    return (sheet_column){amounts[amount].name, true};
}

void cost_sum_add(cost_sum *sum, const tc_cost *cost)
{
    sum->turnover_micros += cost->turnover.micros;
    for (int charge = 0; charge < TC_CHARGE_COUNT; charge++) sum->charge_nanos[charge] += cost->charge[charge].nanos;
    sum->note_total_nanos += cost->note_total.nanos;
    sum->total_nanos += cost->total.nanos;
    sum->unknown |= (uint16_t)(~cost->known & ((1u << TC_CHARGE_COUNT) - 1));
    sum->flags |= cost->flags;
}

size_t amount_text(char *to, const cost_sum *sum, size_t amount, number_style style)
{
    int charge = amounts[amount].charge;
    switch (charge) {
    case TURNOVER:
        return number_turnover(to, sum->turnover_micros, style);
    case NOTE_TOTAL:
        return cost_sum_complete(sum) ? number_money(to, sum->note_total_nanos, style) : 0;
    case TOTAL:
        return cost_sum_complete(sum) ? number_money(to, sum->total_nanos, style) : 0;
    default:
        return sum->unknown >> charge & 1 ? 0 : number_money(to, sum->charge_nanos[charge], style);
    }
}

size_t amount_text_of_cost(char *to, const tc_cost *cost, size_t amount, number_style style)
{
    int charge = amounts[amount].charge;
    switch (charge) {
    case TURNOVER:
        return number_turnover(to, cost->turnover.micros, style);
    case NOTE_TOTAL:
        return tc_cost_complete(cost) ? number_money(to, cost->note_total.nanos, style) : 0;
    case TOTAL:
        return tc_cost_complete(cost) ? number_money(to, cost->total.nanos, style) : 0;
    default:
        return cost->known >> charge & 1 ? number_money(to, cost->charge[charge].nanos, style) : 0;
    }
}

/* In csv all thirteen go behind each other at once: of a large tradebook, this
 * is what most of the writing is. */
static void csv_cost(sheet *s, const tc_cost *cost, number_style style)
{
    char *begin = buffer_need(s->to, AMOUNT_COUNT * (NUMBER_SIZE + 1)), *to = begin;
    for (size_t i = 0; i < AMOUNT_COUNT; i++) {
        *to++ = ',';
        to += amount_text_of_cost(to, cost, i, style);
    }
    s->to->size += (size_t)(to - begin);
    s->next += AMOUNT_COUNT;
}

void sheet_cost(sheet *s, const tc_cost *cost, number_style style)
{
    if (s->format == FORMAT_CSV && s->next) {
        csv_cost(s, cost, style);
        return;
    }
    for (size_t i = 0; i < AMOUNT_COUNT; i++)
        sheet_end_plain(s, amount_text_of_cost(sheet_begin_plain(s, NUMBER_SIZE), cost, i, style));
}

void sheet_cost_sum(sheet *s, const cost_sum *sum, number_style style)
{
    for (size_t i = 0; i < AMOUNT_COUNT; i++)
        sheet_end_plain(s, amount_text(sheet_begin_plain(s, NUMBER_SIZE), sum, i, style));
}

void sheet_no_amounts(sheet *s)
{
    for (size_t i = 0; i < AMOUNT_COUNT; i++) sheet_plain(s, "", 0);
}

void flags_text(tc_buffer *to, uint32_t flags)
{
    const char *between = "";
    for (unsigned bit = 0; bit < TC_FLAG_COUNT; bit++) {
        if (!(flags >> bit & 1)) continue;
        buffer_string(to, between);
        buffer_string(to, tc_flag_word(bit));
        between = " ";
    }
}

/* Rows that follow each other mostly carry the same flags. */
void sheet_flags(sheet *s, uint32_t flags)
{
    static tc_buffer text;
    static uint32_t written;
    if (flags != written) {
        text.size = 0;
        flags_text(&text, flags);
        written = flags;
    }
    sheet_plain(s, text.data, text.size);
}
