/* trade.h - the words of a trade, the request as text and the trade as priced.
 *
 * A request is what people and files say: text, with most of it left out. A
 * trade is what rules see: every word known, every default filled in. Only
 * tc_resolve() (book.h) makes one from the other. */
#ifndef TRADECOST_TRADE_H
#define TRADECOST_TRADE_H

#include "date.h"
#include "money.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Text of a caller's, not NUL-terminated; size 0 means "not given". */
typedef struct {
    const char *data;
    size_t size;
} tc_text;

/* What rules select by. Each selector has a closed list of words, numbered from
 * 1; 0 is "none" or "not given". TC_SEL_KIND is (segment, instrument, class) in
 * one word; series, underlying and state are numbered by the book. */
#define TC_SELECTORS(X)                                                              \
    X(TC_SEL_EXCHANGE, "exchange") X(TC_SEL_SEGMENT, "segment")                      \
    X(TC_SEL_INSTRUMENT, "instrument") X(TC_SEL_CLASS, "class") X(TC_SEL_KIND, "kind") \
    X(TC_SEL_PRODUCT, "product") X(TC_SEL_SIDE, "side") X(TC_SEL_EVENT, "event")     \
    X(TC_SEL_OPTION_TYPE, "option_type") X(TC_SEL_CHANNEL, "channel")                \
    X(TC_SEL_LEG, "leg") X(TC_SEL_NETTING, "netting") X(TC_SEL_SERIES, "series")     \
    X(TC_SEL_UNDERLYING, "underlying") X(TC_SEL_CTT, "ctt")                          \
    X(TC_SEL_SETTLEMENT, "settlement") X(TC_SEL_STATE, "state")                      \
    X(TC_SEL_HOLDER, "holder") X(TC_SEL_DEPOSITORY, "depository")
#define TC_AS_ENUM(name, word) name,
typedef enum { TC_SELECTORS(TC_AS_ENUM) TC_SELECTOR_COUNT } tc_selector;
#undef TC_AS_ENUM

/* name, canonical word, the market's other spellings (lower case, space-separated). */
#define TC_EXCHANGE_WORDS(X) \
    X(TC_NSE, "NSE", "xnse nse_cm nse_eq") X(TC_BSE, "BSE", "xbom bse_cm bse_eq") \
    X(TC_MCX, "MCX", "ximc mcx_fo") X(TC_NCDEX, "NCDEX", "xncd ncx_fo")
#define TC_SEGMENT_WORDS(X)                                                              \
    X(TC_EQUITY, "equity", "eq cash cm capital")                                         \
    X(TC_EQUITY_DERIVATIVE, "equity-derivative", "fo fno f&o derivatives futures options") \
    X(TC_CURRENCY, "currency", "cds cd cur")                                             \
    X(TC_COMMODITY, "commodity", "com comm co")
#define TC_INSTRUMENT_WORDS(X)                                                            \
    X(TC_SHARE, "share", "stk eq equity stock") X(TC_ETF, "etf", "") X(TC_BOND, "bond", "debt") \
    X(TC_GSEC, "gsec", "g-sec") X(TC_SGB, "sgb", "") X(TC_REIT, "reit", "")               \
    X(TC_INVIT, "invit", "") X(TC_MF, "mf", "")                                           \
    X(TC_FUTURE, "future", "fut futures") X(TC_OPTION, "option", "opt options ce pe")
#define TC_CLASS_WORDS(X)                                                                 \
    X(TC_CLASS_STOCK, "stock", "") X(TC_CLASS_INDEX, "index", "")                         \
    X(TC_CLASS_CURRENCY, "currency", "") X(TC_CLASS_INTEREST_RATE, "interest-rate", "irf") \
    X(TC_CLASS_AGRI, "commodity-agri", "agri")                                            \
    X(TC_CLASS_NONAGRI, "commodity-nonagri", "nonagri non-agri")                          \
    X(TC_CLASS_EQUITY, "equity", "") X(TC_CLASS_GOLD, "gold", "")                         \
    X(TC_CLASS_SILVER, "silver", "") X(TC_CLASS_LIQUID, "liquid", "")                     \
    X(TC_CLASS_DEBT, "debt", "gilt") X(TC_CLASS_INTERNATIONAL, "international", "")
