#include <stdlib.h>
#include <string.h>

#include "layout.h"
#include "compile.h"
#include "words.h"

#define AS_TEXT(name, text) text,
#define WORD_FUNCTION(function, LIST)                                     \
    const char *function(unsigned number)                                 \
    {                                                                     \
        static const char *const words[] = {LIST(AS_TEXT)};               \
        return number < sizeof words / sizeof *words ? words[number] : ""; \
    }
WORD_FUNCTION(layer_word, LAYERS)
WORD_FUNCTION(level_word, LEVELS)
WORD_FUNCTION(rule_kind_word, RULE_KINDS)
WORD_FUNCTION(source_status_word, SOURCE_STATUSES)
WORD_FUNCTION(base_word, BASES)
WORD_FUNCTION(count_word, COUNTS)
WORD_FUNCTION(measure_word, MEASURES)
WORD_FUNCTION(part_word, GST_PARTS)

void tc_book_free(tc_book *book)
{
    if (!book || !book->owned) return;
#define AS_FREE(type, name) tc_array_free(&book->name);
    BOOK_ARRAYS(AS_FREE)
#undef AS_FREE
    free(book);
}

tc_book *tc_book_copy(const tc_book *base)
{
    tc_book *book = calloc(1, sizeof *book);
    bool fine = book != NULL;
    if (!fine) return NULL;
    book->owned = 1;
    book->first_day = base->first_day;
    book->review_by = base->review_by;
    memcpy(book->digest, base->digest, sizeof book->digest);
#define AS_COPY(type, name)                                                                     \
    if (fine && base->name.count) {                                                             \
        fine = tc_array_reserve(&book->name, sizeof(type), base->name.count) != NULL;           \
        if (fine) memcpy(book->name.data, base->name.data, base->name.count * sizeof(type));    \
        if (fine) book->name.count = base->name.count;                                          \
    }
    BOOK_ARRAYS(AS_COPY)
#undef AS_COPY
    if (fine) return book;
    tc_book_free(book);
    return NULL;
}

const char *tc_book_digest(const tc_book *book) { return book->digest; }
tc_date tc_book_first_day(const tc_book *book) { return (tc_date){book->first_day}; }
size_t tc_book_broker_count(const tc_book *book) { return book->brokers.count; }
size_t tc_book_plan_count(const tc_book *book) { return book->plans.count; }
size_t tc_book_rule_count(const tc_book *book) { return book->rules.count; }

tc_broker_info tc_book_broker(const tc_book *book, size_t index)
{
    const struct broker *broker = &book->brokers.data[index];
    return (tc_broker_info){book_text(book, broker->id), book_text(book, broker->name),
                            book_text(book, broker->aliases), tc_word(TC_SEL_STATE, broker->state)};
}

tc_plan_info tc_book_plan(const tc_book *book, size_t index)
{
    const struct plan *plan = &book->plans.data[index];
    return (tc_plan_info){.id = book_text(book, plan->id), .broker = plan->broker,
                          .from = {plan->from}, .until = {plan->until}, .open = plan->open,
                          .default_from = {plan->default_from}, .default_until = {plan->default_until},
                          .fixed_count = (uint16_t)plan->fixed_count};
}

tc_fixed_fee tc_book_fixed_fee(const tc_book *book, size_t plan, size_t index)
{
    const struct fixed_fee *fee = &book->fixed.data[book->plans.data[plan].fixed + index];
    return (tc_fixed_fee){book_text(book, fee->name), book_text(book, fee->every), {fee->nanos}, fee->plus_gst};
}

static const char *rule_kind(const struct rule *rule)
{
    if (rule->line >= LINE_API) return "api";
    return rule->line >= LINE_NOTE ? "note" : rule_kind_word(rule->kind);
}

static int rule_charge(const struct rule *rule)
{
    int line = rule->line >= LINE_API ? rule->line - LINE_API : rule->line >= LINE_NOTE ? rule->line - LINE_NOTE : rule->line;
    return line < TC_CHARGE_COUNT ? line : -1;
}

