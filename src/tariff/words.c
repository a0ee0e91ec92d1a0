#include <string.h>

#include "tradecost/book.h"
#include "words.h"

struct word { const char *word, *aliases; };

#define AS_WORD(name, text, others) {text, others},
#define LIST(name, WORDS) static const struct word name[] = {{"", ""}, WORDS(AS_WORD)};
LIST(exchanges, TC_EXCHANGE_WORDS)
LIST(segments, TC_SEGMENT_WORDS)
LIST(instruments, TC_INSTRUMENT_WORDS)
LIST(classes, TC_CLASS_WORDS)
LIST(products, TC_PRODUCT_WORDS)
LIST(sides, TC_SIDE_WORDS)
LIST(events, TC_EVENT_WORDS)
LIST(option_types, TC_OPTION_TYPE_WORDS)
LIST(channels, TC_CHANNEL_WORDS)
LIST(legs, TC_LEG_WORDS)
LIST(nettings, TC_NETTING_WORDS)
LIST(ctts, TC_CTT_WORDS)
LIST(settlements, TC_SETTLEMENT_WORDS)
LIST(holders, TC_HOLDER_WORDS)
LIST(depositories, TC_DEPOSITORY_WORDS)

/* ISO 3166-2:IN, with the codes it used before 2023 and the market's own. */
static const struct word states[] = {
    {"", ""},     {"AN", ""},   {"AP", ""},      {"AR", ""},   {"AS", ""},      {"BR", ""},   {"CG", "ct"},
    {"CH", ""},   {"DH", "dn dd"}, {"DL", ""},   {"GA", ""},   {"GJ", ""},      {"HP", ""},   {"HR", ""},
    {"JH", ""},   {"JK", ""},   {"KA", ""},      {"KL", ""},   {"LA", ""},      {"LD", ""},   {"MH", ""},
    {"ML", ""},   {"MN", ""},   {"MP", ""},      {"MZ", ""},   {"NL", ""},      {"OD", "or"}, {"PB", ""},
    {"PY", ""},   {"RJ", ""},   {"SK", ""},      {"TN", ""},   {"TR", ""},      {"TS", "tg"}, {"UK", "ut"},
    {"UP", ""},   {"WB", ""}};

#define ENTRY(list) {list, sizeof list / sizeof *list}
static const struct { const struct word *words; size_t count; } lists[TC_SELECTOR_COUNT] = {
    [TC_SEL_EXCHANGE] = ENTRY(exchanges),     [TC_SEL_SEGMENT] = ENTRY(segments),
    [TC_SEL_INSTRUMENT] = ENTRY(instruments), [TC_SEL_CLASS] = ENTRY(classes),
    [TC_SEL_PRODUCT] = ENTRY(products),       [TC_SEL_SIDE] = ENTRY(sides),
    [TC_SEL_EVENT] = ENTRY(events),           [TC_SEL_OPTION_TYPE] = ENTRY(option_types),
    [TC_SEL_CHANNEL] = ENTRY(channels),       [TC_SEL_LEG] = ENTRY(legs),
    [TC_SEL_NETTING] = ENTRY(nettings),       [TC_SEL_CTT] = ENTRY(ctts),
    [TC_SEL_SETTLEMENT] = ENTRY(settlements), [TC_SEL_HOLDER] = ENTRY(holders),
    [TC_SEL_DEPOSITORY] = ENTRY(depositories), [TC_SEL_STATE] = ENTRY(states)};

#define AS_TEXT(name, text, ...) text,
#define AS_MEANING(name, text, meaning) meaning,
static const char *const selector_names[] = {TC_SELECTORS(AS_TEXT)};
static const char *const flag_words[] = {TC_FLAGS(AS_TEXT)};
static const char *const flag_meanings[] = {TC_FLAGS(AS_MEANING)};
static const char *const field_names[] = {TC_FIELDS(AS_TEXT)};
static const char *const field_meanings[] = {TC_FIELDS(AS_MEANING)};
static const char *const charge_names[] = {TC_CHARGES(AS_TEXT)};

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c; }

bool tc_text_is(tc_text text, const char *word)
{
    size_t i = 0;
    for (; i < text.size && word[i]; i++)
        if (lower(text.data[i]) != lower(word[i])) return false;
    return i == text.size && !word[i];
}

bool tc_text_in(tc_text text, const char *words)
{
    while (*words) {
        size_t size = strcspn(words, " "), i = 0;
        while (i < size && i < text.size && lower(text.data[i]) == words[i]) i++;
        if (i == size && i == text.size) return true;
        words += size + (words[size] == ' ');
    }
    return false;
}

