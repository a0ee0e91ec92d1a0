/* From a request as text to a trade with every word known: the defaults are in tradecost(1). */
#include <string.h>

#include "layout.h"
#include "words.h"

struct resolver {
    const tc_book *book;
    const tc_request *request;
    const tc_context *context;
    tc_trade *trade;
    tc_error *error;
};

#define EQUALS(text, word) tc_text_is(text, word)

static tc_text say(const struct resolver *r, tc_field field)
{
    tc_text text = r->request->field[field];
    return text.size ? text : r->context->defaults.field[field];
}

static tc_status fail(struct resolver *r, tc_status status, tc_field field, const char *message)
{
    tc_text text = say(r, field);
    int size = text.size > 60 ? 60 : (int)text.size;
    if (!text.size) return tc_fail(r->error, status, tc_field_name(field), "%s: %s", tc_field_name(field), message);
    return tc_fail(r->error, status, tc_field_name(field), "%s %.*s: %s", tc_field_name(field), size, text.data, message);
}

static tc_status read_word(struct resolver *r, tc_field field, tc_selector selector, uint8_t otherwise)
{
    tc_text text = say(r, field);
    uint8_t number = tc_word_find(selector, text);
    if (text.size && !number) return fail(r, TC_UNKNOWN_WORD, field, tc_field_meaning(field));
    r->trade->sel[selector] = number ? number : otherwise;
    return TC_OK;
}

static tc_status read_number(struct resolver *r, tc_field field, unsigned scale, int64_t *units)
{
    tc_text text = say(r, field);
    if (!text.size) return TC_OK;
    tc_status status = tc_decimal_parse(units, text.data, text.size, scale);
    if (status == TC_OVERFLOW) return fail(r, status, field, "too large");
    if (status != TC_OK) return fail(r, status, field, scale ? "not a number with at most 6 decimals" : "not a whole number");
    return *units < 0 ? fail(r, TC_BAD_VALUE, field, "must not be negative") : TC_OK;
}

static tc_status read_days(struct resolver *r, tc_field field, int32_t *days)
{
    int64_t value = -1;
    tc_status status = read_number(r, field, 0, &value);
    if (status == TC_OK && value > 1000000) return fail(r, TC_BAD_VALUE, field, "too large");
    *days = (int32_t)value;
    return status;
}

static tc_status read_date(struct resolver *r)
{
    tc_text date = say(r, TC_F_DATE), time = say(r, TC_F_TIME);
    tc_date timed = {TC_DATE_MIN - 1};
    int64_t micros;
    if (time.size && tc_time_read(&timed, &micros, time.data, time.size) != TC_OK)
        return fail(r, TC_BAD_DATE, TC_F_TIME, "write hh:mm:ss or yyyy-mm-ddThh:mm:ss");
    bool has_time = timed.day >= TC_DATE_MIN;
    if (date.size && tc_date_read(&r->trade->date, date.data, date.size) != TC_OK)
        return fail(r, TC_BAD_DATE, TC_F_DATE, "write yyyy-mm-dd");
    if (date.size && has_time && timed.day != r->trade->date.day)
        return fail(r, TC_CONTRADICTION, TC_F_TIME, "another day than the date");
    if (!date.size && has_time) r->trade->date = timed;
    else if (!date.size && r->context->today.day >= TC_DATE_MIN) r->trade->date = r->context->today;
    else if (!date.size) return fail(r, TC_VALUE_NEEDED, TC_F_DATE, "give a date, or a time with one");
    if (r->trade->date.day >= r->book->first_day) return TC_OK;
    char first[TC_DATE_TEXT_SIZE];
    tc_date_format(first, (tc_date){r->book->first_day});
    return tc_fail(r->error, TC_BEFORE_COVERAGE, "date", "the book begins on %s", first);
}

