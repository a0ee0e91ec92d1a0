#include "formats.h"

#include <math.h>

#include "text/values.h"

#define VALUE(column) (FIELD_VALUE + (column))

/* The exchanges' common format since 2024, for shares and derivatives of both. */
static const file_column udiff_columns[] = {
    {"traddt", FIELD_DATE}, {"src", FIELD_EXCHANGE}, {"fininstrmtp", FIELD_KIND}, {"fininstrmid", FIELD_CODE}, {"isin", FIELD_ISIN},
    {"tckrsymb", FIELD_SYMBOL}, {"sctysrs", FIELD_SERIES}, {"strkpric", FIELD_STRIKE}, {"optntp", FIELD_OPTION_TYPE},
    {"fininstrmnm", FIELD_CONTRACT}, {"opnpric", VALUE(DAILY_OPEN)}, {"hghpric", VALUE(DAILY_HIGH)}, {"lwpric", VALUE(DAILY_LOW)},
    {"clspric", VALUE(DAILY_CLOSE)}, {"lastpric", VALUE(DAILY_LAST)}, {"prvsclsgpric", VALUE(DAILY_PREVIOUS)},
    {"sttlmpric", VALUE(DAILY_SETTLE)}, {"opnintrst", VALUE(DAILY_OPEN_INTEREST)}, {"ttltradgvol", VALUE(DAILY_VOLUME)},
    {"ttltrfval", VALUE(DAILY_VALUE)}, {"ttlnboftxsexctd", VALUE(DAILY_TRADES)}, {"newbrdlotqty", VALUE(DAILY_LOT)}, {NULL, 0},
};

static const file_column sec_columns[] = {
    {"symbol", FIELD_SYMBOL}, {"series", FIELD_SERIES}, {"date1", FIELD_DATE}, {"date", FIELD_DATE}, {"exchange", FIELD_EXCHANGE},
    {"prevclose", VALUE(DAILY_PREVIOUS)}, {"openprice", VALUE(DAILY_OPEN)}, {"highprice", VALUE(DAILY_HIGH)}, {"lowprice", VALUE(DAILY_LOW)},
    {"lastprice", VALUE(DAILY_LAST)}, {"closeprice", VALUE(DAILY_CLOSE)}, {"avgprice", FIELD_AVERAGE}, {"ttltrdqnty", VALUE(DAILY_VOLUME)},
    {"turnoverlacs", FIELD_LAKHS}, {"nooftrades", VALUE(DAILY_TRADES)}, {"delivqty", VALUE(DAILY_DELIVERED)}, {NULL, 0},
};

static const file_column legacy_columns[] = {
    {"symbol", FIELD_SYMBOL}, {"series", FIELD_SERIES}, {"open", VALUE(DAILY_OPEN)}, {"high", VALUE(DAILY_HIGH)}, {"low", VALUE(DAILY_LOW)},
    {"close", VALUE(DAILY_CLOSE)}, {"last", VALUE(DAILY_LAST)}, {"prevclose", VALUE(DAILY_PREVIOUS)}, {"tottrdqty", VALUE(DAILY_VOLUME)},
    {"tottrdval", VALUE(DAILY_VALUE)}, {"timestamp", FIELD_DATE}, {"totaltrades", VALUE(DAILY_TRADES)}, {"isin", FIELD_ISIN}, {NULL, 0},
};

static const file_column bse_columns[] = {
    {"sccode", FIELD_CODE}, {"scgroup", FIELD_SERIES}, {"open", VALUE(DAILY_OPEN)}, {"high", VALUE(DAILY_HIGH)}, {"low", VALUE(DAILY_LOW)},
    {"close", VALUE(DAILY_CLOSE)}, {"last", VALUE(DAILY_LAST)}, {"prevclose", VALUE(DAILY_PREVIOUS)}, {"notrades", VALUE(DAILY_TRADES)},
    {"noofshrs", VALUE(DAILY_VOLUME)}, {"netturnov", VALUE(DAILY_VALUE)}, {"isincode", FIELD_ISIN}, {"tradingdate", FIELD_DATE}, {NULL, 0},
};

