#include "memo.h"

#include <stdlib.h>

/* What is no word of a trade: ids, what stands apart, and the numbers. */
static const uint64_t no_words = UINT64_C(1) << TC_F_FILL_ID | UINT64_C(1) << TC_F_ORDER_ID |
                                 UINT64_C(1) << TC_F_TIME | UINT64_C(1) << TC_F_CLIENT |
                                 UINT64_C(1) << TC_F_QUANTITY | UINT64_C(1) << TC_F_PRICE |
                                 UINT64_C(1) << TC_F_NAME;

/* The words that a request says, in the order of their fields. */
struct said {
    uint64_t hash;
    size_t count;
    tc_date day; /* stands for a date that is not given */
    struct {
        uint8_t field;
        tc_text text;
    } word[TC_FIELD_COUNT];
};

static void collect_words(struct said *said, const tc_request *request, tc_date day)
{
    said->count = 0;
    said->day = request->field[TC_F_DATE].size ? (tc_date){0} : day;
    said->hash = (uint64_t)said->day.day;
    for (unsigned field = 0; field < TC_FIELD_COUNT; field++) {
        tc_text text = request->field[field];
        if (!text.size || no_words >> field & 1) continue;
        said->word[said->count].field = (uint8_t)field;
        said->word[said->count++].text = text;
        said->hash = text_hash(said->hash + field, text.data, text.size);
    }
}

/* A word as it is kept: its field and size, then its bytes. */
struct mark {
    uint32_t field, size;
};

static bool same_words(const tc_buffer *kept, const struct said *said)
{
    struct mark mark;
    const char *at = kept->data, *end = at + kept->size;
    if (!kept->size || memcmp(at, &said->day, sizeof said->day)) return false;
    at += sizeof said->day;
    for (size_t i = 0; i < said->count; i++) {
        tc_text text = said->word[i].text;
        if ((size_t)(end - at) < sizeof mark + text.size) return false;
        memcpy(&mark, at, sizeof mark);
        if (mark.field != said->word[i].field || mark.size != text.size) return false;
        if (memcmp(at + sizeof mark, text.data, text.size)) return false;
        at += sizeof mark + text.size;
    }
    return at == end;
}

static void keep_words(tc_buffer *kept, const struct said *said)
{
    kept->size = 0;
    buffer_add(kept, (const char *)&said->day, sizeof said->day);
    for (size_t i = 0; i < said->count; i++) {
        tc_text text = said->word[i].text;
        const struct mark mark = {said->word[i].field, (uint32_t)text.size};
        buffer_add(kept, (const char *)&mark, sizeof mark);
        buffer_add(kept, text.data, text.size);
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
    struct said said;
    collect_words(&said, request, day);
    size_t slot = said.hash >> 32 & (MEMO_ROOM - 1);
    bool known = m->slots[slot].hash == said.hash && same_words(&m->slots[slot].words, &said);
    if (known && plain_context(context)) {
        *trade = m->slots[slot].trade;
        if (plain_time(trade, day) && read_numbers(trade, request)) return TC_OK;
    }
    tc_status status = tc_resolve(trade, error, book, request, context);
    if (status != TC_OK || known) return status;
    keep_words(&m->slots[slot].words, &said);
    m->slots[slot].hash = said.hash;
    m->slots[slot].trade = *trade;
    return TC_OK;
}

void memo_free(memo *m)
{
    if (!m) return;
    for (size_t i = 0; i < MEMO_ROOM; i++) tc_buffer_free(&m->slots[i].words);
    free(m);
}
