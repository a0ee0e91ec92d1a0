#include "memo.h"

#include <stdlib.h>

/* What is no word of a trade: ids, what stands apart, and the numbers. */
static bool is_word(int field)
{
    switch (field) {
    case TC_F_FILL_ID:
    case TC_F_ORDER_ID:
    case TC_F_TIME:
    case TC_F_CLIENT:
    case TC_F_QUANTITY:
    case TC_F_PRICE:
    case TC_F_NAME:
        return false;
    default:
        return true;
    }
}

/* Every word behind its field's number, and the day that stands for a date. */
static void collect_words(tc_buffer *to, const tc_request *request, tc_date day)
{
    to->size = 0;
    if (!request->field[TC_F_DATE].size) buffer_add(to, (const char *)&day.day, sizeof day.day);
    for (int field = 0; field < TC_FIELD_COUNT; field++) {
        tc_text word = request->field[field];
        if (!word.size || !is_word(field)) continue;
        uint32_t mark = (uint32_t)field << 24 | ((uint32_t)word.size & 0xFFFFFF);
        buffer_add(to, (const char *)&mark, sizeof mark);
        buffer_add(to, word.data, word.size);
    }
}

static bool read_plain(int64_t *micros, tc_text text, int64_t most)
{
    return tc_decimal_parse(micros, text.data, text.size, 6) == TC_OK && *micros > 0 && *micros <= most;
}

/* Quantity, price and turnover of a trade whose words are known; false: not plain. */
static bool read_numbers(tc_trade *trade, const tc_request *request)
{
    if (trade->sel[TC_SEL_EVENT] != TC_TRADE || request->field[TC_F_VALUE].size) return false;
    if (request->field[TC_F_LOT_SIZE].size) return false;
    if (!read_plain(&trade->quantity.micros, request->field[TC_F_QUANTITY], TC_QUANTITY_MICROS_MAX)) return false;
    if (!read_plain(&trade->price.micros, request->field[TC_F_PRICE], TC_PRICE_MICROS_MAX)) return false;
    if (trade->quantity.micros % TC_MICROS_PER_RUPEE) return false;
    return tc_turnover_of(&trade->turnover, trade->quantity, trade->price) == TC_OK;
}

/* Defaults are the context's, the same for every row; those that are not plain
 * would slip past the request. */
static bool plain_context(const tc_context *context)
{
    const tc_text *said = context->defaults.field;
    return !said[TC_F_VALUE].size && !said[TC_F_LOT_SIZE].size && !said[TC_F_QUANTITY].size && !said[TC_F_PRICE].size;
}

/* The day that a time names must be the trade's, or resolving says why not. */
static bool plain_time(const tc_trade *trade, tc_date day)
{
    return day.day < TC_DATE_MIN || day.day == trade->date.day;
}

tc_status memo_resolve(memo *m, tc_trade *trade, tc_error *error, const tc_book *book, const tc_request *request,
                       const tc_context *context, tc_date day)
{
    collect_words(&m->words, request, day);
    uint64_t hash = text_hash(5, m->words.data, m->words.size);
    size_t slot = hash >> 32 & (MEMO_ROOM - 1);
    tc_buffer *words = &m->slots[slot].words;
    bool known = m->slots[slot].hash == hash && words->size == m->words.size && words->size &&
                 !memcmp(words->data, m->words.data, words->size);
    if (known && plain_context(context)) {
        *trade = m->slots[slot].trade;
        if (plain_time(trade, day) && read_numbers(trade, request)) return TC_OK;
    }
    tc_status status = tc_resolve(trade, error, book, request, context);
    if (status != TC_OK || known) return status;
    words->size = 0;
    buffer_add(words, m->words.data, m->words.size);
    m->slots[slot].hash = hash;
    m->slots[slot].trade = *trade;
    return TC_OK;
}

void memo_free(memo *m)
{
    if (!m) return;
    for (size_t i = 0; i < MEMO_ROOM; i++) tc_buffer_free(&m->slots[i].words);
    tc_buffer_free(&m->words);
    free(m);
}