/* NSE's delivery file: six names above seven columns. */
static const file_column mto_columns[] = {
    {"recordtype", FIELD_NONE}, {"srno", FIELD_NONE}, {"symbol", FIELD_SYMBOL}, {"series", FIELD_SERIES}, {"volume", VALUE(DAILY_VOLUME)},
    {"delivered", VALUE(DAILY_DELIVERED)}, {NULL, 0},
};

static const file_column cmvolt_columns[] = {
    {"date", FIELD_DATE}, {"symbol", FIELD_SYMBOL}, {"underlyingclosepricea", VALUE(VOLATILITY_CLOSE)},
    {"underlyingpreviousdayclosepriceb", VALUE(VOLATILITY_PREVIOUS_CLOSE)}, {"underlyinglogreturnsclnab", VALUE(VOLATILITY_RETURN)},
    {"previousdayunderlyingvolatilityd", VALUE(VOLATILITY_BEFORE)},
    {"currentdayunderlyingdailyvolatilityesqrt0995dd0005cc", VALUE(VOLATILITY_DAILY)},
    {"underlyingannualisedvolatilityfesqrt365", VALUE(VOLATILITY_ANNUAL)}, {NULL, 0},
};

static const file_column daily_columns[] = {
    {"exchange", FIELD_EXCHANGE}, {"symbol", FIELD_SYMBOL}, {"series", FIELD_SERIES}, {"isin", FIELD_ISIN}, {"date", FIELD_DATE},
    {"open", VALUE(DAILY_OPEN)}, {"high", VALUE(DAILY_HIGH)}, {"low", VALUE(DAILY_LOW)}, {"close", VALUE(DAILY_CLOSE)},
    {"last", VALUE(DAILY_LAST)}, {"previousclose", VALUE(DAILY_PREVIOUS)}, {"prevclose", VALUE(DAILY_PREVIOUS)},
    {"volume", VALUE(DAILY_VOLUME)}, {"value", VALUE(DAILY_VALUE)}, {"trades", VALUE(DAILY_TRADES)},
    {"delivered", VALUE(DAILY_DELIVERED)}, {"lotsize", VALUE(DAILY_LOT)}, {NULL, 0},
};

#define PLACE                                                                                                             \
    {"exchange", FIELD_EXCHANGE}, {"symbol", FIELD_SYMBOL}, {"ticker", FIELD_SYMBOL}, {"tradingsymbol", FIELD_SYMBOL},    \
    {"series", FIELD_SERIES}, {"isin", FIELD_ISIN}
#define MOMENT                                                                                                            \
    {"date", FIELD_DATE}, {"time", FIELD_TIME}, {"datetime", FIELD_TIME}, {"timestamp", FIELD_TIME}, {"dt", FIELD_TIME},  \
    {"exchtsms", FIELD_EPOCH_MS}, {"localtsns", FIELD_EPOCH_NS}

static const file_column bar_columns[] = {
    PLACE, MOMENT, {"open", VALUE(BAR_OPEN)}, {"high", VALUE(BAR_HIGH)}, {"low", VALUE(BAR_LOW)}, {"close", VALUE(BAR_CLOSE)},
    {"volume", VALUE(BAR_VOLUME)}, {NULL, 0},
};

static const file_column quote_columns[] = {
    PLACE, MOMENT, {"bid", VALUE(QUOTE_BID)}, {"bestbid", VALUE(QUOTE_BID)}, {"bidprice", VALUE(QUOTE_BID)}, {"bestbidprice", VALUE(QUOTE_BID)},
    {"ask", VALUE(QUOTE_ASK)}, {"ofr", VALUE(QUOTE_ASK)}, {"bestask", VALUE(QUOTE_ASK)}, {"askprice", VALUE(QUOTE_ASK)},
    {"bestaskprice", VALUE(QUOTE_ASK)}, {"bidquantity", VALUE(QUOTE_BID_QUANTITY)}, {"bidqty", VALUE(QUOTE_BID_QUANTITY)},
    {"bidsize", VALUE(QUOTE_BID_QUANTITY)}, {"bidsiz", VALUE(QUOTE_BID_QUANTITY)}, {"bestbidvol", VALUE(QUOTE_BID_QUANTITY)},
    {"askquantity", VALUE(QUOTE_ASK_QUANTITY)}, {"askqty", VALUE(QUOTE_ASK_QUANTITY)}, {"asksize", VALUE(QUOTE_ASK_QUANTITY)},
    {"ofrsiz", VALUE(QUOTE_ASK_QUANTITY)}, {"bestaskvol", VALUE(QUOTE_ASK_QUANTITY)}, {NULL, 0},
};