#define TC_PRODUCT_WORDS(X)                                                   \
    X(TC_DELIVERY, "delivery", "cnc d cash c") X(TC_INTRADAY, "intraday", "mis i co bo") \
    X(TC_CARRYFORWARD, "carryforward", "nrml overnight m") X(TC_MTF, "mtf", "")
#define TC_SIDE_WORDS(X) X(TC_BUY, "buy", "b bought 1 +1") X(TC_SELL, "sell", "s sold -1")
#define TC_EVENT_WORDS(X)                                                     \
    X(TC_TRADE, "trade", "") X(TC_EXERCISE, "exercise", "exercised")          \
    X(TC_ASSIGNMENT, "assignment", "assigned") X(TC_PHYSICAL, "physical", "") \
    X(TC_AUCTION, "auction", "")
#define TC_OPTION_TYPE_WORDS(X) X(TC_CALL_OPTION, "CE", "call c") X(TC_PUT_OPTION, "PE", "put p")
#define TC_CHANNEL_WORDS(X)                                                   \
    X(TC_ONLINE, "online", "") X(TC_CALL, "call", "phone")                    \
    X(TC_SQUAREOFF, "squareoff", "square-off rms") X(TC_API, "api", "")
#define TC_LEG_WORDS(X)                                                       \
    X(TC_LEG_FIRST, "first", "") X(TC_LEG_SECOND, "second", "")               \
    X(TC_LEG_LATER, "later", "") X(TC_LEG_NETTED, "netted", "")
#define TC_NETTING_WORDS(X) X(TC_NETS, "yes", "") X(TC_NO_NETTING, "no", "")
#define TC_CTT_WORDS(X) \
    X(TC_CTT_TAXED, "taxed", "") X(TC_CTT_EXEMPT, "exempt", "") X(TC_CTT_UNKNOWN, "unknown", "")
#define TC_SETTLEMENT_WORDS(X) X(TC_CASH_SETTLED, "cash", "") X(TC_PHYSICALLY_SETTLED, "physical", "")
#define TC_HOLDER_WORDS(X) X(TC_GENERAL, "general", "man") X(TC_WOMAN, "woman", "female")
#define TC_DEPOSITORY_WORDS(X) X(TC_NSDL, "nsdl", "") X(TC_CDSL, "cdsl", "")

#define TC_AS_ENUM(name, word, aliases) name,
enum { TC_NO_EXCHANGE, TC_EXCHANGE_WORDS(TC_AS_ENUM) TC_EXCHANGE_END };
enum { TC_NO_SEGMENT, TC_SEGMENT_WORDS(TC_AS_ENUM) TC_SEGMENT_END };
enum { TC_NO_INSTRUMENT, TC_INSTRUMENT_WORDS(TC_AS_ENUM) TC_INSTRUMENT_END };
enum { TC_NO_CLASS, TC_CLASS_WORDS(TC_AS_ENUM) TC_CLASS_END };
enum { TC_NO_PRODUCT, TC_PRODUCT_WORDS(TC_AS_ENUM) TC_PRODUCT_END, TC_MIXED = TC_PRODUCT_END };
enum { TC_NO_SIDE, TC_SIDE_WORDS(TC_AS_ENUM) TC_SIDE_END };
enum { TC_NO_EVENT, TC_EVENT_WORDS(TC_AS_ENUM) TC_EVENT_END };
enum { TC_NO_OPTION_TYPE, TC_OPTION_TYPE_WORDS(TC_AS_ENUM) TC_OPTION_TYPE_END };
enum { TC_NO_CHANNEL, TC_CHANNEL_WORDS(TC_AS_ENUM) TC_CHANNEL_END };
enum { TC_NO_LEG, TC_LEG_WORDS(TC_AS_ENUM) TC_LEG_END };
enum { TC_NETTING_NONE, TC_NETTING_WORDS(TC_AS_ENUM) TC_NETTING_END };
enum { TC_NO_CTT, TC_CTT_WORDS(TC_AS_ENUM) TC_CTT_END };
enum { TC_NO_SETTLEMENT, TC_SETTLEMENT_WORDS(TC_AS_ENUM) TC_SETTLEMENT_END };
enum { TC_NO_HOLDER, TC_HOLDER_WORDS(TC_AS_ENUM) TC_HOLDER_END };
enum { TC_NO_DEPOSITORY, TC_DEPOSITORY_WORDS(TC_AS_ENUM) TC_DEPOSITORY_END };
#undef TC_AS_ENUM

