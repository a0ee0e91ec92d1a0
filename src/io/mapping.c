#include "mapping.h"

#include "core/exact.h"
#include "symbol.h"

static int find_header(const tc_text *headers, size_t count, const char *wanted)
{
    char normal[TC_HEADER_SIZE], each[TC_HEADER_SIZE];
    tc_header_normalise(normal, tc_text_of(wanted));
    for (size_t i = 0; i < count; i++) {
        tc_header_normalise(each, headers[i]);
        if (strcmp(normal, each) == 0) return (int)i;
    }
    return -1;
}

/* What follows from what is there. */
static void imply(tc_mapping *mapping, int from, const int *fields, size_t count)
{
    for (size_t i = 0; mapping->has[from] && i < count; i++) mapping->has[fields[i]] = true;
}

static void imply_all(tc_mapping *mapping)
{
    static const int of_name[] = {TC_F_SYMBOL, TC_F_SEGMENT, TC_F_UNDERLYING, TC_F_EXPIRY, TC_F_STRIKE,
                                  TC_F_OPTION_TYPE, TC_F_INSTRUMENT};
    static const int of_symbol[] = {TC_F_UNDERLYING, TC_F_EXPIRY, TC_F_STRIKE, TC_F_OPTION_TYPE, TC_F_INSTRUMENT};
    static const int of_sides[] = {TC_F_SIDE, TC_F_QUANTITY, TC_F_VALUE, TC_F_PRICE};
    static const int price[] = {TC_F_PRICE}, date[] = {TC_F_DATE}, event[] = {TC_F_EVENT}, venue[] = {TC_F_EXCHANGE};
    if (mapping->format->canonical) return;
    imply(mapping, TC_F_NAME, of_name, sizeof of_name / sizeof *of_name);
    imply(mapping, TC_F_SYMBOL, of_symbol, sizeof of_symbol / sizeof *of_symbol);
    imply(mapping, TC_X_BUY_QUANTITY, of_sides, sizeof of_sides / sizeof *of_sides);
    imply(mapping, TC_X_BUY_PRICE, price, 1);
    imply(mapping, TC_F_VALUE, price, 1);
    imply(mapping, TC_F_TIME, date, 1);
    imply(mapping, TC_X_AUCTION, event, 1);
    if (mapping->format->venue_in_symbol) imply(mapping, TC_F_SYMBOL, venue, 1);
}

void tc_mapping_bind(tc_mapping *mapping, const tc_format *format, const tc_text *headers, size_t count,
                     bool date1904)
{
    memset(mapping, 0, sizeof *mapping);
    mapping->format = format;
    mapping->date1904 = date1904;
    for (int i = 0; format->columns[i].header; i++) {
        mapping->cell_of[i] = find_header(headers, count, format->columns[i].header);
        if (mapping->cell_of[i] >= 0) mapping->has[format->columns[i].field] = true;
    }
    for (int i = 0; format->charges[i].header; i++)
        mapping->charge_of[i] = find_header(headers, count, format->charges[i].header);
    for (const tc_word_map *word = format->words; word->from; word++)
        if (!*word->from) mapping->has[word->field] = true;
    imply_all(mapping);
}

static tc_status refuse(tc_row *row, tc_status status, int field, const char *message)
{
    row->status = tc_fail(&row->error, status, tc_format_field(field), "%s", message);
    return status;
}

static tc_text cell_at(const tc_text *cells, size_t count, int at)
{
    if (at < 0 || (size_t)at >= count) return (tc_text){NULL, 0};
    tc_text text = tc_trim(cells[at]);
    return tc_is_blank(text) ? (tc_text){NULL, 0} : text;
}

static tc_text moment_text(tc_mapping *mapping, const tc_moment *moment)
{
    char text[TC_MOMENT_TEXT_SIZE];
    size_t size = tc_moment_format(text, moment);
    return tc_scratch_copy(&mapping->scratch, text, size);
}

