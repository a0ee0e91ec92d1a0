/* Kite's ticker: recorded frames to the last field where ../shared is at hand, and frames made here byte by byte. */
#include "io_test.h"

#include <math.h>

#include "market/live/packet.h"

#ifndef TC_SHARED
#define TC_SHARED TC_FIXTURES "/../../../shared"
#endif

static size_t recorded(uint8_t *bytes, size_t room, const char *name)
{
    char path[512];
    snprintf(path, sizeof path, TC_SHARED "/data/interop/kite-packets/%s", name);
    FILE *file = fopen(path, "rb");
    if (!file) {
        print_message("no %s: skipped\n", path);
        skip();
    }
    size_t size = fread(bytes, 1, room, file);
    fclose(file);
    return size;
}

/* A bare packet behind the header of a frame of one. */
static size_t framed(uint8_t *frame, const uint8_t *packet, size_t size)
{
    frame[0] = 0, frame[1] = 1, frame[2] = (uint8_t)(size >> 8), frame[3] = (uint8_t)size;
    memcpy(frame + 4, packet, size);
    return size + 4;
}

static tc_tick only_tick(const uint8_t *bytes, size_t size)
{
    tc_frame frame;
    tc_tick tick, none;
    bool end;
    assert_int_equal(tc_frame_open(&frame, NULL, bytes, size), TC_OK);
    assert_int_equal(tc_frame_next(&frame, &tick, &end, NULL), TC_OK);
    assert_false(end);
    assert_int_equal(tc_frame_next(&frame, &none, &end, NULL), TC_OK);
    assert_true(end);
    return tick;
}

/* Doubles, exactly: a price is one division of a whole number. */
#define SAME(a, b) assert_true((a) == (b))

static void same_level(tc_tick_level level, double price, uint32_t quantity, uint16_t orders)
{
    SAME(level.price, price);
    assert_int_equal(level.quantity, quantity);
    assert_int_equal(level.orders, orders);
}

static void check_ltp(const tc_tick *tick)
{
    assert_int_equal(tick->token, 884737);
    assert_true(tick->tradable);
    SAME(tick->last, 392.95);
}

/* The session of 2022-06-16, recorded after the close. */
static void check_quote(const tc_tick *tick)
{
    check_ltp(tick);
    assert_int_equal(tick->last_quantity, 2);
    SAME(tick->average, 403.07);
    assert_int_equal(tick->volume, 22261032);
    assert_int_equal(tick->buy_quantity, 5617);
    assert_int_equal(tick->sell_quantity, 0);
    SAME(tick->open, 420.0);
    SAME(tick->high, 420.9);
    SAME(tick->low, 390.1);
    SAME(tick->close, 414.1);
}

static void test_recorded_frames(void **state)
{
    (void)state;
    uint8_t bytes[512];
    tc_tick tick = only_tick(bytes, recorded(bytes, sizeof bytes, "ltpMode_binary.packet"));
    assert_int_equal(tick.kind, TC_TICK_LTP);
    check_ltp(&tick);
    tick = only_tick(bytes, recorded(bytes, sizeof bytes, "quoteMode_binary.packet"));
    assert_int_equal(tick.kind, TC_TICK_QUOTE);
    check_quote(&tick);
    assert_int_equal(tick.time, 0);
    tick = only_tick(bytes, recorded(bytes, sizeof bytes, "fullMode_binary.packet"));
    assert_int_equal(tick.kind, TC_TICK_FULL);
    check_quote(&tick);
    assert_int_equal(tick.last_trade_time, 1655375264);
    assert_int_equal(tick.time, 1655378328); /* 16:48:48 in India */
    assert_int_equal(tick.oi, 0);
    assert_int_equal(tick.oi_high, 0);
    assert_int_equal(tick.oi_low, 0);
    same_level(tick.bid[0], 392.95, 5617, 30);
    for (size_t i = 1; i < TC_KITE_DEPTH; i++) same_level(tick.bid[i], 0, 0, 0);
    for (size_t i = 0; i < TC_KITE_DEPTH; i++) same_level(tick.ask[i], 0, 0, 0);
}