tc_rule_info tc_book_rule(const tc_book *book, size_t index)
{
    const struct rule *rule = &book->rules.data[index];
    return (tc_rule_info){
        .id = book_text(book, rule->id), .layer = layer_word(rule->layer),
        .broker = rule->broker == TC_NONE ? "" : book_text(book, book->brokers.data[rule->broker].id),
        .plans = book_text(book, rule->plans_text), .when = book_text(book, rule->when_text),
        .formula = book_text(book, rule->formula), .per = level_word(rule->per),
        .ref = book_text(book, rule->ref), .url = book_text(book, rule->url),
        .status = source_status_word(rule->status), .note = book_text(book, rule->note),
        .reason = book_text(book, rule->reason), .charge = rule_charge(rule), .kind = rule_kind(rule),
        .from = {rule->from}, .until = {rule->until}, .doubt_from = {rule->doubt_from},
        .doubt_until = {rule->doubt_until}, .review_by = {rule->review_by}};
}

bool tc_book_rule_in_plan(const tc_book *book, size_t rule, uint16_t plan)
{
    return rule_in_plan(book, &book->rules.data[rule], plan);
}

/* Levenshtein distance, of words short enough for one row on the stack. */
static size_t distance(tc_text a, const char *b)
{
    enum { LONGEST = 48 };
    size_t row[LONGEST + 1], size = strlen(b);
    if (size > LONGEST || a.size > LONGEST) return LONGEST;
    for (size_t j = 0; j <= size; j++) row[j] = j;
    for (size_t i = 1; i <= a.size; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= size; j++) {
            size_t above = row[j], best = diagonal + ((a.data[i - 1] | 0x20) != (b[j - 1] | 0x20));
            if (above + 1 < best) best = above + 1;
            if (row[j - 1] + 1 < best) best = row[j - 1] + 1;
            diagonal = above;
            row[j] = best;
        }
    }
    return row[size];
}

uint16_t tc_book_find_broker(const tc_book *book, tc_text name, const char **nearest)
{
    for (uint32_t i = 0; i < book->brokers.count; i++) {
        const struct broker *broker = &book->brokers.data[i];
        if (tc_text_is(name, book_text(book, broker->id)) || tc_text_in(name, book_text(book, broker->aliases))) return (uint16_t)i;
    }
    size_t best = SIZE_MAX;
    for (uint32_t i = 0; nearest && i < book->brokers.count; i++) {
        const char *id = book_text(book, book->brokers.data[i].id);
        size_t d = distance(name, id);
        if (d >= best) continue;
        best = d;
        *nearest = id;
    }
    return TC_NONE;
}

uint16_t tc_book_find_plan(const tc_book *book, uint16_t broker, tc_text id, tc_date date)
{
    for (uint32_t i = 0; i < book->plans.count; i++) {
        const struct plan *plan = &book->plans.data[i];
        if (plan->broker != broker) continue;
        if (id.size ? tc_text_is(id, book_text(book, plan->id))
                    : plan->default_from <= date.day && date.day < plan->default_until) return (uint16_t)i;
    }
    return TC_NONE;
}

const char *tc_book_series(const tc_book *book, uint8_t number)
{
    return number < book->series_names.count ? book_text(book, book->series_names.data[number]) : "";
}

const char *tc_book_underlying(const tc_book *book, uint8_t number)
{
    return number < book->underlying_names.count ? book_text(book, book->underlying_names.data[number]) : "";
}

int64_t tc_book_tick(const tc_book *book, const tc_trade *trade)
{
    for (uint32_t i = 0; i < book->ticks.count; i++) {
        const struct tick_band *band = &book->ticks.data[i];
        if (trade->sel[TC_SEL_EXCHANGE] == band->exchange && trade->sel[TC_SEL_SEGMENT] == band->segment &&
            (!band->instrument || trade->sel[TC_SEL_INSTRUMENT] == band->instrument) &&
            (!band->class_ || trade->sel[TC_SEL_CLASS] == band->class_) &&
            band->from <= trade->date.day && trade->date.day < band->until &&
            band->price_from <= trade->price.micros && trade->price.micros < band->price_below) return band->tick;
    }
    return 0;
}