uint8_t tc_word_find(tc_selector selector, tc_text word)
{
    if (!word.size) return 0;
    for (size_t i = 1; i < lists[selector].count; i++)
        if (tc_text_is(word, lists[selector].words[i].word)) return (uint8_t)i;
    for (size_t i = 1; i < lists[selector].count; i++)
        if (tc_text_in(word, lists[selector].words[i].aliases)) return (uint8_t)i;
    return 0;
}

const char *tc_word(tc_selector selector, uint8_t number)
{
    return number < lists[selector].count ? lists[selector].words[number].word : "";
}

uint8_t tc_word_count(tc_selector selector) { return (uint8_t)lists[selector].count; }

const char *tc_selector_name(tc_selector selector)
{
    return (unsigned)selector < TC_SELECTOR_COUNT ? selector_names[selector] : "";
}
const char *tc_flag_word(unsigned bit) { return bit < TC_FLAG_COUNT ? flag_words[bit] : ""; }
const char *tc_flag_meaning(unsigned bit) { return bit < TC_FLAG_COUNT ? flag_meanings[bit] : ""; }
const char *tc_field_name(tc_field field) { return (unsigned)field < TC_FIELD_COUNT ? field_names[field] : ""; }
const char *tc_field_meaning(tc_field field)
{
    return (unsigned)field < TC_FIELD_COUNT ? field_meanings[field] : "";
}
const char *tc_charge_name(tc_charge charge)
{
    return (unsigned)charge < TC_CHARGE_COUNT ? charge_names[charge] : "";
}

int tc_field_find(tc_text name)
{
    for (int i = 0; i < TC_FIELD_COUNT; i++)
        if (tc_text_is(name, field_names[i])) return i;
    return -1;
}

/* Every (segment, instrument, class) that can exist, so that rules and tables
 * see one word where a grid of three would be mostly holes. */
static const struct { uint8_t segment, instrument, class_; } kinds[] = {
    {0, 0, 0},
    {TC_EQUITY, TC_SHARE, 0}, {TC_EQUITY, TC_ETF, 0},
    {TC_EQUITY, TC_ETF, TC_CLASS_EQUITY}, {TC_EQUITY, TC_ETF, TC_CLASS_GOLD},
    {TC_EQUITY, TC_ETF, TC_CLASS_SILVER}, {TC_EQUITY, TC_ETF, TC_CLASS_LIQUID},
    {TC_EQUITY, TC_ETF, TC_CLASS_DEBT}, {TC_EQUITY, TC_ETF, TC_CLASS_INTERNATIONAL},
    {TC_EQUITY, TC_BOND, 0}, {TC_EQUITY, TC_GSEC, 0}, {TC_EQUITY, TC_SGB, 0},
    {TC_EQUITY, TC_REIT, 0}, {TC_EQUITY, TC_INVIT, 0}, {TC_EQUITY, TC_MF, 0},
    {TC_EQUITY_DERIVATIVE, TC_FUTURE, TC_CLASS_STOCK}, {TC_EQUITY_DERIVATIVE, TC_FUTURE, TC_CLASS_INDEX},
    {TC_EQUITY_DERIVATIVE, TC_OPTION, TC_CLASS_STOCK}, {TC_EQUITY_DERIVATIVE, TC_OPTION, TC_CLASS_INDEX},
    {TC_CURRENCY, TC_FUTURE, TC_CLASS_CURRENCY}, {TC_CURRENCY, TC_FUTURE, TC_CLASS_INTEREST_RATE},
    {TC_CURRENCY, TC_OPTION, TC_CLASS_CURRENCY}, {TC_CURRENCY, TC_OPTION, TC_CLASS_INTEREST_RATE},
    {TC_COMMODITY, TC_FUTURE, TC_CLASS_AGRI}, {TC_COMMODITY, TC_FUTURE, TC_CLASS_NONAGRI},
    {TC_COMMODITY, TC_FUTURE, TC_CLASS_INDEX}, {TC_COMMODITY, TC_OPTION, TC_CLASS_AGRI},
    {TC_COMMODITY, TC_OPTION, TC_CLASS_NONAGRI}, {TC_COMMODITY, TC_OPTION, TC_CLASS_INDEX}};

enum { KIND_COUNT = sizeof kinds / sizeof *kinds };

uint8_t tc_kind_count(void) { return KIND_COUNT; }

uint8_t tc_kind_of(uint8_t segment, uint8_t instrument, uint8_t class_)
{
    for (uint8_t i = 1; i < KIND_COUNT; i++)
        if (kinds[i].segment == segment && kinds[i].instrument == instrument && kinds[i].class_ == class_) return i;
    return 0;
}

uint8_t tc_kind_word(uint8_t kind, tc_selector selector)
{
    switch (selector) {
    case TC_SEL_SEGMENT: return kinds[kind].segment;
    case TC_SEL_INSTRUMENT: return kinds[kind].instrument;
    default: return kinds[kind].class_;
    }
}