/* What Kite's own clients expect of their mock packets (kiteconnect-mocks, ticker_full.json and ticker_quote.json). */
static void test_mock_packets(void **state)
{
    (void)state;
    static const tc_tick_level bid[] = {{1573.4, 5, 1}, {1573, 140, 2}, {1572.95, 2, 1}, {1572.9, 219, 7}, {1572.85, 50, 1}};
    static const tc_tick_level ask[] = {{1573.7, 172, 3}, {1573.75, 44, 3}, {1573.85, 302, 3}, {1573.9, 141, 2}, {1573.95, 724, 5}};
    uint8_t packet[512], frame[516];
    size_t size = recorded(packet, sizeof packet, "mocks_ticker_full.bin");
    tc_tick tick = only_tick(frame, framed(frame, packet, size));
    assert_int_equal(tick.token, 408065);
    SAME(tick.last, 1573.7);
    assert_int_equal(tick.last_quantity, 7);
    SAME(tick.average, 1570.37);
    assert_int_equal(tick.volume, 1192471);
    assert_int_equal(tick.buy_quantity, 256443);
    assert_int_equal(tick.sell_quantity, 363009);
    SAME(tick.open, 1569.15);
    SAME(tick.high, 1575.0);
    SAME(tick.low, 1561.05);
    SAME(tick.close, 1567.8);
    assert_int_equal(tick.last_trade_time, 1625461887); /* 2021-07-05T10:41:27+05:30 */
    assert_int_equal(tick.time, 1625461887);
    for (size_t i = 0; i < TC_KITE_DEPTH; i++) {
        same_level(tick.bid[i], bid[i].price, bid[i].quantity, bid[i].orders);
        same_level(tick.ask[i], ask[i].price, ask[i].quantity, ask[i].orders);
    }
    size = recorded(packet, sizeof packet, "mocks_ticker_quote.bin");
    tick = only_tick(frame, framed(frame, packet, size));
    SAME(tick.last, 1573.15);
    assert_int_equal(tick.last_quantity, 1);
    SAME(tick.average, 1570.33);
    assert_int_equal(tick.volume, 1175986);
    assert_int_equal(tick.buy_quantity, 256511);
    assert_int_equal(tick.sell_quantity, 360503);
    SAME(tick.close, 1567.8);
}

static void put_16(uint8_t **at, unsigned value)
{
    *(*at)++ = (uint8_t)(value >> 8);
    *(*at)++ = (uint8_t)value;
}

static void put_32(uint8_t **at, uint32_t value)
{
    put_16(at, value >> 16);
    put_16(at, value & 0xFFFF);
}

static void test_segments(void **state)
{
    (void)state;
    static const struct {
        uint32_t token;
        double last;
        bool tradable;
    } cases[] = {{0x100 | 1, 1234567.89, true}, {0x100 | 2, 1234567.89, true}, {0x100 | 3, 12.3456789, true},
                 {0x100 | 4, 1234567.89, true},     {0x100 | 5, 1234567.89, true}, {0x100 | 6, 12345.6789, true},
                 {0x100 | 7, 1234567.89, true},     {0x100 | 8, 1234567.89, true}, {0x100 | 9, 1234567.89, false}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        uint8_t frame[16], *at = frame;
        put_16(&at, 1), put_16(&at, 8), put_32(&at, cases[i].token), put_32(&at, 123456789);
        tc_tick tick = only_tick(frame, sizeof frame - 4);
        assert_true(fabs(tick.last - cases[i].last) < 1e-9 * cases[i].last);
        assert_int_equal(tick.tradable, cases[i].tradable);
    }
}

/* An index: high, low, open and close, in this order, and no quantities. */
static void test_index(void **state)
{
    (void)state;
    static const uint32_t words[] = {256265, 1752100, 1760000, 1740000, 1745050, 1748000, 4100, 1655378328};
    for (unsigned size = TC_TICK_INDEX_QUOTE; size <= TC_TICK_INDEX_FULL; size += 4) {
        uint8_t frame[64], *at = frame;
        put_16(&at, 1), put_16(&at, size);
        for (unsigned i = 0; i < size / 4; i++) put_32(&at, words[i]);
        tc_tick tick = only_tick(frame, 4 + size);
        tc_market market;
        assert_false(tick.tradable);
        SAME(tick.last, 17521.0);
        SAME(tick.high, 17600.0);
        SAME(tick.low, 17400.0);
        SAME(tick.open, 17450.5);
        SAME(tick.close, 17480.0);
        assert_int_equal(tick.time, size == TC_TICK_INDEX_FULL ? 1655378328 : 0);
        tc_tick_market(&market, &tick);
        assert_true(isnan(market.value[TC_M_VOLUME]) && isnan(market.value[TC_M_BID]));
        SAME(market.value[TC_M_PREVIOUS_CLOSE], 17480.0);
    }
}