static tc_status read_broker(struct resolver *r)
{
    const char *nearest = "";
    tc_text broker = say(r, TC_F_BROKER), plan = say(r, TC_F_PLAN);
    if (!broker.size) return fail(r, TC_UNKNOWN_BROKER, TC_F_BROKER, "no broker is named");
    r->trade->broker = tc_book_find_broker(r->book, broker, &nearest);
    if (r->trade->broker == TC_NONE)
        return tc_fail(r->error, TC_UNKNOWN_BROKER, "broker", "%.*s; nearest: %s", broker.size > 60 ? 60 : (int)broker.size, broker.data, nearest);
    r->trade->plan = tc_book_find_plan(r->book, r->trade->broker, plan, r->trade->date);
    if (r->trade->plan != TC_NONE) return TC_OK;
    const char *id = book_text(r->book, r->book->brokers.data[r->trade->broker].id);
    if (plan.size) return tc_fail(r->error, TC_UNKNOWN_WORD, "plan", "%s has no plan %.*s", id, plan.size > 60 ? 60 : (int)plan.size, plan.data);
    return tc_fail(r->error, TC_NO_TARIFF, "plan", "%s has no default plan on that date", id);
}

/* The market's segment codes fix exchange and segment together. */
static const struct { const char *word; uint8_t exchange, segment; } markets[] = {
    {"NFO", TC_NSE, TC_EQUITY_DERIVATIVE}, {"BFO", TC_BSE, TC_EQUITY_DERIVATIVE}, {"CDS", TC_NSE, TC_CURRENCY},
    {"BCD", TC_BSE, TC_CURRENCY}, {"NCO", TC_NSE, TC_COMMODITY}, {"BCO", TC_BSE, TC_COMMODITY}, {"MCX", TC_MCX, TC_COMMODITY},
    {"NCDEX", TC_NCDEX, TC_COMMODITY}, {"NSE_FNO", TC_NSE, TC_EQUITY_DERIVATIVE}, {"NSE_FO", TC_NSE, TC_EQUITY_DERIVATIVE},
    {"BSE_FNO", TC_BSE, TC_EQUITY_DERIVATIVE}, {"BSE_FO", TC_BSE, TC_EQUITY_DERIVATIVE}, {"MCX_COMM", TC_MCX, TC_COMMODITY},
    {"NSE_CURRENCY", TC_NSE, TC_CURRENCY}, {"BSE_CURRENCY", TC_BSE, TC_CURRENCY}};

static tc_status read_market(struct resolver *r)
{
    uint8_t *sel = r->trade->sel, fixed = 0;
    tc_text exchange = say(r, TC_F_EXCHANGE);
    if (!exchange.size) return fail(r, TC_VALUE_NEEDED, TC_F_EXCHANGE, tc_field_meaning(TC_F_EXCHANGE));
    for (size_t i = 0; i < sizeof markets / sizeof *markets; i++)
        if (EQUALS(exchange, markets[i].word)) {
            sel[TC_SEL_EXCHANGE] = markets[i].exchange;
            fixed = markets[i].segment;
        }
    tc_status status = fixed ? TC_OK : read_word(r, TC_F_EXCHANGE, TC_SEL_EXCHANGE, 0);
    if (status == TC_OK) status = read_word(r, TC_F_SEGMENT, TC_SEL_SEGMENT, fixed ? fixed : TC_EQUITY);
    if (!fixed && (sel[TC_SEL_EXCHANGE] == TC_MCX || sel[TC_SEL_EXCHANGE] == TC_NCDEX)) {
        if (!say(r, TC_F_SEGMENT).size) sel[TC_SEL_SEGMENT] = TC_COMMODITY;
        fixed = TC_COMMODITY;
    }
    if (status == TC_OK && fixed && sel[TC_SEL_SEGMENT] != fixed)
        return fail(r, TC_CONTRADICTION, TC_F_SEGMENT, "the exchange is of another segment");
    return status;
}

static tc_status check_symbol(struct resolver *r)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789&._ :-";
    tc_text symbol = say(r, TC_F_SYMBOL), isin = say(r, TC_F_ISIN);
    if (!symbol.size && !isin.size && r->context->symbol_required) return fail(r, TC_VALUE_NEEDED, TC_F_SYMBOL, "every row needs one");
    if (symbol.size > 64) return fail(r, TC_BAD_VALUE, TC_F_SYMBOL, "longer than 64 bytes");
    for (size_t i = 0; i < symbol.size; i++)
        if (!symbol.data[i] || !strchr(allowed, symbol.data[i])) return fail(r, TC_BAD_VALUE, TC_F_SYMBOL, "a letter that no symbol has");
    return TC_OK;
}