/* The number of `word` in a selector's list, in any case and spelling; 0 if it
 * is none. Series, underlying and kind are the book's: always 0 here. */
uint8_t tc_word_find(tc_selector selector, tc_text word);

/* The canonical word; "" for 0 or a number beyond the list. Static. */
const char *tc_word(tc_selector selector, uint8_t number);
const char *tc_selector_name(tc_selector selector);

/* Remarks on a result: a closed list. */
#define TC_FLAGS(X)                                                                    \
    X(TC_FLAG_INCOMPLETE, "incomplete", "a charge is unknown: its cell and the totals are empty") \
    X(TC_FLAG_DISPUTED, "disputed", "the sources contradict each other on a rate or its first day") \
    X(TC_FLAG_UNSOURCED, "unsourced", "a rate rests on no source that could be read")  \
    X(TC_FLAG_STALE, "stale", "the date is past the day on which a rule wants a new look") \
    X(TC_FLAG_FIRST_SLAB, "first-slab", "a member's turnover is unknown: the first slab was used") \
    X(TC_FLAG_NETTED, "netted", "netting within the day decided the tax class, not the product") \
    X(TC_FLAG_ORDER_ASSUMED, "order-assumed", "no order id: the fill is its own order")  \
    X(TC_FLAG_PRODUCT_INFERRED, "product-inferred", "no product: inferred from the day's netting") \
    X(TC_FLAG_ASSUMED_SERIES, "assumed-series", "no BSE group: A/B assumed")           \
    X(TC_FLAG_ASSUMED_STATE, "assumed-state", "no client state: IGST assumed")         \
    X(TC_FLAG_DP_ASSUMED_FIRST, "dp-assumed-first", "the day's first sale of the ISIN is assumed") \
    X(TC_FLAG_FILLS_ASSUMED, "fills-assumed", "a charge per fill: one fill assumed")   \
    X(TC_FLAG_MTF_INTEREST_EXCLUDED, "mtf-interest-excluded", "funded amount and days not given") \
    X(TC_FLAG_PROMOTION_NOT_APPLIED, "promotion-not-applied", "a new client's allowance is not modelled") \
    X(TC_FLAG_ASSUMED_SETTLEMENT, "assumed-settlement", "stage of physical settlement not known: taken by date") \
    X(TC_FLAG_SPLIT, "split", "part of the quantity is priced under another product or leg")
#define TC_AS_ENUM(name, word, meaning) name##_BIT,
enum { TC_FLAGS(TC_AS_ENUM) TC_FLAG_COUNT };
#undef TC_AS_ENUM
#define TC_AS_ENUM(name, word, meaning) name = 1 << name##_BIT,
enum { TC_FLAGS(TC_AS_ENUM) };
#undef TC_AS_ENUM
const char *tc_flag_word(unsigned bit);    /* "" beyond the list */
const char *tc_flag_meaning(unsigned bit);

/* Everything an order or a fill can say: the input columns of every file and
 * the options of every command. name, column, what it is. */
