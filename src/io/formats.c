#include "formats.h"

#include <stdio.h>

#define BIT(charge) (uint16_t)(1u << (charge))

/* --- the canonical columns --- */

#define AS_COLUMN(name, column, meaning) {column, name, \
    (name) == TC_F_TIME ? TC_AS_TIME : (name) == TC_F_DATE || (name) == TC_F_EXPIRY ? TC_AS_DATE : TC_AS_TEXT},
static const tc_column_map canonical_columns[] = {TC_FIELDS(AS_COLUMN) {NULL, 0, TC_AS_TEXT}};

static const tc_charge_map no_charges[] = {{NULL, TC_BROKERAGE, 0}};
static const tc_word_map no_words[] = {{0, NULL, NULL}};

/* --- Zerodha: Console tradebook, equity and derivatives, CSV and XLSX --- */

static const tc_column_map zerodha_columns[] = {
    {"symbol", TC_F_SYMBOL, TC_AS_TEXT},
    {"isin", TC_F_ISIN, TC_AS_TEXT},
    {"trade_date", TC_F_DATE, TC_AS_DATE},
    {"exchange", TC_F_EXCHANGE, TC_AS_TEXT},
    {"segment", TC_F_SEGMENT, TC_AS_TEXT},
    {"series", TC_F_SERIES, TC_AS_TEXT},
    {"trade_type", TC_F_SIDE, TC_AS_TEXT},
    {"auction", TC_X_AUCTION, TC_AS_TEXT},
    {"quantity", TC_F_QUANTITY, TC_AS_NUMBER},
    {"price", TC_F_PRICE, TC_AS_NUMBER},
    {"trade_id", TC_F_FILL_ID, TC_AS_ID},
    {"order_id", TC_F_ORDER_ID, TC_AS_ID},
    {"order_execution_time", TC_F_TIME, TC_AS_TIME},
    {"expiry_date", TC_F_EXPIRY, TC_AS_DATE},
    {NULL, 0, TC_AS_TEXT},
};

/* --- ICICI Direct: equity tradebook. "Segment" is the settlement cycle. --- */

static const tc_column_map icici_columns[] = {
    {"Date", TC_F_DATE, TC_AS_DATE},
    {"Stock", TC_F_SYMBOL, TC_AS_TEXT},
    {"Action", TC_F_SIDE, TC_AS_TEXT},
    {"Qty", TC_F_QUANTITY, TC_AS_NUMBER},
    {"Price", TC_F_PRICE, TC_AS_NUMBER},
    {"Trade Value", TC_F_VALUE, TC_AS_NUMBER},
    {"Order Ref.", TC_F_ORDER_ID, TC_AS_ID},
    {"Exchange", TC_F_EXCHANGE, TC_AS_TEXT},
    {NULL, 0, TC_AS_TEXT},
};
static const tc_charge_map icici_charges[] = {
    {"STT", TC_TRANSACTION_TAX, BIT(TC_TRANSACTION_TAX)},
    {"Transaction and SEBI Turnover charges", TC_EXCHANGE_CHARGE, BIT(TC_EXCHANGE_CHARGE) | BIT(TC_SEBI_FEE)},
    {"Stamp Duty", TC_STAMP_DUTY, BIT(TC_STAMP_DUTY)},
    {"Brokerage + Service Tax", TC_BROKERAGE, BIT(TC_BROKERAGE) | BIT(TC_GST)},
    {NULL, TC_BROKERAGE, 0},
};
static const tc_word_map equity_only[] = {{TC_F_SEGMENT, "", "equity"}, {0, NULL, NULL}};

/* --- Angel One: Trades History, sheet TradesAndCharges --- */