static const struct etf *find_named(const tc_book *book, tc_text name, int32_t day, bool by_isin)
{
    uint32_t mask = book->etf_slots.count - 1, slot = name_hash(name.data, name.size) & mask;
    for (; book->etf_slots.data[slot]; slot = (slot + 1) & mask) {
        const struct etf *etf = &book->etfs.data[book->etf_slots.data[slot] - 1];
        bool in_force = by_isin || (etf->from <= day && day < etf->until);
        if (in_force && EQUALS(name, book_text(book, by_isin ? etf->isin : etf->symbol))) return etf;
    }
    return NULL;
}

static const struct etf *find_etf(const tc_book *book, tc_text isin, tc_text symbol, int32_t day)
{
    const struct etf *etf = isin.size ? find_named(book, isin, day, true) : NULL;
    return etf || !symbol.size ? etf : find_named(book, symbol, day, false);
}

/* A name that begins `text`, and after which no letter goes on. */
static size_t prefix_size(tc_text text, const char *name)
{
    size_t size = strlen(name);
    if (size > text.size || !EQUALS(((tc_text){text.data, size}), name)) return 0;
    char after = size < text.size ? text.data[size] : '\0';
    return (after >= 'A' && after <= 'Z') || (after >= 'a' && after <= 'z') ? 0 : size;
}

static const struct contract *find_index(const tc_book *book, tc_text text)
{
    const struct contract *best = NULL;
    size_t longest = 0;
    for (uint32_t i = 0; i < book->contracts.count; i++) {
        size_t size = prefix_size(text, book_text(book, book->contracts.data[i].name));
        if (size > longest) longest = size, best = &book->contracts.data[i];
    }
    return best;
}

static const struct commodity *find_commodity(const tc_book *book, tc_text text)
{
    const struct commodity *best = NULL;
    size_t longest = 0;
    for (uint32_t i = 0; i < book->commodities.count; i++) {
        const char *prefix = book_text(book, book->commodities.data[i].prefix);
        size_t size = strlen(prefix);
        if (size <= longest || size > text.size || !EQUALS(((tc_text){text.data, size}), prefix)) continue;
        longest = size;
        best = &book->commodities.data[i];
    }
    return best;
}

static tc_status resolve_equity(struct resolver *r)
{
    tc_text isin = say(r, TC_F_ISIN), symbol = say(r, TC_F_SYMBOL);
    uint8_t *sel = r->trade->sel;
    bool fund = isin.size >= 3 && !memcmp(isin.data, "INF", 3);
    const struct etf *etf = NULL;
    if (!sel[TC_SEL_INSTRUMENT]) {
        etf = find_etf(r->book, isin, symbol, r->trade->date.day);
        sel[TC_SEL_INSTRUMENT] = fund || etf ? TC_ETF : TC_SHARE;
    }
    if (sel[TC_SEL_INSTRUMENT] == TC_FUTURE || sel[TC_SEL_INSTRUMENT] == TC_OPTION)
        return fail(r, TC_CONTRADICTION, TC_F_INSTRUMENT, "not of the equity segment");
    if (sel[TC_SEL_INSTRUMENT] != TC_ETF) {
        sel[TC_SEL_CLASS] = 0;
        return TC_OK;
    }
    if (sel[TC_SEL_CLASS]) return TC_OK;
    if (!etf) etf = find_etf(r->book, isin, symbol, r->trade->date.day);
    if (!etf) return fail(r, TC_CLASS_NEEDED, TC_F_CLASS, "this ETF is not in the book's list; say equity gold silver liquid debt international");
    sel[TC_SEL_CLASS] = etf->class_;
    return TC_OK;
}

