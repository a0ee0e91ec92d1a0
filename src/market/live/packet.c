#include "market/live/packet.h"

#include <math.h>
#include <string.h>

enum { SEGMENT_CDS = 3, SEGMENT_BCD = 6, SEGMENT_INDICES = 9 };

double tc_kite_divisor(uint32_t token)
{
    switch (token & 0xFF) {
    case SEGMENT_CDS:
        return 1e7;
    case SEGMENT_BCD:
        return 1e4;
    default:
        return 100;
    }
}

static uint16_t read_16(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

static uint32_t read_32(const uint8_t *at)
{
    return (uint32_t)read_16(at) << 16 | read_16(at + 2);
}

static double read_price(const tc_tick *tick, const uint8_t *at)
{
    return read_32(at) / tc_kite_divisor(tick->token);
}

static void read_quote(tc_tick *tick, const uint8_t *packet)
{
    tick->last_quantity = read_32(packet + 8);
    tick->average = read_price(tick, packet + 12);
    tick->volume = read_32(packet + 16);
    tick->buy_quantity = read_32(packet + 20);
    tick->sell_quantity = read_32(packet + 24);
    tick->open = read_price(tick, packet + 28);
    tick->high = read_price(tick, packet + 32);
    tick->low = read_price(tick, packet + 36);
    tick->close = read_price(tick, packet + 40);
}

static void read_levels(tc_tick *tick, tc_tick_level *level, const uint8_t *at)
{
    enum { LEVEL_SIZE = 12 };
    for (size_t i = 0; i < TC_KITE_DEPTH; i++, at += LEVEL_SIZE)
        level[i] = (tc_tick_level){read_price(tick, at + 4), read_32(at), read_16(at + 8)};
}

static void read_full(tc_tick *tick, const uint8_t *packet)
{
    tick->last_trade_time = read_32(packet + 44);
    tick->oi = read_32(packet + 48);
    tick->oi_high = read_32(packet + 52);
    tick->oi_low = read_32(packet + 56);
    tick->time = read_32(packet + 60);
    read_levels(tick, tick->bid, packet + 64);
    read_levels(tick, tick->ask, packet + 124);
}

/* An index has them in another order than a share. */
static void read_index(tc_tick *tick, const uint8_t *packet)
{
    tick->high = read_price(tick, packet + 8);
    tick->low = read_price(tick, packet + 12);
    tick->open = read_price(tick, packet + 16);
    tick->close = read_price(tick, packet + 20);
    if (tick->kind == TC_TICK_INDEX_FULL) tick->time = read_32(packet + 28);
}

static tc_status read_packet(tc_tick *tick, tc_error *error, const uint8_t *packet, size_t size)
{
    if (size < TC_TICK_LTP) return tc_fail(error, TC_BAD_FORMAT, "", "a packet of %zu bytes", size);
    *tick = (tc_tick){.kind = (tc_tick_kind)size, .token = read_32(packet)};
    tick->tradable = (tick->token & 0xFF) != SEGMENT_INDICES;
    tick->last = read_price(tick, packet + 4);
    bool index = size == TC_TICK_INDEX_QUOTE || size == TC_TICK_INDEX_FULL;
    bool share = size == TC_TICK_QUOTE || size == TC_TICK_FULL;
    if (size != TC_TICK_LTP && !(tick->tradable ? share : index))
        return tc_fail(error, TC_BAD_FORMAT, "", "a packet of %zu bytes for token %u", size, tick->token);
    if (index) read_index(tick, packet);
    if (share) read_quote(tick, packet);
    if (size == TC_TICK_FULL) read_full(tick, packet);
    return TC_OK;
}

tc_status tc_frame_open(tc_frame *frame, tc_error *error, const uint8_t *bytes, size_t size)
{
    *frame = (tc_frame){.at = bytes};
    if (size == 1) return TC_OK;
    if (size < 2) return tc_fail(error, TC_BAD_FORMAT, "", "an empty frame");
    *frame = (tc_frame){bytes + 2, size - 2, read_16(bytes)};
    return TC_OK;
}

static tc_status give_up(tc_frame *frame, tc_error *error, const char *why)
{
    frame->size = frame->packets = 0;
    return tc_fail(error, TC_BAD_FORMAT, "", "%s", why);
}

tc_status tc_frame_next(tc_frame *frame, tc_tick *tick, bool *end, tc_error *error)
{
    *end = !frame->packets && !frame->size;
    if (*end) return TC_OK;
    if (!frame->packets) return give_up(frame, error, "bytes behind the last packet of a frame");
    if (frame->size < 2 || frame->size - 2 < read_16(frame->at)) return give_up(frame, error, "a packet reaches beyond its frame");
    const uint8_t *packet = frame->at + 2;
    size_t size = read_16(frame->at);
    frame->at += 2 + size;
    frame->size -= 2 + size;
    frame->packets--;
    return read_packet(tick, error, packet, size);
}

/* Kite writes 0 for a price that there is not. */
static double known(double price)
{
    return price > 0 ? price : NAN;
}

static uint8_t take_levels(tc_depth *to, const tc_tick_level *from)
{
    uint8_t count = 0;
    while (count < TC_KITE_DEPTH && from[count].price > 0 && from[count].quantity) {
        to[count] = (tc_depth){from[count].price, from[count].quantity};
        count++;
    }
    return count;
}

static void take_book(tc_market *market, const tc_tick *tick)
{
    market->bid_levels = take_levels(market->bid, tick->bid);
    market->ask_levels = take_levels(market->ask, tick->ask);
    if (market->bid_levels) {
        market->value[TC_M_BID] = market->bid[0].price;
        market->value[TC_M_BID_QUANTITY] = market->bid[0].quantity;
    }
    if (market->ask_levels) {
        market->value[TC_M_ASK] = market->ask[0].price;
        market->value[TC_M_ASK_QUANTITY] = market->ask[0].quantity;
    }
}

void tc_tick_market(tc_market *market, const tc_tick *tick)
{
    tc_market_clear(market);
    market->value[TC_M_LAST] = known(tick->last);
    market->value[TC_M_OPEN] = known(tick->open);
    market->value[TC_M_HIGH] = known(tick->high);
    market->value[TC_M_LOW] = known(tick->low);
    market->value[TC_M_PREVIOUS_CLOSE] = known(tick->close);
    if (tick->kind == TC_TICK_QUOTE || tick->kind == TC_TICK_FULL) market->value[TC_M_VOLUME] = tick->volume;
    if (tick->kind == TC_TICK_FULL) take_book(market, tick);
    if (tick->time) market->time = tick->time * INT64_C(1000000);
}