static const tc_column_map angel_columns[] = {
    {"Scrip/Contract", TC_F_NAME, TC_AS_TEXT},
    {"Buy/Sell", TC_F_SIDE, TC_AS_TEXT},
    {"Buy Price", TC_X_BUY_PRICE, TC_AS_NUMBER},
    {"Sell Price", TC_X_SELL_PRICE, TC_AS_NUMBER},
    {"Quantity", TC_F_QUANTITY, TC_AS_NUMBER},
    {"Order Type", TC_F_PRODUCT, TC_AS_TEXT},
    {"Segment", TC_F_SEGMENT, TC_AS_TEXT},
    {"Exchange", TC_F_EXCHANGE, TC_AS_TEXT},
    {"Order ID", TC_F_ORDER_ID, TC_AS_ID},
    {"Trade ID", TC_F_FILL_ID, TC_AS_ID},
    {"Date", TC_F_DATE, TC_AS_DATE},
    {NULL, 0, TC_AS_TEXT},
};
static const tc_charge_map angel_charges[] = {
    {"Brokerage", TC_BROKERAGE, BIT(TC_BROKERAGE)},
    {"GST", TC_GST, BIT(TC_GST)},
    {"STT", TC_TRANSACTION_TAX, BIT(TC_TRANSACTION_TAX)},
    {"Sebi Tax", TC_SEBI_FEE, BIT(TC_SEBI_FEE)},
    {"Exchange Turnover Charges", TC_EXCHANGE_CHARGE, BIT(TC_EXCHANGE_CHARGE)},
    {"Stamp Duty", TC_STAMP_DUTY, BIT(TC_STAMP_DUTY)},
    {"Other Charges", TC_OTHER, BIT(TC_OTHER)},
    {"IPFT Charges", TC_IPFT, BIT(TC_IPFT)},
    {NULL, TC_BROKERAGE, 0},
};
static const tc_word_map angel_words[] = {{TC_F_SEGMENT, "CAPITAL", "equity"}, {0, NULL, NULL}};

/* --- Upstox: trade report, sheet TRADE. No order ids, no charges. BSX is the
 * exchange's own code of SENSEX contracts. --- */

static const tc_column_map upstox_columns[] = {
    {"Date", TC_F_DATE, TC_AS_DATE},
    {"Company", TC_F_NAME, TC_AS_TEXT},
    {"Company", TC_F_UNDERLYING, TC_AS_TEXT},
    {"Amount", TC_F_VALUE, TC_AS_NUMBER},
    {"Exchange", TC_F_EXCHANGE, TC_AS_TEXT},
    {"Segment", TC_F_SEGMENT, TC_AS_TEXT},
    {"Instrument Type", TC_F_INSTRUMENT, TC_AS_TEXT},
    {"Instrument Type", TC_F_OPTION_TYPE, TC_AS_TEXT},
    {"Strike Price", TC_F_STRIKE, TC_AS_NUMBER},
    {"Expiry", TC_F_EXPIRY, TC_AS_DATE},
    {"Trade Num", TC_F_FILL_ID, TC_AS_ID},
    {"Trade Time", TC_F_TIME, TC_AS_TIME},
    {"Side", TC_F_SIDE, TC_AS_TEXT},
    {"Quantity", TC_F_QUANTITY, TC_AS_NUMBER},
    {"Price", TC_F_PRICE, TC_AS_NUMBER},
    {NULL, 0, TC_AS_TEXT},
};
static const tc_word_map upstox_words[] = {
    {TC_F_EXCHANGE, "FON", "NFO"},
    {TC_F_EXCHANGE, "FOB", "BFO"},
    {TC_F_UNDERLYING, "BSX", "SENSEX"},
    {TC_F_INSTRUMENT, "Equity", ""}, /* a share or an ETF: the ISIN or the symbol decides */
    {TC_F_INSTRUMENT, "European Call", "option"},
    {TC_F_INSTRUMENT, "European Put", "option"},
    {TC_F_OPTION_TYPE, "Equity", ""},
    {TC_F_OPTION_TYPE, "European Call", "CE"},
    {TC_F_OPTION_TYPE, "European Put", "PE"},
    {TC_F_OPTION_TYPE, "Future", ""},
    {TC_F_OPTION_TYPE, "Futures", ""},
    {0, NULL, NULL},
};