#define TC_FIELDS(X)                                                                     \
    X(TC_F_FILL_ID, "fill_id", "the exchange's trade number")                            \
    X(TC_F_ORDER_ID, "order_id", "the order that the fill belongs to")                   \
    X(TC_F_TIME, "time", "time of the fill; without a zone it is Indian time")           \
    X(TC_F_DATE, "date", "trade date, yyyy-mm-dd")                                       \
    X(TC_F_CLIENT, "client", "whose trade")                                              \
    X(TC_F_BROKER, "broker", "broker or an alias of one; custom: law and exchange only") \
    X(TC_F_PLAN, "plan", "the broker's plan")                                            \
    X(TC_F_STATE, "state", "client's state, ISO 3166-2:IN without IN-")                  \
    X(TC_F_EXCHANGE, "exchange", "NSE BSE MCX NCDEX, or NFO BFO CDS BCD NCO")            \
    X(TC_F_SEGMENT, "segment", "equity equity-derivative currency commodity")            \
    X(TC_F_SYMBOL, "symbol", "the exchange's symbol")                                    \
    X(TC_F_ISIN, "isin", "ISIN of the security")                                         \
    X(TC_F_SERIES, "series", "NSE series or BSE group")                                  \
    X(TC_F_INSTRUMENT, "instrument", "share etf bond gsec sgb reit invit mf future option") \
    X(TC_F_CLASS, "class", "class of a derivative or an ETF")                            \
    X(TC_F_UNDERLYING, "underlying", "underlying of a derivative")                       \
    X(TC_F_EXPIRY, "expiry", "expiry date of a derivative")                              \
    X(TC_F_STRIKE, "strike", "strike price of an option, rupees")                        \
    X(TC_F_OPTION_TYPE, "option_type", "CE or PE")                                       \
    X(TC_F_LOT_SIZE, "lot_size", "units a lot")                                          \
    X(TC_F_PRODUCT, "product", "delivery intraday carryforward mtf (CNC MIS NRML MTF)")  \
    X(TC_F_SIDE, "side", "buy or sell")                                                  \
    X(TC_F_QUANTITY, "quantity", "units of the quoted price")                            \
    X(TC_F_PRICE, "price", "rupees a unit")                                              \
    X(TC_F_EVENT, "event", "trade exercise assignment physical auction")                 \
    X(TC_F_CHANNEL, "channel", "online call squareoff api")                              \
    X(TC_F_HOLDER, "holder", "general or woman (depository charges)")                    \
    X(TC_F_DEPOSITORY, "depository", "nsdl or cdsl")                                     \
    X(TC_F_VALUE, "value", "the file's own turnover, rupees")                            \
    X(TC_F_FUNDED, "funded", "MTF: amount funded, rupees")                               \
    X(TC_F_DAYS, "days", "MTF: days funded")                                             \
    X(TC_F_CLIENT_TURNOVER, "client_turnover", "client's turnover of the quarter, rupees") \
    X(TC_F_DAYS_HELD, "days_held", "days since the shares were bought")                  \
    X(TC_F_FILLS, "fills", "fills of the order, for charges per fill")                   \
    X(TC_F_ACCOUNT_AGE, "account_age", "days since the account was opened")              \
    X(TC_F_NAME, "name", "an export's long name of the security")
#define TC_AS_ENUM(name, column, meaning) name,
typedef enum { TC_FIELDS(TC_AS_ENUM) TC_FIELD_COUNT } tc_field;
#undef TC_AS_ENUM
const char *tc_field_name(tc_field field);
const char *tc_field_meaning(tc_field field);
int tc_field_find(tc_text name); /* -1 if there is no such column */

/* A request: text by field, borrowed. All-zero is a request that says nothing. */
typedef struct { tc_text field[TC_FIELD_COUNT]; } tc_request;

/* A trade with every word known. Plain data; copy it freely. */
typedef struct {
    tc_date date;
    uint16_t broker, plan; /* indices into the book that resolved it */
    uint8_t sel[TC_SELECTOR_COUNT];
    uint8_t order_unknown; /* an aggregated export: charges per order cannot be known */
    uint32_t flags;
    tc_quantity quantity;
    tc_price price, strike;
    tc_turnover turnover; /* quantity x price, the file's own value, or intrinsic value on exercise */
    tc_quantity lot_size; /* 0: not known */
    tc_quantity freeze;   /* largest order, 0: not known */
    int64_t unit_mg;      /* milligrams of goods a unit, 0: not known */
    tc_turnover funded, client_turnover;
    int32_t days, days_held, account_age; /* -1: not known */
    int32_t fills;             /* fills of the order, 0: not known (1 assumed) */
} tc_trade;

#ifdef __cplusplus
}
#endif
#endif
