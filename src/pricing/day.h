/* day.h - the fills of one trade date while they are priced, a note at a time:
 * no charge looks beyond its note, and a note's arrays stay in the caches.
 *
 * A fill whose quantity is partly matched within the day is priced as two
 * pieces. What is charged on an order, a scrip-day or a note is computed on the
 * sums over the pieces of that group and spread back over the fills. Groups are
 * numbers: texts are interned once, when a fill is added. */
#ifndef TC_PRICING_DAY_H
#define TC_PRICING_DAY_H

#include "evaluate.h"
#include "tradecost/price.h"

enum { NO_ID = UINT32_MAX, ROUTE_SLOTS = 1024 };

struct day_fill {
    tc_trade trade;
    const uint16_t *tables, *prints; /* of its plan, market and day */
    int64_t time;
    uint32_t fill_id, symbol;       /* offsets of NUL-terminated texts */
    uint32_t note, order, listing, isin; /* groups; isin NO_ID where the fill names none */
    uint32_t security;              /* isin where every fill of the listing has the same, else listing */
    uint32_t rank;                  /* place in the note's order, which breaks ties */
    uint32_t next;                  /* fill of the same note, NO_ID: none */
    int64_t matched;                /* micros of quantity netted within the day */
    uint8_t product_given;
    uint8_t closes;                 /* its side came to the security later than the other */
};

struct piece {
    uint32_t fill, route;
    uint8_t product;     /* what the broker sees */
    uint8_t tax_product; /* what netting says */
    uint8_t leg;
    int64_t quantity, turnover; /* micros */
};

/* Everything that is the same for all pieces of the same words on one day: most
 * fills of a tradebook take one of a few dozen routes. */
struct route {
    const uint16_t *tables; /* of plan, market and day; with the words it is the key */
    uint8_t sel[TC_SELECTOR_COUNT];
    uint8_t tax_product;
    uint16_t rule[TC_CHARGE_COUNT], print[TC_CHARGE_COUNT]; /* TC_NONE: no rendering */
    uint16_t known;               /* bit a charge */
    uint16_t nil, rated;          /* nothing, or picos[] of the turnover and nothing else */
    int64_t picos[TC_CHARGE_COUNT];
    uint32_t flags;
    tc_status status;
    const char *reason;
};

/* Sums of a group while a charge is computed on it. */
struct group {
    uint64_t key;
    uint32_t spec;         /* what keeps groups of one key apart: a rule, a rounding */
    uint32_t first, count; /* its members */
    uint32_t example;      /* the piece of it that ranks first */
    uint32_t last_fill;    /* that joined */
    uint32_t flags;
    tc_status status;      /* of its amount */
    const char *reason;
    tc_atto quantity, turnover, amount, given;
    int64_t fills;
};

/* Both sides of a security-day, and how much of each is matched so far. */
struct sides { int64_t bought, sold, bought_matched, sold_matched; uint8_t later; };

struct member { /* of a rounding group: a fill's share */
    uint32_t fill;
    tc_atto weight;
};

struct share { /* of a member, while its group is spread */
    tc_atto remainder;
    uint32_t rank, fill;
    int64_t units;
};

enum { KEY_SIZE_MAX = 1024 };

struct key {
    size_t size;
    char bytes[KEY_SIZE_MAX];
};

struct interned { uint64_t hash; uint32_t text, size; };

struct tc_day {
    const tc_book *book;
    TC_ARRAY(struct day_fill) fills;
    TC_ARRAY(tc_fill_cost) costs;
    TC_ARRAY(char) texts;
    TC_ARRAY(struct interned) ids;
    TC_ARRAY(uint32_t) id_slots;
    TC_ARRAY(struct piece) pieces;
    TC_ARRAY(struct route) routes;
    uint16_t route_slots[ROUTE_SLOTS]; /* index + 1 */
    struct key last;                   /* all that the last fill was numbered by */
    TC_ARRAY(tc_atto) weights;      /* of the charge at hand, a piece each */
    TC_ARRAY(tc_atto) gst_exact, gst_bases; /* bases of gst as weighed, and as taken */
    TC_ARRAY(uint32_t) piece_groups;
    TC_ARRAY(struct group) groups;
    TC_ARRAY(struct sides) sides;
    TC_ARRAY(uint32_t) group_slots;
    TC_ARRAY(struct member) members;
    TC_ARRAY(struct share) shares;
    TC_ARRAY(uint32_t) note_heads;  /* first fill by number of the note */
    TC_ARRAY(uint32_t) order;       /* the fills of the note at hand, by rank */
    };

/* src/pricing/quote.c */
tc_status find_tables(const uint16_t **tables, tc_error *error, const tc_book *book, const tc_trade *trade);
tc_status no_rule_reason(tc_error *error, const tc_book *book, const tc_trade *trade, const char *what);
uint32_t trade_flags(const tc_trade *trade, const struct rule *gst, const struct rule *dp);
tc_status sum_cost(tc_cost *cost);
int place_of_supply(const tc_book *book, const tc_trade *trade); /* 0 same state, 1 union territory, 2 other */

/* src/pricing/group.c: group numbers and largest remainders. */
struct group *group_of(tc_day *day, uint64_t key, uint32_t spec); /* added if new; never NULL: room is reserved */
void size_groups(tc_day *day); /* as many slots as the day's fills need */
void groups_clear(tc_day *day);
uint64_t level_key(unsigned level, const struct day_fill *fill, uint32_t index, const struct rule *rule);

/* Spreads `units` over members by weight; the largest remainders get what is
 * left, ties by rank; all weights 0: the first by rank bears it. Adds
 * units x unit_nanos to the charge of each member's fill. */
tc_status spread(tc_day *day, struct member *members, uint32_t count, int64_t units, int64_t unit_nanos, tc_charge charge);

/* src/pricing/net.c: ranks, matched quantities, pieces. */
void make_pieces(tc_day *day, bool note);

/* src/pricing/note.c */
/* Prices the note whose fills stand in `order`. */
tc_status price_note(tc_day *day, tc_error *error, const tc_options *options);
tc_status note_of_one(tc_cost *cost, tc_error *error, const tc_book *book, const tc_trade *trade, const tc_options *options);
void note_prints(const struct rule **prints, const tc_book *book, const tc_trade *trade);

#endif
