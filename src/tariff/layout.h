/* layout.h - what a book is made of: flat arrays that refer to each other by
 * index, so that a compiled book is the same bytes in a file, in the library
 * and in memory. Everything here is private to the library. */
#ifndef TC_TARIFF_LAYOUT_H
#define TC_TARIFF_LAYOUT_H

#include "core/array.h"
#include "tradecost/book.h"

/* A set of words of one selector. */
typedef struct { uint64_t word[4]; } tc_set;

static inline bool tc_set_has(const tc_set *set, unsigned number)
{
    return set->word[number / 64] >> (number % 64) & 1;
}
static inline void tc_set_add(tc_set *set, unsigned number)
{
    set->word[number / 64] |= UINT64_C(1) << (number % 64);
}

/* What a rule is about: a charge, the market's possible trades, or how a bill
 * (note) or an estimate (api) prints a charge or the total. */
enum {
    LINE_MARKET = TC_CHARGE_COUNT,
    LINE_NOTE,
    LINE_NOTE_TOTAL = LINE_NOTE + TC_CHARGE_COUNT,
    LINE_API,
    LINE_API_TOTAL = LINE_API + TC_CHARGE_COUNT,
    LINE_COUNT,
    AMOUNT_LINES = LINE_NOTE, /* charges and the market: one row of a schedule */
    PRINT_LINES = LINE_COUNT - LINE_NOTE,
};

/* Names of layers, levels, kinds and statuses: index is the stored number. */
#define LAYERS(X) X(LAYER_LAW, "law") X(LAYER_EXCHANGE, "exchange") X(LAYER_BROKER, "broker") \
    X(LAYER_PLAN, "plan") X(LAYER_USER, "user")
#define LEVELS(X) X(PER_UNIT, "unit") X(PER_FILL, "fill") X(PER_ORDER, "order")     \
    X(PER_SCRIP_DAY, "scrip-day") X(PER_ISIN_DAY, "isin-day")                       \
    X(PER_EXCHANGE_DAY, "exchange-day") X(PER_SEGMENT_DAY, "segment-day") X(PER_NOTE, "note")
#define RULE_KINDS(X) X(RULE_AMOUNT, "amount") X(RULE_NIL, "nil") X(RULE_UNKNOWN, "unknown") \
    X(RULE_NOT_OFFERED, "not-offered") X(RULE_MARKET, "market") X(RULE_PRINT, "rendering")
#define SOURCE_STATUSES(X) X(SOURCE_VERIFIED, "verified") X(SOURCE_SECONDARY, "secondary") \
    X(SOURCE_UNSOURCED, "unsourced") X(SOURCE_DISPUTED, "disputed")
#define BASES(X) X(BASE_TURNOVER, "turnover") X(BASE_PREMIUM, "premium") X(BASE_INTRINSIC, "intrinsic") \
    X(BASE_STRIKE_PREMIUM, "strike+premium") X(BASE_SETTLEMENT, "settlement") X(BASE_NOTIONAL, "notional") \
    X(BASE_FUNDED, "funded") X(BASE_LINES, "lines")
#define COUNTS(X) X(COUNT_FILL, "fill") X(COUNT_ORDER, "order") X(COUNT_LOT, "lot") X(COUNT_UNIT, "unit") \
    X(COUNT_KG, "kg") X(COUNT_ISIN_DAY, "isin-day") X(COUNT_SCRIP_DAY, "scrip-day") X(COUNT_DAY, "day") \
    X(COUNT_NOTE, "note") X(COUNT_FREEZE_LOT, "freeze-lot")
#define MEASURES(X) X(MEASURE_PRICE, "price") X(MEASURE_VALUE, "value") X(MEASURE_QUANTITY, "quantity") \
    X(MEASURE_DAYS_HELD, "days_held") X(MEASURE_ACCOUNT_AGE, "account_age") X(MEASURE_TURNOVER, "turnover") \
    X(MEASURE_FUNDED, "funded") X(MEASURE_MEMBER_MONTH, "member-month-turnover")   \
    X(MEASURE_MEMBER_DAY, "member-day-turnover") X(MEASURE_CLIENT_QUARTER, "client-quarter-turnover")
