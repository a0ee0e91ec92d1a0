/* test.h - what the unit tests share: cmocka in its own order of headers, and a trade in one line of text. */
#ifndef TC_TEST_H
#define TC_TEST_H

/* clang-format off: cmocka wants these first */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tradecost/tradecost.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static inline tc_text text_of(const char *text) { return (tc_text){text, strlen(text)}; }

/* Rupees as written, in nanos: rupees("12.5"). */
static inline int64_t rupees(const char *text)
{
    int64_t nanos;
    if (tc_decimal_parse(&nanos, text, strlen(text), 9) != TC_OK) fail_msg("not rupees: %s", text);
    return nanos;
}

/* Fields of a request from "field=value field=value ..."; `line` is copied into `buffer`, which must outlive the request. */
static inline void request_of(tc_request *request, char *buffer, size_t size, const char *line)
{
    if ((size_t)snprintf(buffer, size, "%s", line) >= size) fail_msg("too long: %s", line);
    for (char *word = strtok(buffer, " "); word; word = strtok(NULL, " ")) {
        char *equals = strchr(word, '=');
        int field = equals ? tc_field_find((tc_text){word, (size_t)(equals - word)}) : -1;
        if (field < 0) fail_msg("no such field: %s", word);
        request->field[field] = text_of(equals + 1);
    }
}

/* A fill with the texts that group it; kept in static memory of which there are a few hundred at once. */
static inline tc_status fill_of(tc_fill *fill, tc_error *error, const tc_book *book, const char *line)
{
    static char buffers[512][400];
    static unsigned next;
    tc_request request = {0};
    request_of(&request, buffers[next % COUNT(buffers)], sizeof *buffers, line);
    next++;
    memset(fill, 0, sizeof *fill);
    fill->order_id = request.field[TC_F_ORDER_ID];
    fill->fill_id = request.field[TC_F_FILL_ID];
    fill->symbol = request.field[TC_F_SYMBOL];
    fill->isin = request.field[TC_F_ISIN];
    fill->client = request.field[TC_F_CLIENT];
    fill->time = TC_TIME_UNKNOWN;
    if (request.field[TC_F_TIME].size) {
        tc_date day;
        assert_int_equal(tc_time_read(&day, &fill->time, request.field[TC_F_TIME].data, request.field[TC_F_TIME].size), TC_OK);
    }
    const tc_context context = {.product_inferred = true};
    return tc_resolve(&fill->trade, error, book, &request, &context);
}

/* Resolves and prices one order; the status of whichever failed. */
static inline tc_status quote_of(tc_cost *cost, tc_error *error, const tc_book *book, const char *line, tc_level level)
{
    char buffer[400];
    tc_request request = {0};
    tc_trade trade;
    const tc_context context = {.today = {TC_DATE_MIN - 1}};
    const tc_options options = {level, false};
    request_of(&request, buffer, sizeof buffer, line);
    tc_status status = tc_resolve(&trade, error, book, &request, &context);
    return status == TC_OK ? tc_quote(cost, error, book, &trade, &options) : status;
}

/* What a charge is called, or "turnover", "note_total", "total"; nanos. */
static inline int64_t amount_of(const tc_cost *cost, const char *name)
{
    if (!strcmp(name, "turnover")) return cost->turnover.micros * 1000;
    if (!strcmp(name, "note_total")) return cost->note_total.nanos;
    if (!strcmp(name, "total")) return cost->total.nanos;
    for (int c = 0; c < TC_CHARGE_COUNT; c++)
        if (!strcmp(name, tc_charge_name((tc_charge)c))) return cost->charge[c].nanos;
    fail_msg("no amount %s", name);
    return 0;
}

/* Seeded numbers, the same everywhere: splitmix64. */
static inline uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

#endif