/* --- Dhan: Global Transaction Report, one line per scrip and day. Its "Gross
 * Amount" is the net. Its transaction charge is NSE's 0.00297 % and the IPFT's
 * 0.0001 % together (seen on real lines). --- */

static const tc_column_map dhan_columns[] = {
    {"Date", TC_F_DATE, TC_AS_DATE},
    {"Scrip Name", TC_F_NAME, TC_AS_TEXT},
    {"Exchange", TC_F_EXCHANGE, TC_AS_TEXT},
    {"Buy Qty.", TC_X_BUY_QUANTITY, TC_AS_NUMBER},
    {"Buy Value", TC_X_BUY_VALUE, TC_AS_NUMBER},
    {"Sell Qty.", TC_X_SELL_QUANTITY, TC_AS_NUMBER},
    {"Sell Value", TC_X_SELL_VALUE, TC_AS_NUMBER},
    {"Gross Amount", TC_X_NET, TC_AS_NUMBER},
    {NULL, 0, TC_AS_TEXT},
};
static const tc_charge_map dhan_charges[] = {
    {"Brokerage", TC_BROKERAGE, BIT(TC_BROKERAGE)},
    {"GST", TC_GST, BIT(TC_GST)},
    {"STT", TC_TRANSACTION_TAX, BIT(TC_TRANSACTION_TAX)},
    {"SEBI Fees", TC_SEBI_FEE, BIT(TC_SEBI_FEE)},
    {"Stamp Duty", TC_STAMP_DUTY, BIT(TC_STAMP_DUTY)},
    {"Txn. Charges", TC_EXCHANGE_CHARGE, BIT(TC_EXCHANGE_CHARGE) | BIT(TC_IPFT)},
    {"Oth. Charges", TC_OTHER, BIT(TC_OTHER)},
    {NULL, TC_BROKERAGE, 0},
};

/* --- Fyers: tradebook. Ids come as 2.2E+15 from a spreadsheet. --- */

static const tc_column_map fyers_columns[] = {
    {"Symbol name", TC_F_SYMBOL, TC_AS_TEXT},
    {"Date & time", TC_F_TIME, TC_AS_TIME},
    {"Side", TC_F_SIDE, TC_AS_TEXT},
    {"Product type", TC_F_PRODUCT, TC_AS_TEXT},
    {"Qty", TC_F_QUANTITY, TC_AS_NUMBER},
    {"Traded price", TC_F_PRICE, TC_AS_NUMBER},
    {"Total value", TC_F_VALUE, TC_AS_NUMBER},
    {"Segment", TC_F_SEGMENT, TC_AS_TEXT},
    {"Exchange order ID", TC_F_ORDER_ID, TC_AS_ID},
    {NULL, 0, TC_AS_TEXT},
};

/* --- Groww: stock order history. Value and quantity, no price, no charges. --- */

static const tc_column_map groww_columns[] = {
    {"Stock name", TC_F_NAME, TC_AS_TEXT},
    {"Symbol", TC_F_SYMBOL, TC_AS_TEXT},
    {"ISIN", TC_F_ISIN, TC_AS_TEXT},
    {"Type", TC_F_SIDE, TC_AS_TEXT},
    {"Quantity", TC_F_QUANTITY, TC_AS_NUMBER},
    {"Value", TC_F_VALUE, TC_AS_NUMBER},
    {"Exchange", TC_F_EXCHANGE, TC_AS_TEXT},
    {"Exchange Order Id", TC_F_ORDER_ID, TC_AS_ID},
    {"Execution date and time", TC_F_TIME, TC_AS_TIME},
    {"Order status", TC_X_STATUS, TC_AS_TEXT},
    {NULL, 0, TC_AS_TEXT},
};

/* --- Paytm Money: tradebook. "Script" is a ticker or a code, "Product Type"
 * the segment; STT and stamp duty stand on the last fill of the scrip-day. --- */