#define GST_PARTS(X) X(PART_CGST, "cgst") X(PART_SGST, "sgst") X(PART_UTGST, "utgst") X(PART_IGST, "igst")
#define AS_ENUM(name, text) name,
enum { LAYERS(AS_ENUM) LAYER_COUNT };
enum { LEVELS(AS_ENUM) LEVEL_COUNT };
enum { RULE_KINDS(AS_ENUM) RULE_KIND_COUNT };
enum { SOURCE_STATUSES(AS_ENUM) SOURCE_STATUS_COUNT };
enum { BASES(AS_ENUM) BASE_COUNT };
enum { COUNTS(AS_ENUM) COUNT_COUNT };
enum { MEASURES(AS_ENUM) MEASURE_COUNT };
enum { GST_PARTS(AS_ENUM) PART_COUNT };
#undef AS_ENUM

/* An amount is a short program over a stack: RATE, LINES, FLAT and SLABS push,
 * the others join the two on top. */
enum { OP_RATE, OP_LINES, OP_FLAT, OP_SLABS, OP_LESSER, OP_GREATER, OP_SUM, OP_COUNT };
enum { OP_STACK_MAX = 8, OP_DEPTH_MAX = 4 };

struct op {
    uint8_t code;
    uint8_t of;      /* BASE_* of a rate, COUNT_* of a flat amount, MEASURE_* of slabs */
    uint8_t per_day; /* a rate times days funded */
    uint8_t taken_rounded; /* lines */
    uint16_t lines;  /* bit a charge */
    uint16_t slab_count;
    uint32_t slabs;  /* first of the book's slabs */
    int32_t divisor; /* of the rate */
    int64_t value;   /* picos of a rate, nanos of a flat amount; slabs: 1 is marginal */
};

struct program { uint32_t first; uint16_t count; };

struct slab {
    int64_t to; /* micros, days or units; INT64_MAX: no end */
    struct program amount;
};

struct guard { /* from <= measure < below, in micros (days: days) */
    uint8_t measure;
    int64_t from, below;
};

struct rounding { /* to 0: exact */
    int64_t to_nanos;
    uint8_t mode, at;
};

enum { ROUNDING_STAGES_MAX = 2 };

struct gst_parts { int64_t picos[3][PART_COUNT]; }; /* same state, union territory, other state */

struct rule {
    /* What pricing reads of every rule stands in the first cache line. */
    int64_t picos; /* of a plain rule */
    int32_t doubt_from, doubt_until, review_by; /* days; half-open */
    uint32_t guards, guard_count;
    struct program amount, bound;
    uint8_t kind, plain; /* plain: a rate of the turnover and nothing else */
    uint8_t linear;      /* a rate of some base of its own, maybe bounded over a coarser level */
    uint8_t status, plus_gst, line, layer, per;
    uint8_t pool_by_exchange, averaged, average_of_buys;
    uint8_t bound_per, bound_at_most, stage_count, fold, taken_rounded, total_of_exact, round_parts;
    uint8_t has_rounding; /* renderings: `round` given, `none` included */
    uint16_t broker;      /* TC_NONE: every broker */
    uint16_t parts;       /* gst_parts index + 1 */
    int32_t from, until;
    uint64_t plans;       /* bit a plan of the broker; 0: all */
    int64_t average_to;   /* nanos; 0: unrounded */
    int64_t at_least;     /* renderings: nanos */
    struct rounding stage[ROUNDING_STAGES_MAX];
    uint32_t id, printed_as, when_text, formula, plans_text, note, reason, ref, url; /* strings */
    uint32_t replaces, replaces_count; /* strings, in `patterns` */
    uint32_t file, source_line; /* where it was written, for messages; 0 in a shipped book */
    tc_set box[TC_SELECTOR_COUNT];
};

struct broker {
    uint32_t id, name, aliases; /* strings */
    uint8_t state;
    int64_t facts[MEASURE_COUNT]; /* micros; -1: not known */
};

struct plan {
    uint32_t id;
    uint16_t broker, position, extends; /* extends: plan index or TC_NONE */
    uint8_t open;
    int32_t from, until, default_from, default_until;
    uint32_t fixed, fixed_count;
    uint32_t markets; /* first of MARKET_COUNT schedule pairs; compiled */
};

struct fixed_fee { uint32_t name, every; int64_t nanos; uint8_t plus_gst; };