static tc_status convert_date(tc_mapping *mapping, int field, tc_text text)
{
    tc_moment moment;
    if (tc_moment_read(&moment, text, mapping->date1904) != TC_OK || !moment.has_date) return TC_BAD_DATE;
    moment.has_time = false;
    if (field == TC_F_DATE) mapping->day = moment;
    mapping->value[field] = moment_text(mapping, &moment);
    return TC_OK;
}

static tc_status convert(tc_mapping *mapping, int field, tc_conversion as, tc_text text)
{
    switch (as) {
    case TC_AS_NUMBER: return tc_number_read(&mapping->value[field], &mapping->scratch, text, 6);
    case TC_AS_DATE: return convert_date(mapping, field, text);
    case TC_AS_TIME: return tc_moment_read(&mapping->time, text, mapping->date1904);
    case TC_AS_ID:
        if (tc_id_is_destroyed(text) || tc_text_is(text, "0")) return TC_OK;
        break;
    case TC_AS_TEXT: break;
    }
    mapping->value[field] = text;
    return TC_OK;
}

static tc_status convert_all(tc_mapping *mapping, tc_row *row, const tc_text *cells, size_t count)
{
    const tc_column_map *columns = mapping->format->columns;
    for (int i = 0; columns[i].header; i++) {
        tc_text text = cell_at(cells, count, mapping->cell_of[i]);
        if (!text.size) continue;
        tc_status status = convert(mapping, columns[i].field, columns[i].as, text);
        if (status == TC_BAD_NUMBER) return refuse(row, status, columns[i].field, "not a number");
        if (status != TC_OK) return refuse(row, status, columns[i].field, "not a date or time (m/d/y is never read)");
    }
    return TC_OK;
}

static tc_status convert_charges(tc_mapping *mapping, tc_row *row, const tc_text *cells, size_t count)
{
    const tc_charge_map *charges = mapping->format->charges;
    for (int i = 0; charges[i].header; i++) {
        tc_text text = cell_at(cells, count, mapping->charge_of[i]);
        if (!text.size) continue;
        tc_text *amount = &row->charge[charges[i].charge];
        if (tc_number_read(amount, &mapping->scratch, text, 9) != TC_OK) {
            row->status = tc_fail(&row->error, TC_BAD_NUMBER, charges[i].header, "not a number");
            return row->status;
        }
        row->charge_covers[charges[i].charge] = charges[i].covers;
    }
    return TC_OK;
}

static void translate(tc_mapping *mapping)
{
    for (const tc_word_map *word = mapping->format->words; word->from; word++) {
        tc_text *text = &mapping->value[word->field];
        if (tc_text_same(*text, word->from)) *text = tc_text_of(word->to);
    }
}

/* Tables end in notes and totals, and joined ones repeat their header: a line
 * where neither the date nor a quantity looks like one. */
static bool is_footer(const tc_mapping *mapping, const tc_text *cells, size_t count)
{
    const tc_column_map *columns = mapping->format->columns;
    for (int i = 0; columns[i].header; i++) {
        int field = columns[i].field;
        bool key = field == TC_F_DATE || field == TC_F_TIME || field == TC_F_QUANTITY ||
                   field == TC_X_BUY_QUANTITY || field == TC_X_SELL_QUANTITY;
        if (key && tc_is_numeric(cell_at(cells, count, mapping->cell_of[i]))) return false;
    }
    return true;
}

static bool micros_of(int64_t *micros, tc_text text)
{
    return text.size && tc_decimal_parse(micros, text.data, text.size, 6) == TC_OK;
}

static tc_text micros_text(tc_mapping *mapping, int64_t micros)
{
    char text[TC_DECIMAL_SIZE];
    size_t size = tc_decimal_format(text, micros, 6, 0);
    return tc_scratch_copy(&mapping->scratch, text, size);
}