static const file_column trade_columns[] = {
    PLACE, MOMENT, {"price", VALUE(TRADE_PRICE)}, {"lastprice", VALUE(TRADE_PRICE)}, {"quantity", VALUE(TRADE_QUANTITY)},
    {"qty", VALUE(TRADE_QUANTITY)}, {"size", VALUE(TRADE_QUANTITY)}, {"volume", VALUE(TRADE_QUANTITY)}, {NULL, 0},
};

static const file_column kite_columns[] = {
    {"exchangetoken", FIELD_CODE}, {"tradingsymbol", FIELD_SYMBOL}, {"instrumenttype", FIELD_KIND}, {"exchange", FIELD_EXCHANGE},
    {"ticksize", VALUE(INSTRUMENT_TICK)}, {"lotsize", VALUE(INSTRUMENT_LOT)}, {NULL, 0},
};

static const file_column instrument_columns[] = {
    {"exchange", FIELD_EXCHANGE}, {"symbol", FIELD_SYMBOL}, {"series", FIELD_SERIES}, {"isin", FIELD_ISIN}, {"date", FIELD_DATE},
    {"tick", VALUE(INSTRUMENT_TICK)}, {"ticksize", VALUE(INSTRUMENT_TICK)}, {"lotsize", VALUE(INSTRUMENT_LOT)},
    {"lot", VALUE(INSTRUMENT_LOT)}, {"freeze", VALUE(INSTRUMENT_FREEZE)}, {"freezequantity", VALUE(INSTRUMENT_FREEZE)}, {NULL, 0},
};

static const file_column action_columns[] = {
    PLACE, {"exdate", FIELD_DATE}, {"date", FIELD_DATE}, {"factor", VALUE(ACTION_FACTOR)}, {NULL, 0},
};

/* --- peculiarities --- */

static void unknown_if_zero(double *value)
{
    if (*value == 0) *value = NAN;
}

/* What did not trade is printed as 0. */
static void drop_zero_prices(tc_parse_row *out)
{
    unknown_if_zero(&out->value[DAILY_OPEN]);
    unknown_if_zero(&out->value[DAILY_HIGH]);
    unknown_if_zero(&out->value[DAILY_LOW]);
    unknown_if_zero(&out->value[DAILY_CLOSE]);
    unknown_if_zero(&out->value[DAILY_LAST]);
    unknown_if_zero(&out->value[DAILY_PREVIOUS]);
    unknown_if_zero(&out->value[DAILY_SETTLE]);
}

/* Of derivatives NSE's volume counts contracts (BSE's units), and the value of an option is notional, (strike + premium) x quantity:
 * the store has units of the quoted price and what was paid. Of shares the settlement price says nothing. */
static const char *adjust_udiff(file_row *row, tc_parse_row *out)
{
    tc_text kind = row->text[FIELD_KIND];
    bool future = tc_text_is(kind, "IDF") || tc_text_is(kind, "STF"), option = tc_text_is(kind, "IDO") || tc_text_is(kind, "STO");
    double *value = out->value;
    drop_zero_prices(out);
    out->slack = 0.011F;
    if (!future && !option) {
        if (!tc_text_is(row->text[FIELD_EXCHANGE], "BSE")) row->text[FIELD_CODE].size = 0;
        value[DAILY_SETTLE] = value[DAILY_OPEN_INTEREST] = NAN;
        return NULL;
    }
    if (!(value[DAILY_LOT] > 0)) return "a contract without its lot (NewBrdLotQty)";
    if (!tc_text_is(row->text[FIELD_EXCHANGE], "BSE")) value[DAILY_VOLUME] *= value[DAILY_LOT];
    if (option) value[DAILY_VALUE] -= row->number[FIELD_STRIKE] * value[DAILY_VOLUME];
    if (value[DAILY_VALUE] < 0 && value[DAILY_VALUE] > -0.5) value[DAILY_VALUE] = 0;
    row->text[FIELD_SYMBOL] = row->text[FIELD_CONTRACT];
    row->text[FIELD_SERIES] = tc_text_of(future ? "FUT" : "OPT");
    row->text[FIELD_ISIN].size = row->text[FIELD_CODE].size = 0;
    return NULL;
}