static void resolve_ctt(struct resolver *r, const struct commodity *commodity)
{
    uint8_t *sel = r->trade->sel;
    sel[TC_SEL_CTT] = sel[TC_SEL_CLASS] == TC_CLASS_NONAGRI ? TC_CTT_TAXED : TC_CTT_UNKNOWN;
    if (!commodity) return;
    sel[TC_SEL_UNDERLYING] = commodity->underlying;
    r->trade->unit_mg = commodity->unit_kg; /* micro-kilograms are milligrams */
    sel[TC_SEL_CTT] = TC_CTT_EXEMPT; /* before the first step there was no tax */
    for (uint32_t i = 0; i < commodity->ctt_count; i++) {
        const struct ctt_step *step = &r->book->ctt_steps.data[commodity->ctt + i];
        if (step->from <= r->trade->date.day) sel[TC_SEL_CTT] = step->is;
    }
}

static tc_status resolve_commodity(struct resolver *r, tc_text underlying)
{
    uint8_t *sel = r->trade->sel;
    const struct commodity *commodity = find_commodity(r->book, underlying);
    if (!sel[TC_SEL_CLASS] && !commodity)
        return fail(r, TC_CLASS_NEEDED, TC_F_CLASS, "this commodity is not in the book's list; say commodity-agri or commodity-nonagri");
    if (!sel[TC_SEL_CLASS])
        sel[TC_SEL_CLASS] = commodity->index ? TC_CLASS_INDEX : commodity->agri ? TC_CLASS_AGRI : TC_CLASS_NONAGRI;
    resolve_ctt(r, commodity);
    return TC_OK;
}

static void resolve_contract(struct resolver *r, const struct contract *index)
{
    r->trade->sel[TC_SEL_UNDERLYING] = index->underlying;
    for (uint32_t i = 0; i < r->book->contract_steps.count; i++) {
        const struct contract_step *step = &r->book->contract_steps.data[i];
        if (step->underlying != index->underlying || r->trade->date.day < step->from || r->trade->date.day >= step->until) continue;
        if (step->what == CONTRACT_LOT && !r->trade->lot_size.micros) r->trade->lot_size.micros = step->value;
        if (step->what == CONTRACT_FREEZE) r->trade->freeze.micros = step->value;
    }
}

static bool settled_physically(const tc_book *book, int32_t day, bool *between)
{
    int32_t first = INT32_MAX, last = INT32_MIN;
    for (uint32_t i = 0; i < book->physical.count; i++) {
        if (book->physical.data[i].from < first) first = book->physical.data[i].from;
        if (book->physical.data[i].from > last) last = book->physical.data[i].from;
    }
    *between = day >= first && day < last;
    return book->physical.count && day >= last;
}

static tc_status resolve_derivative(struct resolver *r)
{
    uint8_t *sel = r->trade->sel;
    tc_text underlying = say(r, TC_F_UNDERLYING);
    if (!underlying.size) underlying = say(r, TC_F_SYMBOL);
    if (!sel[TC_SEL_INSTRUMENT] && (say(r, TC_F_STRIKE).size || sel[TC_SEL_OPTION_TYPE])) sel[TC_SEL_INSTRUMENT] = TC_OPTION;
    if (!sel[TC_SEL_INSTRUMENT]) return fail(r, TC_VALUE_NEEDED, TC_F_INSTRUMENT, "future or option");
    if (sel[TC_SEL_INSTRUMENT] != TC_FUTURE && sel[TC_SEL_INSTRUMENT] != TC_OPTION)
        return fail(r, TC_CONTRADICTION, TC_F_INSTRUMENT, "a derivative is a future or an option");
    if (sel[TC_SEL_SEGMENT] == TC_COMMODITY) return resolve_commodity(r, underlying);
    if (sel[TC_SEL_SEGMENT] == TC_CURRENCY) {
        if (!sel[TC_SEL_CLASS]) sel[TC_SEL_CLASS] = TC_CLASS_CURRENCY;
        return TC_OK;
    }
    const struct contract *index = find_index(r->book, underlying);
    if (!sel[TC_SEL_CLASS]) sel[TC_SEL_CLASS] = index ? TC_CLASS_INDEX : TC_CLASS_STOCK;
    if (index) resolve_contract(r, index);
    bool between;
    sel[TC_SEL_SETTLEMENT] = TC_CASH_SETTLED;
    if (sel[TC_SEL_CLASS] != TC_CLASS_STOCK) return TC_OK;
    if (settled_physically(r->book, r->trade->date.day, &between) || sel[TC_SEL_EVENT] == TC_PHYSICAL)
        sel[TC_SEL_SETTLEMENT] = TC_PHYSICALLY_SETTLED;
    else if (between && sel[TC_SEL_EVENT] != TC_TRADE) r->trade->flags |= TC_FLAG_ASSUMED_SETTLEMENT;
    return TC_OK;
}