static bool is_zero(tc_text number)
{
    int64_t micros;
    return !number.size || (micros_of(&micros, number) && micros == 0);
}

/* --- contracts, venues --- */

static bool is_commodity_venue(tc_text exchange)
{
    return tc_text_same(exchange, "MCX") || tc_text_same(exchange, "NCDEX") || tc_text_same(exchange, "NCO");
}

static bool ends_in_inr(tc_text name)
{
    return name.size >= 6 && tc_text_same((tc_text){name.data + name.size - 3, 3}, "INR");
}

static void set(tc_mapping *mapping, int field, const char *text) { mapping->value[field] = tc_text_of(text); }

static void set_segment(tc_mapping *mapping, tc_text underlying)
{
    if (is_commodity_venue(mapping->value[TC_F_EXCHANGE])) set(mapping, TC_F_SEGMENT, "commodity");
    else if (ends_in_inr(underlying)) set(mapping, TC_F_SEGMENT, "currency");
    else set(mapping, TC_F_SEGMENT, "equity-derivative");
}

static void take_contract(tc_mapping *mapping, const tc_contract *contract)
{
    tc_text *value = mapping->value;
    tc_moment expiry = {.has_date = true, .date = contract->expiry};
    value[TC_F_UNDERLYING] = contract->underlying;
    value[TC_F_EXPIRY] = moment_text(mapping, &expiry);
    value[TC_F_STRIKE] = contract->strike;
    value[TC_F_OPTION_TYPE] = contract->option_type;
    set(mapping, TC_F_INSTRUMENT, contract->instrument);
    if (*contract->class) set(mapping, TC_F_CLASS, contract->class);
    set_segment(mapping, contract->underlying);
    if (tc_text_same(value[TC_F_PRODUCT], "delivery")) set(mapping, TC_F_PRODUCT, "carryforward");
}

/* A symbol for a row that has a long name only. */
static tc_status name_symbol(tc_mapping *mapping, tc_row *row)
{
    tc_text *value = mapping->value;
    tc_contract contract;
    bool derivative = tc_text_begins(value[TC_F_INSTRUMENT], "opt") || tc_text_begins(value[TC_F_INSTRUMENT], "fut");
    if (tc_contract_claims(value[TC_F_NAME])) {
        if (!tc_contract_parse(&contract, value[TC_F_NAME]))
            return refuse(row, TC_BAD_VALUE, TC_F_SYMBOL, "the contract's name is not understood");
        take_contract(mapping, &contract);
        derivative = true;
    } else if (!derivative) {
        value[TC_F_UNDERLYING] = value[TC_F_EXPIRY] = (tc_text){NULL, 0};
    }
    if (is_zero(value[TC_F_STRIKE])) value[TC_F_STRIKE] = (tc_text){NULL, 0};
    value[TC_F_SYMBOL] = derivative ? tc_contract_symbol(&mapping->scratch, value[TC_F_UNDERLYING], value[TC_F_EXPIRY],
                                                         value[TC_F_STRIKE], value[TC_F_OPTION_TYPE])
                                    : tc_symbol_clean(&mapping->scratch, value[TC_F_NAME]);
    return TC_OK;
}

/* SBIN-EQ: the suffix is a series of NSE or a group of BSE. */
static void split_venue(tc_mapping *mapping)
{
    static const struct { const char *suffix, *exchange; } venues[] = {
        {"EQ", "NSE"}, {"BE", "NSE"}, {"BZ", "NSE"}, {"SM", "NSE"}, {"ST", "NSE"},
        {"A", "BSE"},  {"B", "BSE"},  {"T", "BSE"},  {"X", "BSE"},  {"XT", "BSE"}, {"Z", "BSE"},
    };
    tc_text *symbol = &mapping->value[TC_F_SYMBOL];
    size_t at = symbol->size;
    while (at && symbol->data[at - 1] != '-') at--;
    if (at < 2) return;
    tc_text suffix = {symbol->data + at, symbol->size - at};
    for (size_t i = 0; i < sizeof venues / sizeof *venues; i++) {
        if (!tc_text_same(suffix, venues[i].suffix)) continue;
        set(mapping, TC_F_EXCHANGE, venues[i].exchange);
        mapping->value[TC_F_SERIES] = suffix;
        symbol->size = at - 1;
        return;
    }
}