/* The turnover is printed in lakhs with two decimals; of small ones quantity x average says more. */
static const char *adjust_sec(file_row *row, tc_parse_row *out)
{
    enum { HALF_OF_A_HUNDREDTH_LAKH = 500 };
    double *value = out->value, volume = value[DAILY_VOLUME], average = row->number[FIELD_AVERAGE];
    bool by_average = volume * 0.005 < HALF_OF_A_HUNDREDTH_LAKH && tc_is_known(average);
    drop_zero_prices(out);
    value[DAILY_VALUE] = by_average ? volume * average : row->number[FIELD_LAKHS] * 100000;
    out->slack = (float)(by_average ? volume * 0.0051 + 0.01 : HALF_OF_A_HUNDREDTH_LAKH + 1);
    return NULL;
}

static const char *adjust_daily(file_row *row, tc_parse_row *out)
{
    (void)row;
    drop_zero_prices(out);
    out->slack = 0.011F;
    return NULL;
}

static const char *adjust_bse(file_row *row, tc_parse_row *out)
{
    drop_zero_prices(out);
    row->text[FIELD_SYMBOL] = row->text[FIELD_CODE];
    row->text[FIELD_EXCHANGE] = tc_text_of("BSE");
    out->slack = 0.51F;
    return NULL;
}

/* NSE's symbols carry their series behind a dash, but for EQ; derivatives are of the exchange of their underlying. */
static const char *adjust_kite(file_row *row, tc_parse_row *out)
{
    static const struct { const char *exchange, *home; } homes[] = {
        {"NFO", "NSE"}, {"CDS", "NSE"}, {"BFO", "BSE"}, {"BCD", "BSE"}, {"NCO", "NSE"},
    };
    tc_text *symbol = &row->text[FIELD_SYMBOL], kind = row->text[FIELD_KIND];
    for (size_t i = 0; i < sizeof homes / sizeof *homes; i++)
        if (tc_text_is(row->text[FIELD_EXCHANGE], homes[i].exchange)) row->text[FIELD_EXCHANGE] = tc_text_of(homes[i].home);
    if (tc_text_is(kind, "FUT")) row->text[FIELD_SERIES] = tc_text_of("FUT");
    if (tc_text_is(kind, "CE") || tc_text_is(kind, "PE")) row->text[FIELD_SERIES] = tc_text_of("OPT");
    if (tc_text_is(kind, "EQ") && tc_text_is(row->text[FIELD_EXCHANGE], "NSE")) {
        bool suffix = symbol->size > 3 && symbol->data[symbol->size - 3] == '-';
        row->text[FIELD_SERIES] = suffix ? (tc_text){symbol->data + symbol->size - 2, 2} : tc_text_of("EQ");
        if (suffix) symbol->size -= 3;
    }
    if (!tc_text_is(row->text[FIELD_EXCHANGE], "BSE") || row->text[FIELD_SERIES].size) row->text[FIELD_CODE].size = 0;
    unknown_if_zero(&out->value[INSTRUMENT_TICK]); /* a dump's way to say that there is none */
    unknown_if_zero(&out->value[INSTRUMENT_LOT]);
    return NULL;
}

static const char *adjust_instrument(file_row *row, tc_parse_row *out)
{
    (void)row;
    for (int i = 0; i < INSTRUMENT_COUNT; i++)
        if (out->value[i] == 0) return "tick, lot and freeze are above 0";
    return NULL;
}