/* The worst that reading the whole frame answers, and how many packets were good. */
static tc_status frame_status(const uint8_t *bytes, size_t size, unsigned *good)
{
    tc_frame frame;
    tc_tick tick;
    bool end = false;
    tc_status worst = tc_frame_open(&frame, NULL, bytes, size);
    for (*good = 0; !end;) {
        tc_status status = tc_frame_next(&frame, &tick, &end, NULL);
        if (status) worst = status;
        *good += !status && !end;
    }
    return worst;
}

/* A frame of two last prices, then the same with something wrong. */
static void test_frames(void **state)
{
    (void)state;
    uint8_t frame[64], *at = frame;
    unsigned good;
    put_16(&at, 2);
    for (uint32_t i = 0; i < 2; i++) put_16(&at, 8), put_32(&at, 408065), put_32(&at, 100 + i);
    size_t size = (size_t)(at - frame);
    assert_int_equal(frame_status(frame, size, &good), TC_OK);
    assert_int_equal(good, 2);
    assert_int_equal(frame_status(frame, 1, &good), TC_OK); /* a heartbeat */
    assert_int_equal(good, 0);
    assert_int_equal(frame_status(frame, 0, &good), TC_BAD_FORMAT);
    frame[size] = 0;
    assert_int_equal(frame_status(frame, size + 1, &good), TC_BAD_FORMAT); /* a byte behind */
    assert_int_equal(good, 2);
    for (size_t cut = 2; cut < size; cut++) {
        assert_int_equal(frame_status(frame, cut, &good), TC_BAD_FORMAT);
        assert_int_equal(good, cut >= 12);
    }
}

/* One packet of a strange length is passed over; its neighbours are read. */
static void test_strange_packet(void **state)
{
    (void)state;
    static const unsigned strange[] = {0, 4, 9, 28, 32, 43, 183};
    for (size_t s = 0; s < COUNT(strange); s++) {
        uint8_t frame[256] = {0}, *at = frame;
        tc_frame open;
        tc_tick tick;
        bool end;
        put_16(&at, 3);
        put_16(&at, 8), put_32(&at, 257), put_32(&at, 100);
        put_16(&at, strange[s]);
        uint8_t *inside = at;
        if (strange[s] >= 4) put_32(&inside, 257); /* no index: 28 and 32 are not for it */
        at += strange[s];
        put_16(&at, 8), put_32(&at, 513), put_32(&at, 200);
        assert_int_equal(tc_frame_open(&open, NULL, frame, (size_t)(at - frame)), TC_OK);
        assert_int_equal(tc_frame_next(&open, &tick, &end, NULL), TC_OK);
        assert_int_equal(tc_frame_next(&open, &tick, &end, NULL), TC_BAD_FORMAT);
        assert_int_equal(tc_frame_next(&open, &tick, &end, NULL), TC_OK);
        assert_int_equal(tick.token, 513);
        SAME(tick.last, 2.0);
    }
}

static void test_market_of_tick(void **state)
{
    (void)state;
    tc_market market;
    tc_tick tick = {.kind = TC_TICK_FULL, .token = 408065, .tradable = true, .last = 100, .volume = 7, .time = 1655378328};
    tick.bid[0] = (tc_tick_level){99.95, 10, 1};
    tick.bid[1] = (tc_tick_level){99.9, 20, 1};
    tc_tick_market(&market, &tick);
    SAME(market.value[TC_M_BID], 99.95);
    SAME(market.value[TC_M_BID_QUANTITY], 10.0);
    assert_true(isnan(market.value[TC_M_ASK]) && isnan(market.value[TC_M_ASK_QUANTITY]) && isnan(market.value[TC_M_OPEN]));
    assert_int_equal(market.bid_levels, 2);
    assert_int_equal(market.ask_levels, 0);
    SAME(market.value[TC_M_VOLUME], 7.0);
    assert_true(market.time == INT64_C(1655378328000000));
    assert_int_equal(tc_market_check(&market, NULL), TC_OK);
    tick = (tc_tick){.kind = TC_TICK_LTP, .last = 100};
    tc_tick_market(&market, &tick);
    assert_true(isnan(market.value[TC_M_VOLUME]) && market.time == INT64_MIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_recorded_frames), cmocka_unit_test(test_mock_packets), cmocka_unit_test(test_segments),
        cmocka_unit_test(test_index),           cmocka_unit_test(test_frames),       cmocka_unit_test(test_strange_packet),
        cmocka_unit_test(test_market_of_tick),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