static void find_venue(tc_mapping *mapping)
{
    tc_text *value = mapping->value;
    tc_contract contract;
    if (value[TC_F_EXCHANGE].size) return;
    if (!tc_symbol_parse(&contract, value[TC_F_SYMBOL])) {
        split_venue(mapping);
        return;
    }
    tc_text underlying = contract.underlying;
    bool bse = tc_text_same(underlying, "SENSEX") || tc_text_same(underlying, "BANKEX") ||
               tc_text_same(underlying, "SENSEX50");
    bool commodity = tc_text_begins(value[TC_F_SEGMENT], "com");
    set(mapping, TC_F_EXCHANGE, commodity ? "MCX" : bse ? "BSE" : "NSE");
}

static tc_status name_security(tc_mapping *mapping, tc_row *row)
{
    tc_text *value = mapping->value;
    if (mapping->format->venue_in_symbol) find_venue(mapping);
    if (!value[TC_F_SYMBOL].size && value[TC_F_NAME].size) return name_symbol(mapping, row);
    return TC_OK;
}

/* --- sides and prices --- */

static bool says(tc_text side, char buy_or_sell)
{
    return side.size && (side.data[0] | 32) == buy_or_sell;
}

/* Some exports print sells as negative quantities. */
static tc_status unsign_quantity(tc_mapping *mapping, tc_row *row)
{
    tc_text *quantity = &mapping->value[TC_F_QUANTITY], *side = &mapping->value[TC_F_SIDE];
    tc_text *value = &mapping->value[TC_F_VALUE];
    if (value->size && value->data[0] == '-') value->data++, value->size--;
    if (!quantity->size || quantity->data[0] != '-') return TC_OK;
    if (says(*side, 'b')) return refuse(row, TC_CONTRADICTION, TC_F_QUANTITY, "negative, but bought");
    if (!side->size) *side = tc_text_of("sell");
    quantity->data++;
    quantity->size--;
    return TC_OK;
}

static tc_status check_value(tc_mapping *mapping, tc_row *row)
{
    int64_t quantity, price, value;
    tc_text *text = mapping->value;
    if (!micros_of(&quantity, text[TC_F_QUANTITY]) || !micros_of(&value, text[TC_F_VALUE])) return TC_OK;
    if (!text[TC_F_PRICE].size) {
        if (quantity <= 0) return TC_OK;
        tc_atto average = ((tc_atto)value * 1000000 + quantity / 2) / quantity;
        if (average > INT64_MAX) return refuse(row, TC_OVERFLOW, TC_F_PRICE, "value / quantity is out of range");
        text[TC_F_PRICE] = micros_text(mapping, (int64_t)average);
        return TC_OK;
    }
    if (!micros_of(&price, text[TC_F_PRICE])) return TC_OK;
    /* In units of 1e-12: a paisa a unit is 1e4 of them for each micro-unit. */
    tc_atto difference = (tc_atto)quantity * price - (tc_atto)value * 1000000;
    if (difference < 0) difference = -difference;
    if (difference <= (tc_atto)quantity * 10000) return TC_OK;
    return refuse(row, TC_CONTRADICTION, TC_F_VALUE, "differs from quantity x price by more than 0.01 a unit");
}

