#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "kite.h"
#include "market/live/live.h"
#include "text/values.h"

static tc_status bad(tc_error *error, const char *name, const char *what)
{
    return tc_fail(error, TC_BAD_FORMAT, "", "kite: %s: %s is not as documented", name, what);
}

/* A quantity or price; NAN where it is not there or null. */
static tc_status read_number(double *value, tc_error *error, json_t *of, const char *key, const char *name)
{
    json_t *number = json_object_get(of, key);
    *value = NAN;
    if (!number || json_is_null(number)) return TC_OK;
    if (!json_is_number(number) || json_number_value(number) < 0) return bad(error, name, key);
    *value = json_number_value(number);
    return TC_OK;
}

/* Kite writes 0 for a price that there is not. */
static tc_status read_price(double *value, tc_error *error, json_t *of, const char *key, const char *name)
{
    tc_status status = read_number(value, error, of, key, name);
    if (*value == 0) *value = NAN;
    return status;
}

static tc_status read_levels(tc_depth *level, uint8_t *count, tc_error *error, json_t *of, const char *side, const char *name)
{
    json_t *levels = json_object_get(of, side);
    *count = 0;
    if (!levels || json_is_null(levels)) return TC_OK;
    if (!json_is_array(levels)) return bad(error, name, side);
    for (size_t i = 0; i < json_array_size(levels) && i < TC_DEPTH_MAX; i++) {
        json_t *one = json_array_get(levels, i);
        tc_status status = read_price(&level[i].price, error, one, "price", name);
        if (!status) status = read_number(&level[i].quantity, error, one, "quantity", name);
        if (status) return status;
        if (!(level[i].price > 0) || !(level[i].quantity > 0)) break; /* the rest of the side is empty */
        *count = (uint8_t)(i + 1);
    }
    return TC_OK;
}

static tc_status read_book(tc_market *market, tc_error *error, json_t *quote, const char *name)
{
    json_t *depth = json_object_get(quote, "depth");
    tc_status status = read_levels(market->bid, &market->bid_levels, error, depth, "buy", name);
    if (!status) status = read_levels(market->ask, &market->ask_levels, error, depth, "sell", name);
    if (market->bid_levels) market->value[TC_M_BID] = market->bid[0].price, market->value[TC_M_BID_QUANTITY] = market->bid[0].quantity;
    if (market->ask_levels) market->value[TC_M_ASK] = market->ask[0].price, market->value[TC_M_ASK_QUANTITY] = market->ask[0].quantity;
    return status;
}

static tc_status read_time(tc_market *market, tc_error *error, json_t *quote, const char *name)
{
    json_t *time = json_object_get(quote, "timestamp");
    if (!time || json_is_null(time)) return TC_OK;
    if (!json_is_string(time) || tc_instant_read(&market->time, NULL, "timestamp", tc_text_of(json_string_value(time))))
        return bad(error, name, "timestamp");
    return TC_OK;
}

static tc_status read_quote(tc_market *market, tc_error *error, json_t *quote, const char *name)
{
    static const struct {
        tc_market_field field;
        const char *object, *key; /* object NULL: the quote itself */
    } prices[] = {{TC_M_LAST, NULL, "last_price"},
                  {TC_M_LOWER_CIRCUIT, NULL, "lower_circuit_limit"},
                  {TC_M_UPPER_CIRCUIT, NULL, "upper_circuit_limit"},
                  {TC_M_OPEN, "ohlc", "open"},
                  {TC_M_HIGH, "ohlc", "high"},
                  {TC_M_LOW, "ohlc", "low"},
                  {TC_M_PREVIOUS_CLOSE, "ohlc", "close"}};
    tc_status status = read_number(&market->value[TC_M_VOLUME], error, quote, "volume", name);
    for (size_t i = 0; i < sizeof prices / sizeof *prices && !status; i++) {
        json_t *of = prices[i].object ? json_object_get(quote, prices[i].object) : quote;
        status = read_price(&market->value[prices[i].field], error, of, prices[i].key, name);
    }
    if (!status) status = read_book(market, error, quote, name);
    return status ? status : read_time(market, error, quote, name);
}

/* The document, and in `*quote` what data has under the name. */
static tc_status load(json_t **document, json_t **quote, tc_error *error, const char *body, size_t size, const char *name)
{
    json_error_t where;
    *document = json_loadb(body, size, JSON_REJECT_DUPLICATES, &where);
    if (!*document) return tc_fail(error, TC_BAD_FORMAT, "", "kite: the answer is no JSON: line %d: %.80s", where.line, where.text);
    json_t *data = json_object_get(*document, "data");
    *quote = json_object_get(data, name);
    if (*quote && json_is_object(*quote)) return TC_OK;
    tc_status status = json_is_object(data) && !*quote ? tc_fail(error, TC_MARKET_MISSING, "symbol", "kite knows no %s", name)
                                                        : bad(error, name, "data");
    json_decref(*document);
    return status;
}

tc_status kite_read_quote(tc_market *market, tc_error *error, const char *body, size_t size, const char *name)
{
    json_t *document, *quote;
    tc_market read;
    tc_status status = load(&document, &quote, error, body, size, name);
    if (status) return status;
    tc_market_clear(&read);
    status = read_quote(&read, error, quote, name);
    snprintf(read.source, sizeof read.source, "kite quote");
    if (!status) *market = read;
    json_decref(document);
    return status;
}

tc_status kite_read_token(uint32_t *token, tc_error *error, const char *body, size_t size, const char *name)
{
    json_t *document, *quote;
    tc_status status = load(&document, &quote, error, body, size, name);
    if (status) return status;
    json_t *number = json_object_get(quote, "instrument_token");
    json_int_t value = json_integer_value(number);
    if (!json_is_integer(number) || value <= 0 || value > UINT32_MAX) status = bad(error, name, "instrument_token");
    else *token = (uint32_t)value;
    json_decref(document);
    return status;
}

/* Printable, so that nothing of it steers a terminal. */
static void keep_text(char *to, size_t room, const char *first, const char *between, const char *second)
{
    snprintf(to, room, "%s%s%s", first, between, second);
    for (char *at = to; *at; at++)
        if ((unsigned char)*at < ' ' || *at == 0x7F) *at = ' ';
}

void kite_read_error(char *said, size_t room, const char *body, size_t size)
{
    json_t *document = json_loadb(body, size, JSON_REJECT_DUPLICATES, NULL);
    const char *type = json_string_value(json_object_get(document, "error_type"));
    const char *message = json_string_value(json_object_get(document, "message"));
    keep_text(said, room, type ? type : "", type && message ? ": " : "", message ? message : "");
    json_decref(document);
}

bool kite_read_message(char *said, size_t room, const char *body, size_t size)
{
    json_t *document = json_loadb(body, size, JSON_REJECT_DUPLICATES, NULL);
    const char *type = json_string_value(json_object_get(document, "type"));
    const char *data = json_string_value(json_object_get(document, "data"));
    bool error = type && data && !strcmp(type, "error");
    keep_text(said, room, error ? data : "", "", "");
    bool read = document;
    json_decref(document);
    return read;
}