/* A market is an (exchange, segment); each plan has a schedule for each. */
enum { MARKET_COUNT = (TC_EXCHANGE_END - 1) * (TC_SEGMENT_END - 1) };

static inline unsigned market_of(uint8_t exchange, uint8_t segment)
{
    return (unsigned)(exchange - 1) * (TC_SEGMENT_END - 1) + (unsigned)(segment - 1);
}

/* Days on which something changes, and for each the tables in force: `rows` of
 * `width` table indices. Before the first day there is nothing. */
struct schedule {
    uint32_t days, count; /* first of the book's `days` */
    uint32_t rows;        /* first of the book's `rows` */
    uint32_t width;
};

/* A grid of choices. The cell of a trade is the sum of one number a selector,
 * already multiplied: `maps` holds them, words of a selector that no rule tells
 * apart share one. */
struct table {
    uint32_t cells;
    uint32_t selector_count;
    uint8_t selector[TC_SELECTOR_COUNT];
    uint32_t map[TC_SELECTOR_COUNT];
};

/* What a cell says is a number: below the count of rules that rule, above it a
 * choice, which is a rule and the number that follows where the rule's guards fail. */
struct choice { uint16_t rule, next; }; /* 0xffff: none */

struct etf { uint32_t symbol, isin; uint8_t class_; int32_t from, until; };
struct commodity { uint32_t prefix; uint8_t underlying, agri, index; uint32_t ctt, ctt_count; int64_t unit_kg; };
struct ctt_step { int32_t from; uint8_t is; };
struct contract { uint32_t name; uint8_t underlying, exchange; };
enum { CONTRACT_LOT, CONTRACT_TICK, CONTRACT_FREEZE };
struct contract_step { uint8_t underlying, what; int32_t from, until; int64_t value; };
struct series { uint32_t name; uint8_t number, exchange, netting; };
struct tick_band { int32_t from, until; uint8_t exchange, segment, instrument, class_; int64_t price_from, price_below, tick; };
struct physical_stage { int32_t from; }; /* the last one takes every stock */

/* Every array of a book: one list for storing, loading, digesting and freeing. */
#define BOOK_ARRAYS(X)                                                             \
    X(char, strings) X(struct rule, rules) X(struct op, ops) X(struct slab, slabs) \
    X(struct guard, guards) X(struct gst_parts, parts) X(uint32_t, patterns)       \
    X(struct broker, brokers) X(struct plan, plans) X(struct fixed_fee, fixed)     \
    X(struct etf, etfs) X(uint32_t, etf_slots) X(struct commodity, commodities) X(struct ctt_step, ctt_steps) \
    X(struct contract, contracts) X(struct contract_step, contract_steps)          \
    X(struct series, series) X(uint32_t, series_names) X(uint32_t, underlying_names) \
    X(struct tick_band, ticks) X(struct physical_stage, physical)                  \
    X(struct schedule, schedules) X(int32_t, days) X(uint16_t, rows)               \
    X(struct table, tables) X(uint16_t, maps) X(uint16_t, cells) X(struct choice, choices)

struct tc_book {
#define AS_ARRAY(type, name) TC_ARRAY(type) name;
    BOOK_ARRAYS(AS_ARRAY)
#undef AS_ARRAY
    int32_t first_day;
    int32_t review_by; /* of rules in force without end that name no day of their own */
    uint8_t owned; /* its arrays are on the heap */
    char digest[TC_DIGEST_SIZE];
};

/* Hash of a symbol or ISIN in any case; etf_slots holds etf index + 1 at each of both. */
static inline uint32_t name_hash(const char *text, size_t size)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < size; i++) hash = (hash ^ (uint32_t)(text[i] & 0xdf)) * 16777619u;
    return hash;
}

static inline const char *book_text(const tc_book *book, uint32_t offset)
{
    return book->strings.data + offset;
}

/* The words above, for messages: "" beyond the list. */
const char *layer_word(unsigned layer);
const char *level_word(unsigned level);
const char *rule_kind_word(unsigned kind);
const char *source_status_word(unsigned status);
const char *base_word(unsigned base);
const char *count_word(unsigned count);
const char *measure_word(unsigned measure);
const char *part_word(unsigned part);

#endif