static tc_status check_day(tc_mapping *mapping, tc_row *row)
{
    tc_moment *day = &mapping->day, *time = &mapping->time;
    if (time->has_time && !time->has_date && day->has_date) {
        time->date = day->date;
        time->has_date = true;
    } else if (time->has_date && day->has_date && time->date.day != day->date.day) {
        return refuse(row, TC_CONTRADICTION, TC_F_TIME, "not on the trade date");
    }
    tc_moment date = day->has_date ? *day : *time;
    date.has_time = false;
    if (date.has_date) mapping->value[TC_F_DATE] = moment_text(mapping, &date);
    if (time->has_time) mapping->value[TC_F_TIME] = moment_text(mapping, time);
    return TC_OK;
}

/* The line's own sum, where it prints one. Every amount is rounded to a paisa. */
static tc_status check_net(tc_mapping *mapping, tc_row *row)
{
    enum { TOLERANCE = 50000 };
    int64_t net, buy = 0, sell = 0, part;
    if (!micros_of(&net, mapping->value[TC_X_NET])) return TC_OK;
    (void)micros_of(&buy, mapping->value[TC_X_BUY_VALUE]);
    (void)micros_of(&sell, mapping->value[TC_X_SELL_VALUE]);
    tc_atto difference = (tc_atto)sell - buy - net;
    for (int i = 0; i < TC_CHARGE_COUNT; i++)
        if (micros_of(&part, row->charge[i])) difference -= part;
    if (difference >= -TOLERANCE && difference <= TOLERANCE) return TC_OK;
    return refuse(row, TC_CONTRADICTION, TC_X_NET, "not sells - buys - charges");
}

static tc_status finish_fill(tc_mapping *mapping, tc_row *row)
{
    tc_status status = unsign_quantity(mapping, row);
    if (status == TC_OK) status = check_value(mapping, row);
    return status;
}

static void take_side(tc_mapping *mapping, bool sell)
{
    tc_text *value = mapping->value;
    value[TC_F_SIDE] = tc_text_of(sell ? "sell" : "buy");
    value[TC_F_QUANTITY] = value[sell ? TC_X_SELL_QUANTITY : TC_X_BUY_QUANTITY];
    value[TC_F_VALUE] = value[sell ? TC_X_SELL_VALUE : TC_X_BUY_VALUE];
    value[TC_F_PRICE] = (tc_text){NULL, 0};
}

static void hand_over(const tc_mapping *mapping, tc_row *row)
{
    memcpy(row->request.field, mapping->value, sizeof row->request.field);
}

/* --- kinds of rows --- */

static bool never_traded(const tc_mapping *mapping, tc_row *row)
{
    static const char *const dead[] = {"cancelled", "canceled", "rejected", "failed", "pending", "expired", "open"};
    static const char *const done[] = {"executed", "complete", "completed", "traded", "partially executed"};
    tc_text state = mapping->value[TC_X_STATUS];
    if (!state.size) return false;
    for (size_t i = 0; i < sizeof done / sizeof *done; i++)
        if (tc_text_same(state, done[i])) return false;
    for (size_t i = 0; i < sizeof dead / sizeof *dead; i++)
        if (tc_text_same(state, dead[i])) return true;
    refuse(row, TC_UNKNOWN_WORD, TC_X_STATUS, "neither executed nor dead");
    return false;
}

/* Fyers books the end of an option's life as a trade at midnight. */
static bool is_reversal(const tc_mapping *mapping, tc_text raw_product)
{
    bool midnight = mapping->time.has_time && mapping->time.micros == 0;
    bool no_product = !raw_product.size;
    return tc_text_begins(mapping->value[TC_F_ORDER_ID], "NDIR") || (midnight && no_product);
}

static bool has_charges(const tc_row *row)
{
    for (int i = 0; i < TC_CHARGE_COUNT; i++)
        if (!is_zero(row->charge[i])) return true;
    return false;
}

