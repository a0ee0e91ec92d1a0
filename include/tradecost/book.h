/* book.h - the tariff book: every rule of law, exchanges and brokers, compiled.
 *
 * A book is immutable: any number of threads may read one. The shipped book is
 * part of the library and costs nothing to open. */
#ifndef TRADECOST_BOOK_H
#define TRADECOST_BOOK_H

#include <stdbool.h>

#include "trade.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TC_CHARGES(X)                                                          \
    X(TC_BROKERAGE, "brokerage") X(TC_TRANSACTION_TAX, "transaction_tax")      \
    X(TC_EXCHANGE_CHARGE, "exchange_charge") X(TC_CLEARING_CHARGE, "clearing_charge") \
    X(TC_SEBI_FEE, "sebi_fee") X(TC_IPFT, "ipft") X(TC_STAMP_DUTY, "stamp_duty") \
    X(TC_GST, "gst") X(TC_OTHER, "other") X(TC_DP_CHARGE, "dp_charge")
#define TC_AS_ENUM(name, word) name,
typedef enum { TC_CHARGES(TC_AS_ENUM) TC_CHARGE_COUNT } tc_charge;
#undef TC_AS_ENUM
const char *tc_charge_name(tc_charge charge);

typedef struct tc_book tc_book;

/* The shipped book; static, never freed, never NULL. */
const tc_book *tc_book_builtin(void);
void tc_book_free(tc_book *book); /* NULL and the shipped book are no-ops */

/* A copy of `base` in which the broker `custom` charges what `expression` says on
 * every order: "0.1%", "20" or "min(0.03%,20)" (max alike). The caller frees it.
 * TC_BAD_NUMBER, TC_UNKNOWN_BROKER (base has no custom), TC_NO_MEMORY. */
tc_status tc_book_with_brokerage(tc_book **book, tc_error *error, const tc_book *base, const char *expression);

#define TC_DIGEST_SIZE 65
/* SHA-256 of the book's content, in hex. */
const char *tc_book_digest(const tc_book *book);
tc_date tc_book_first_day(const tc_book *book);

#define TC_NONE UINT16_MAX

typedef struct {
    const char *id, *name, *aliases, *state; /* aliases: space-separated */
} tc_broker_info;

typedef struct {
    const char *id;
    uint16_t broker;
    tc_date from, until;                 /* half-open */
    bool open;                           /* to new clients, while in force */
    tc_date default_from, default_until; /* half-open; equal: never the default */
    uint16_t fixed_count;
} tc_plan_info;

typedef struct {
    const char *name, *every; /* once month quarter year */
    tc_money amount;
    bool plus_gst;
} tc_fixed_fee;

typedef struct {
    const char *id, *layer, *broker, *plans, *when, *formula, *per;
    const char *ref, *url, *status, *note, *reason;
    int charge;          /* tc_charge, or -1 for renderings and the market */
    const char *kind;    /* amount nil unknown not-offered note api market */
    tc_date from, until; /* half-open */
    tc_date doubt_from, doubt_until; /* half-open; equal: none */
    tc_date review_by;
} tc_rule_info;

size_t tc_book_broker_count(const tc_book *book);
size_t tc_book_plan_count(const tc_book *book);
size_t tc_book_rule_count(const tc_book *book);
tc_broker_info tc_book_broker(const tc_book *book, size_t broker);
tc_plan_info tc_book_plan(const tc_book *book, size_t plan);
tc_fixed_fee tc_book_fixed_fee(const tc_book *book, size_t plan, size_t fee);
tc_rule_info tc_book_rule(const tc_book *book, size_t rule);

/* By id or alias, any case; TC_NONE if there is none. `nearest` (may be NULL)
 * is then the id that looks most like it. */
uint16_t tc_book_find_broker(const tc_book *book, tc_text name, const char **nearest);
/* The broker's plan by id; without one, its default plan on that date. */
uint16_t tc_book_find_plan(const tc_book *book, uint16_t broker, tc_text id, tc_date date);
/* Whether rule `rule` belongs to what `plan` sees. */
bool tc_book_rule_in_plan(const tc_book *book, size_t rule, uint16_t plan);

/* What the caller knows beside the request. */
typedef struct {
    tc_request defaults;  /* for fields the request leaves empty */
    tc_date today;        /* the date of a request without one */
    bool product_inferred; /* files: leave a missing product 0 instead of refusing it */
    bool symbol_required;
} tc_context;

/* Makes a trade of a request: fills what is omitted, checks every word and
 * number. `error->field` names the column. Errors:
 * TC_BAD_NUMBER, TC_BAD_DATE, TC_BAD_VALUE, TC_UNKNOWN_WORD, TC_UNKNOWN_BROKER,
 * TC_CLASS_NEEDED, TC_VALUE_NEEDED, TC_CONTRADICTION, TC_OUT_OF_THE_MONEY,
 * TC_IMPOSSIBLE, TC_BEFORE_COVERAGE, TC_NO_TARIFF, TC_OVERFLOW. */
tc_status tc_resolve(tc_trade *trade, tc_error *error, const tc_book *book,
                     const tc_request *request, const tc_context *context);

/* The words of the book's own selectors: "" for 0. */
const char *tc_book_series(const tc_book *book, uint8_t number);
const char *tc_book_underlying(const tc_book *book, uint8_t number);

/* The NSE tick for a price on a date, in micro-rupees; 0 if the book has none. */
int64_t tc_book_tick(const tc_book *book, const tc_trade *trade);

#ifdef __cplusplus
}
#endif
#endif