static uint8_t find_series(const tc_book *book, tc_text name)
{
    for (uint32_t i = 1; i < book->series_names.count; i++)
        if (EQUALS(name, book_text(book, book->series_names.data[i]))) return (uint8_t)i;
    return 0;
}

static void resolve_series(struct resolver *r)
{
    uint8_t *sel = r->trade->sel;
    tc_text series = say(r, TC_F_SERIES);
    if (sel[TC_SEL_SEGMENT] != TC_EQUITY) return;
    if (!series.size) {
        series = sel[TC_SEL_EXCHANGE] == TC_BSE ? (tc_text){"A", 1} : (tc_text){"EQ", 2};
        if (sel[TC_SEL_EXCHANGE] == TC_BSE) r->trade->flags |= TC_FLAG_ASSUMED_SERIES;
    }
    sel[TC_SEL_SERIES] = find_series(r->book, series);
    sel[TC_SEL_NETTING] = TC_NETS;
    for (uint32_t i = 0; i < r->book->series.count; i++) {
        const struct series *entry = &r->book->series.data[i];
        if (entry->number == sel[TC_SEL_SERIES] && entry->exchange == sel[TC_SEL_EXCHANGE]) sel[TC_SEL_NETTING] = entry->netting;
    }
}

static tc_status resolve_product(struct resolver *r)
{
    uint8_t *sel = r->trade->sel;
    tc_status status = read_word(r, TC_F_PRODUCT, TC_SEL_PRODUCT, 0);
    if (status != TC_OK || sel[TC_SEL_PRODUCT]) {
        /* Brokers file a delivery of a derivative under NRML, Upstox's D and Angel's words. */
        if (status == TC_OK && sel[TC_SEL_SEGMENT] != TC_EQUITY && sel[TC_SEL_PRODUCT] == TC_DELIVERY &&
            EQUALS(say(r, TC_F_PRODUCT), "D")) sel[TC_SEL_PRODUCT] = TC_CARRYFORWARD;
        return status;
    }
    if (sel[TC_SEL_SEGMENT] != TC_EQUITY) sel[TC_SEL_PRODUCT] = TC_CARRYFORWARD;
    else if (!r->context->product_inferred) return fail(r, TC_VALUE_NEEDED, TC_F_PRODUCT, "delivery, intraday or mtf");
    return TC_OK;
}

/* Exercise is the long holder's, assignment the writer's; `buy` means long. */
static tc_status resolve_side(struct resolver *r)
{
    uint8_t *sel = r->trade->sel;
    tc_status status = read_word(r, TC_F_SIDE, TC_SEL_SIDE, 0);
    if (status != TC_OK) return status;
    uint8_t own = sel[TC_SEL_EVENT] == TC_EXERCISE ? TC_BUY : sel[TC_SEL_EVENT] == TC_ASSIGNMENT ? TC_SELL : 0;
    if (own && sel[TC_SEL_SIDE] && sel[TC_SEL_SIDE] != own)
        return fail(r, TC_CONTRADICTION, TC_F_SIDE, own == TC_BUY ? "an exercise is the long holder's (buy)" : "an assignment is the writer's (sell)");
    if (own) sel[TC_SEL_SIDE] = own;
    return sel[TC_SEL_SIDE] ? TC_OK : fail(r, TC_VALUE_NEEDED, TC_F_SIDE, "buy or sell");
}

static bool trades_whole(uint8_t instrument)
{
    return instrument == TC_SHARE || instrument == TC_ETF || instrument == TC_FUTURE || instrument == TC_OPTION;
}