static tc_row_kind kind_of(const tc_mapping *mapping, tc_row *row)
{
    const tc_text *value = mapping->value;
    if (mapping->format->bill) return TC_ROW_CHARGES;
    if (never_traded(mapping, row)) return TC_ROW_LEFT_OUT;
    if (mapping->format->reversals && is_reversal(mapping, value[TC_F_PRODUCT])) return TC_ROW_LEFT_OUT;
    if (mapping->format->charge_lines && !value[TC_F_FILL_ID].size && is_zero(value[TC_F_QUANTITY])) return TC_ROW_CHARGES;
    if (mapping->has[TC_X_BUY_QUANTITY] && is_zero(value[TC_X_BUY_QUANTITY]) && is_zero(value[TC_X_SELL_QUANTITY]))
        return has_charges(row) ? TC_ROW_CHARGES : TC_ROW_LEFT_OUT;
    return TC_ROW_FILL;
}

static tc_status one_sided(tc_mapping *mapping, tc_row *row)
{
    tc_text *value = mapping->value;
    if (mapping->has[TC_X_BUY_PRICE] && !value[TC_F_PRICE].size)
        value[TC_F_PRICE] = value[says(value[TC_F_SIDE], 'b') ? TC_X_BUY_PRICE : TC_X_SELL_PRICE];
    if (tc_text_same(value[TC_X_AUCTION], "true")) set(mapping, TC_F_EVENT, "auction");
    return finish_fill(mapping, row);
}

static tc_status two_sided(tc_mapping *mapping, tc_row *row)
{
    bool bought = !is_zero(mapping->value[TC_X_BUY_QUANTITY]);
    tc_status status = check_net(mapping, row);
    if (status != TC_OK) return status;
    mapping->second = bought && !is_zero(mapping->value[TC_X_SELL_QUANTITY]);
    take_side(mapping, !bought);
    return finish_fill(mapping, row);
}

static void finish(tc_mapping *mapping, tc_row *row)
{
    bool aggregated = mapping->format->aggregated;
    tc_status status = name_security(mapping, row);
    if (status == TC_OK) status = check_day(mapping, row);
    if (status == TC_OK && !mapping->value[TC_F_DATE].size && !mapping->format->canonical)
        status = refuse(row, TC_BAD_DATE, TC_F_DATE, "no date");
    if (status == TC_OK) status = mapping->has[TC_X_BUY_QUANTITY] ? two_sided(mapping, row) : one_sided(mapping, row);
    hand_over(mapping, row);
    tc_symbol_fill(&row->request, &mapping->scratch);
    row->order_unknown = aggregated && !row->request.field[TC_F_ORDER_ID].size;
}

static void begin(tc_mapping *mapping)
{
    memset(mapping->value, 0, sizeof mapping->value);
    mapping->day = mapping->time = (tc_moment){0};
    mapping->second = false;
    mapping->scratch = (tc_scratch){mapping->room, sizeof mapping->room};
}

tc_row_kind tc_mapping_row(tc_mapping *mapping, tc_row *row, const tc_text *cells, size_t count)
{
    begin(mapping);
    if (!mapping->format->canonical && is_footer(mapping, cells, count)) return TC_ROW_NOTHING;
    tc_status status = convert_all(mapping, row, cells, count);
    if (status == TC_OK) status = convert_charges(mapping, row, cells, count);
    if (status != TC_OK) {
        hand_over(mapping, row);
        return TC_ROW_FILL;
    }
    translate(mapping);
    tc_row_kind kind = kind_of(mapping, row);
    if (kind == TC_ROW_CHARGES) {
        (void)check_day(mapping, row);
        hand_over(mapping, row);
    } else if (kind == TC_ROW_FILL && row->status == TC_OK) {
        finish(mapping, row);
    } else {
        hand_over(mapping, row);
    }
    return kind;
}

void tc_mapping_second(tc_mapping *mapping, tc_row *row)
{
    mapping->second = false;
    take_side(mapping, true);
    (void)finish_fill(mapping, row);
    hand_over(mapping, row);
    row->order_unknown = mapping->format->aggregated && !row->request.field[TC_F_ORDER_ID].size;
}