static const char *adjust_action(file_row *row, tc_parse_row *out)
{
    (void)row;
    return out->value[ACTION_FACTOR] > 0 ? NULL : "a factor is above 0: 0.5 for a split of one into two";
}

/* A side without an offer is printed as 0. */
static const char *adjust_quote(file_row *row, tc_parse_row *out)
{
    (void)row;
    unknown_if_zero(&out->value[QUOTE_BID]);
    unknown_if_zero(&out->value[QUOTE_ASK]);
    return NULL;
}

/* The first that fits counts: those with more columns of their own stand first. */
const file_format file_formats[] = {
    {"udiff", "NSE's and BSE's common bhavcopy since 2024: shares and derivatives", TABLE_DAILY,
     "traddt fininstrmtp tckrsymb opnpric ttltradgvol newbrdlotqty", udiff_columns, false, adjust_udiff},
    {"sec_bhavdata_full", "NSE's bhavcopy with deliveries", TABLE_DAILY, "symbol series prevclose closeprice ttltrdqnty turnoverlacs",
     sec_columns, false, adjust_sec},
    {"nse-legacy", "NSE's bhavcopy until 2024", TABLE_DAILY, "symbol series prevclose tottrdqty tottrdval timestamp", legacy_columns, false, adjust_daily},
    {"bse-legacy", "BSE's bhavcopy until 2024 (without a date: --date)", TABLE_DAILY, "sccode scgroup noofshrs netturnov", bse_columns, false, adjust_bse},
    {"nse-mto", "NSE's deliveries by security", TABLE_DAILY, "recordtype srno nameofsecurity quantitytraded", mto_columns, true, NULL},
    {"cmvolt", "NSE's daily volatilities", TABLE_VOLATILITY, "symbol underlyingclosepricea previousdayunderlyingvolatilityd", cmvolt_columns, false, NULL},
    {"kite-instruments", "Kite's list of instruments (as of --date, else today)", TABLE_INSTRUMENT, "tradingsymbol exchange ticksize lotsize instrumenttype",
     kite_columns, false, adjust_kite},
    {"bars", "bars of minutes: symbol, date and time, open, high, low, close, volume", TABLE_BAR, "time|datetime|timestamp|dt open high low close",
     bar_columns, false, NULL},
    {"daily", "daily bars: symbol, date, open, high, low, close, volume, previous_close...", TABLE_DAILY, "date open high low close", daily_columns, false,
     adjust_daily},
    {"quotes", "best bids and offers: symbol, time, bid, ask, bid_quantity, ask_quantity", TABLE_QUOTE,
     "time|datetime|timestamp|dt|exchtsms|localtsns bid|bestbid|bidprice|bestbidprice ask|ofr|bestask|askprice|bestaskprice", quote_columns, false, adjust_quote},
    {"trades", "trades: symbol, time, price, quantity", TABLE_TRADE,
     "time|datetime|timestamp|dt|exchtsms|localtsns price|lastprice quantity|qty|size|volume", trade_columns, false, NULL},
    {"corporate-actions", "symbol, ex_date, factor: what earlier prices are multiplied with", TABLE_ACTION, "symbol exdate|date factor", action_columns,
     false, adjust_action},
    {"instruments", "ticks, lots and freeze quantities: symbol, exchange, tick, lot_size, freeze", TABLE_INSTRUMENT, "symbol tick|ticksize|lotsize|freeze",
     instrument_columns, false, adjust_instrument},
};
const size_t file_format_count = sizeof file_formats / sizeof *file_formats;

void file_header_normalise(char normal[FILE_HEADER_SIZE], tc_text header)
{
    size_t size = 0;
    for (size_t i = 0; i < header.size && size < FILE_HEADER_SIZE - 1; i++) {
        char c = header.data[i];
        if (c >= 'A' && c <= 'Z') c = (char)(c + 32);
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) normal[size++] = c;
    }
    normal[size] = '\0';
}

const char *tc_parse_format(size_t index, const char **about)
{
    if (index >= file_format_count) return NULL;
    *about = file_formats[index].about;
    return file_formats[index].name;
}