static tc_status read_quantities(struct resolver *r)
{
    tc_trade *trade = r->trade;
    tc_status status = read_number(r, TC_F_QUANTITY, 6, &trade->quantity.micros);
    if (status == TC_OK) status = read_number(r, TC_F_PRICE, 6, &trade->price.micros);
    if (status == TC_OK) status = read_number(r, TC_F_STRIKE, 6, &trade->strike.micros);
    if (status == TC_OK) status = read_number(r, TC_F_LOT_SIZE, 6, &trade->lot_size.micros);
    if (status != TC_OK) return status;
    if (!say(r, TC_F_QUANTITY).size) return fail(r, TC_VALUE_NEEDED, TC_F_QUANTITY, "how many?");
    if (!say(r, TC_F_PRICE).size) return fail(r, TC_VALUE_NEEDED, TC_F_PRICE, "at what price?");
    if (!trade->quantity.micros) return fail(r, TC_BAD_VALUE, TC_F_QUANTITY, "must be above 0");
    if (!trade->price.micros) return fail(r, TC_BAD_VALUE, TC_F_PRICE, "must be above 0");
    if (trade->quantity.micros > TC_QUANTITY_MICROS_MAX) return fail(r, TC_BAD_VALUE, TC_F_QUANTITY, "at most 1e12");
    if (trade->price.micros > TC_PRICE_MICROS_MAX) return fail(r, TC_BAD_VALUE, TC_F_PRICE, "at most 1e9");
    if (trade->strike.micros > TC_PRICE_MICROS_MAX) return fail(r, TC_BAD_VALUE, TC_F_STRIKE, "at most 1e9");
    return TC_OK;
}

static tc_status check_quantities(struct resolver *r)
{
    tc_trade *trade = r->trade;
    if (trades_whole(trade->sel[TC_SEL_INSTRUMENT]) && trade->quantity.micros % TC_MICROS_PER_RUPEE)
        return fail(r, TC_BAD_VALUE, TC_F_QUANTITY, "only whole units are traded");
    if (say(r, TC_F_LOT_SIZE).size && !trade->lot_size.micros) return fail(r, TC_BAD_VALUE, TC_F_LOT_SIZE, "must be above 0");
    if (say(r, TC_F_LOT_SIZE).size && trade->quantity.micros % trade->lot_size.micros)
        return fail(r, TC_BAD_VALUE, TC_F_QUANTITY, "not a multiple of the lot size");
    return TC_OK;
}

static tc_status take_intrinsic(struct resolver *r)
{
    tc_trade *trade = r->trade;
    if (!trade->strike.micros) return fail(r, TC_VALUE_NEEDED, TC_F_STRIKE, "an exercise needs one");
    if (!trade->sel[TC_SEL_OPTION_TYPE]) return fail(r, TC_VALUE_NEEDED, TC_F_OPTION_TYPE, "CE or PE");
    int64_t spread = trade->price.micros - trade->strike.micros;
    tc_price intrinsic = {trade->sel[TC_SEL_OPTION_TYPE] == TC_CALL_OPTION ? spread : -spread};
    if (intrinsic.micros <= 0) return fail(r, TC_OUT_OF_THE_MONEY, TC_F_PRICE, "nothing to exercise at this settlement price");
    tc_status status = tc_turnover_of(&trade->turnover, trade->quantity, intrinsic);
    return status == TC_OK ? TC_OK : fail(r, status, TC_F_QUANTITY, "too large a turnover");
}

/* The file's own value is the truth within a paisa a unit: it has the decimals that its printed price lost. */
static tc_status take_turnover(struct resolver *r)
{
    tc_trade *trade = r->trade;
    int64_t value = 0;
    uint8_t event = trade->sel[TC_SEL_EVENT];
    if (event == TC_EXERCISE || event == TC_ASSIGNMENT) return take_intrinsic(r);
    if (tc_turnover_of(&trade->turnover, trade->quantity, trade->price) != TC_OK)
        return fail(r, TC_OVERFLOW, TC_F_QUANTITY, "too large a turnover");
    tc_status status = read_number(r, TC_F_VALUE, 6, &value);
    if (status != TC_OK || !say(r, TC_F_VALUE).size) return status;
    int64_t difference = value - trade->turnover.micros, allowed = trade->quantity.micros / 100;
    if (!value || difference > allowed || -difference > allowed)
        return fail(r, TC_CONTRADICTION, TC_F_VALUE, "not quantity x price within 0.01 a unit");
    trade->turnover.micros = value;
    return TC_OK;
}