static const tc_column_map paytm_columns[] = {
    {"Date", TC_F_DATE, TC_AS_DATE},
    {"Script", TC_F_SYMBOL, TC_AS_TEXT},
    {"ISIN", TC_F_ISIN, TC_AS_TEXT},
    {"Exchange", TC_F_EXCHANGE, TC_AS_TEXT},
    {"Product Type", TC_F_SEGMENT, TC_AS_TEXT},
    {"Type", TC_F_SIDE, TC_AS_TEXT},
    {"Quantity", TC_F_QUANTITY, TC_AS_NUMBER},
    {"Price", TC_F_PRICE, TC_AS_NUMBER},
    {"Order Number", TC_F_ORDER_ID, TC_AS_ID},
    {"Trade Number", TC_F_FILL_ID, TC_AS_ID},
    {"Trade Time", TC_F_TIME, TC_AS_TIME},
    {NULL, 0, TC_AS_TEXT},
};
static const tc_charge_map paytm_charges[] = {
    {"Brokerage", TC_BROKERAGE, BIT(TC_BROKERAGE)},
    {"ETT", TC_EXCHANGE_CHARGE, BIT(TC_EXCHANGE_CHARGE)},
    {"GST", TC_GST, BIT(TC_GST)},
    {"STT", TC_TRANSACTION_TAX, BIT(TC_TRANSACTION_TAX)},
    {"SEBI", TC_SEBI_FEE, BIT(TC_SEBI_FEE)},
    {"Stamp Duty", TC_STAMP_DUTY, BIT(TC_STAMP_DUTY)},
    {NULL, TC_BROKERAGE, 0},
};

/* --- bills: our own notes and prices, and lists of date, charge, amount --- */

static const tc_column_map dated[] = {{"date", TC_F_DATE, TC_AS_DATE}, {NULL, 0, TC_AS_TEXT}};
#define AS_CHARGE(name, column) {column, name, BIT(name)},
static const tc_charge_map own_charges[] = {TC_CHARGES(AS_CHARGE) {NULL, TC_BROKERAGE, 0}};

/* Bills first: what `price` writes still has the columns of the export it read. */
static const tc_format formats[] = {
    {.csv_name = "note", .xlsx_name = "note-xlsx", .broker = "", .bill = true, .required = "date brokerage note_total",
     .columns = dated, .charges = own_charges, .words = no_words},
    {.csv_name = "bill", .xlsx_name = "bill-xlsx", .broker = "", .bill = true, .required = "date charge amount",
     .columns = dated, .charges = no_charges, .words = no_words},
    {.csv_name = "zerodha-csv", .xlsx_name = "zerodha-xlsx", .broker = "zerodha",
     .required = "symbol trade_date exchange segment trade_type auction quantity price order_id",
     .columns = zerodha_columns, .charges = no_charges, .words = no_words},
    {.csv_name = "icici-csv", .xlsx_name = "icici-xlsx", .broker = "icici",
     .required = "date stock action qty price tradevalue orderref exchange",
     .columns = icici_columns, .charges = icici_charges, .words = equity_only},
    {.csv_name = "angel-csv", .xlsx_name = "angel-xlsx", .broker = "angel",
     .required = "scripcontract buysell buyprice sellprice quantity segment exchange orderid tradeid date",
     .columns = angel_columns, .charges = angel_charges, .words = angel_words, .charge_lines = true},
    {.csv_name = "upstox-csv", .xlsx_name = "upstox-xlsx", .broker = "upstox",
     .required = "date company amount exchange segment instrumenttype tradenum side quantity price",
     .columns = upstox_columns, .charges = no_charges, .words = upstox_words},
    {.csv_name = "dhan-gtr", .xlsx_name = "dhan-gtr-xlsx", .broker = "dhan",
     .required = "date scripname exchange buyqty buyvalue sellqty sellvalue grossamount",
     .columns = dhan_columns, .charges = dhan_charges, .words = equity_only, .aggregated = true},
    {.csv_name = "fyers-csv", .xlsx_name = "fyers-xlsx", .broker = "fyers",
     .required = "symbolname datetime side producttype qty tradedprice segment",
     .columns = fyers_columns, .charges = no_charges, .words = no_words, .reversals = true, .venue_in_symbol = true},
    {.csv_name = "groww-csv", .xlsx_name = "groww-xlsx", .broker = "groww",
     .required = "stockname symbol isin type quantity value exchange executiondateandtime orderstatus",
     .columns = groww_columns, .charges = no_charges, .words = equity_only, .aggregated = true},
    {.csv_name = "paytm-csv", .xlsx_name = "paytm-xlsx", .broker = "paytm",
     .required = "date script isin exchange type quantity price ett ordernumber",
     .columns = paytm_columns, .charges = paytm_charges, .words = no_words},
};

