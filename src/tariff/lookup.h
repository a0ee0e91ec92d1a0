/* lookup.h - the rule for a trade: a few loads, nothing allocated. */
#ifndef TC_TARIFF_LOOKUP_H
#define TC_TARIFF_LOOKUP_H

#include "layout.h"

/* The tables in force for a plan, market and day, by line; NULL if the plan has none that day. */
static inline const uint16_t *schedule_row(const tc_book *book, const struct schedule *schedule, int32_t day)
{
    const int32_t *days = book->days.data + schedule->days;
    uint32_t low = 0, high = schedule->count;
    while (low < high) { /* the first day after `day` */
        uint32_t middle = (low + high) / 2;
        if (days[middle] <= day) low = middle + 1;
        else high = middle;
    }
    return low ? book->rows.data + schedule->rows + (size_t)(low - 1) * schedule->width : NULL;
}

static inline const struct schedule *schedule_of(const tc_book *book, uint16_t plan, const uint8_t *sel, bool printing)
{
    unsigned market = market_of(sel[TC_SEL_EXCHANGE], sel[TC_SEL_SEGMENT]);
    return &book->schedules.data[book->plans.data[plan].markets + 2 * market + printing];
}

/* The first choice of a trade's cell; 0xffff if no rule matches. */
static inline uint16_t table_choice(const tc_book *book, uint16_t table_index, const uint8_t *sel)
{
    if (table_index == TC_NONE) return TC_NONE;
    const struct table *table = &book->tables.data[table_index];
    uint32_t cell = table->cells;
    for (uint32_t s = 0; s < table->selector_count; s++)
        cell += book->maps.data[table->map[s] + sel[table->selector[s]]];
    return book->cells.data[cell];
}

/* Whether a table tells trades apart by `selector`. */
static inline bool table_selects_by(const tc_book *book, uint16_t table_index, tc_selector selector)
{
    if (table_index == TC_NONE) return false;
    const struct table *table = &book->tables.data[table_index];
    for (uint32_t s = 0; s < table->selector_count; s++)
        if (table->selector[s] == selector) return true;
    return false;
}

/* Whether a table tells two words of a selector apart. */
static inline bool table_tells_apart(const tc_book *book, uint16_t table_index, tc_selector selector, uint8_t a, uint8_t b)
{
    if (table_index == TC_NONE) return false;
    const struct table *table = &book->tables.data[table_index];
    for (uint32_t s = 0; s < table->selector_count; s++)
        if (table->selector[s] == selector) return book->maps.data[table->map[s] + a] != book->maps.data[table->map[s] + b];
    return false;
}

#endif