static tc_status read_funding(struct resolver *r)
{
    tc_trade *trade = r->trade;
    int64_t fills = 0;
    trade->funded.micros = trade->client_turnover.micros = -1;
    tc_status status = read_number(r, TC_F_FUNDED, 6, &trade->funded.micros);
    if (status == TC_OK) status = read_number(r, TC_F_CLIENT_TURNOVER, 6, &trade->client_turnover.micros);
    if (status == TC_OK) status = read_days(r, TC_F_DAYS, &trade->days);
    if (status == TC_OK) status = read_days(r, TC_F_DAYS_HELD, &trade->days_held);
    if (status == TC_OK) status = read_days(r, TC_F_ACCOUNT_AGE, &trade->account_age);
    if (status == TC_OK) status = read_number(r, TC_F_FILLS, 0, &fills);
    if (status == TC_OK && fills > 1000000) return fail(r, TC_BAD_VALUE, TC_F_FILLS, "too many");
    trade->fills = (int32_t)fills;
    return status;
}

static tc_status read_words(struct resolver *r)
{
    static const struct { tc_field field; tc_selector selector; uint8_t otherwise; } words[] = {
        {TC_F_INSTRUMENT, TC_SEL_INSTRUMENT, 0}, {TC_F_CLASS, TC_SEL_CLASS, 0},
        {TC_F_OPTION_TYPE, TC_SEL_OPTION_TYPE, 0}, {TC_F_EVENT, TC_SEL_EVENT, TC_TRADE},
        {TC_F_CHANNEL, TC_SEL_CHANNEL, TC_ONLINE}, {TC_F_HOLDER, TC_SEL_HOLDER, TC_GENERAL},
        {TC_F_DEPOSITORY, TC_SEL_DEPOSITORY, 0}, {TC_F_STATE, TC_SEL_STATE, 0}};
    tc_status status = TC_OK;
    for (size_t i = 0; i < sizeof words / sizeof *words && status == TC_OK; i++)
        status = read_word(r, words[i].field, words[i].selector, words[i].otherwise);
    return status;
}

tc_status tc_resolve(tc_trade *trade, tc_error *error, const tc_book *book, const tc_request *request, const tc_context *context)
{
    struct resolver r = {book, request, context, trade, error};
    memset(trade, 0, sizeof *trade);
    trade->sel[TC_SEL_LEG] = TC_LEG_FIRST;
    static tc_status (*const steps[])(struct resolver *) = {
        read_date, read_broker, read_market, check_symbol, read_words, read_quantities};
    tc_status status = TC_OK;
    for (size_t i = 0; i < sizeof steps / sizeof *steps && status == TC_OK; i++) status = steps[i](&r);
    if (status == TC_OK) status = trade->sel[TC_SEL_SEGMENT] == TC_EQUITY ? resolve_equity(&r) : resolve_derivative(&r);
    if (status == TC_OK) status = resolve_product(&r);
    if (status == TC_OK) status = resolve_side(&r);
    if (status == TC_OK) status = check_quantities(&r);
    if (status == TC_OK) status = take_turnover(&r);
    if (status == TC_OK) status = read_funding(&r);
    if (status != TC_OK) return status;
    resolve_series(&r);
    trade->sel[TC_SEL_KIND] = tc_kind_of(trade->sel[TC_SEL_SEGMENT], trade->sel[TC_SEL_INSTRUMENT], trade->sel[TC_SEL_CLASS]);
    if (!trade->sel[TC_SEL_KIND])
        return tc_fail(error, TC_IMPOSSIBLE, "class", "no %s %s of class %s", tc_word(TC_SEL_SEGMENT, trade->sel[TC_SEL_SEGMENT]),
                       tc_word(TC_SEL_INSTRUMENT, trade->sel[TC_SEL_INSTRUMENT]), tc_word(TC_SEL_CLASS, trade->sel[TC_SEL_CLASS]));
    return TC_OK;
}