static const tc_format canonical = {.csv_name = "canonical", .xlsx_name = "canonical-xlsx", .broker = "",
    .columns = canonical_columns, .charges = no_charges, .words = no_words, .canonical = true};

const char *tc_format_field(int field)
{
    static const char *const own[] = {"buy quantity", "buy value", "sell quantity", "sell value", "buy price",
                                      "sell price", "order status", "auction", "net amount"};
    if (field < TC_FIELD_COUNT) return canonical_columns[field].header;
    return own[field - TC_FIELD_COUNT];
}

void tc_header_normalise(char normal[TC_HEADER_SIZE], tc_text header)
{
    size_t size = 0;
    for (size_t i = 0; i < header.size && size + 1 < TC_HEADER_SIZE; i++) {
        char c = header.data[i];
        if (c >= 'A' && c <= 'Z') c = (char)(c + 32);
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) normal[size++] = c;
    }
    normal[size] = '\0';
}

static bool has_header(const tc_text *headers, size_t count, tc_text wanted)
{
    char normal[TC_HEADER_SIZE], each[TC_HEADER_SIZE];
    tc_header_normalise(normal, wanted);
    for (size_t i = 0; i < count; i++) {
        tc_header_normalise(each, headers[i]);
        if (strcmp(normal, each) == 0) return true;
    }
    return false;
}

static bool has_all(const tc_text *headers, size_t count, const char *required)
{
    while (*required) {
        size_t size = strcspn(required, " ");
        if (!has_header(headers, count, (tc_text){required, size})) return false;
        required += size;
        required += strspn(required, " ");
    }
    return true;
}

static bool canonical_has(const tc_text *headers, size_t count, const tc_request *given, tc_field field)
{
    return (given && given->field[field].size) || has_header(headers, count, tc_text_of(tc_format_field((int)field)));
}

size_t tc_format_missing(char *missing, size_t size, const tc_text *headers, size_t count, const tc_request *given)
{
    static const tc_field required[] = {TC_F_EXCHANGE, TC_F_SYMBOL, TC_F_SIDE, TC_F_QUANTITY, TC_F_PRICE};
    size_t used = 0, present = 0;
    missing[0] = '\0';
    for (size_t i = 0; i < sizeof required / sizeof *required; i++) {
        if (canonical_has(headers, count, given, required[i])) continue;
        int wrote = snprintf(missing + used, size - used, "%s%s", used ? ", " : "", tc_format_field((int)required[i]));
        if (wrote > 0 && (size_t)wrote < size - used) used += (size_t)wrote;
    }
    if (!canonical_has(headers, count, given, TC_F_DATE) && !canonical_has(headers, count, given, TC_F_TIME))
        snprintf(missing + used, size - used, "%sdate (or a time with a date)", used ? ", " : "");
    for (int field = 0; field < TC_FIELD_COUNT; field++)
        present += has_header(headers, count, tc_text_of(tc_format_field(field)));
    return present;
}

const tc_format *tc_format_recognise(const tc_text *headers, size_t count, const tc_request *given, bool bill)
{
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if ((bill || !formats[i].bill) && has_all(headers, count, formats[i].required)) return &formats[i];
    char missing[160];
    /* Three columns of its own at least, so that options cannot make any table a tradebook. */
    if (tc_format_missing(missing, sizeof missing, headers, count, given) >= 3 && !*missing) return &canonical;
    return NULL;
}
