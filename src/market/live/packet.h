/* packet.h - the binary frames of Kite's ticker (kite.trade/docs/connect/v3/websocket).
 *
 * A frame is a count of packets (16 bits), then each packet behind its length (16 bits); all
 * numbers are unsigned and big-endian. The length tells what a packet is. A frame of
 * one byte is a heartbeat. Nothing here keeps or allocates anything. */
#ifndef TC_MARKET_LIVE_PACKET_H
#define TC_MARKET_LIVE_PACKET_H

#include "tradecost/market.h"

enum { TC_KITE_DEPTH = 5 };

/* What a packet holds, by its length in bytes. */
typedef enum {
    TC_TICK_LTP = 8,          /* the last price alone */
    TC_TICK_INDEX_QUOTE = 28, /* of an index: open, high, low and close too */
    TC_TICK_INDEX_FULL = 32,  /* ... and the time */
    TC_TICK_QUOTE = 44,       /* quantities, open, high, low and close */
    TC_TICK_FULL = 184        /* ... and times, open interest and five levels of the book */
} tc_tick_kind;

typedef struct {
    double price; /* rupees; 0 where the level is empty */
    uint32_t quantity;
    uint16_t orders;
} tc_tick_level;

/* One packet. What its kind does not hold is 0. */
typedef struct {
    tc_tick_kind kind;
    uint32_t token;    /* the instrument; its lowest byte is the segment */
    bool tradable;     /* false: an index */
    double last, average, open, high, low, close; /* rupees; close is that of the session before */
    uint32_t last_quantity, volume, buy_quantity, sell_quantity;
    uint32_t oi, oi_high, oi_low;
    uint32_t last_trade_time, time; /* seconds since 1970 UTC */
    tc_tick_level bid[TC_KITE_DEPTH], ask[TC_KITE_DEPTH];
} tc_tick;

typedef struct {
    const uint8_t *at;
    size_t size;       /* left of the frame */
    unsigned packets;  /* still to come */
} tc_frame;

/* TC_BAD_FORMAT: too short to say how many packets it has. A heartbeat has none. */
tc_status tc_frame_open(tc_frame *frame, tc_error *error, const uint8_t *bytes, size_t size);

/* The next packet; `*end` after the last. TC_BAD_FORMAT: a packet of no known length,
 * and the next call goes on behind it; or one that reaches beyond the frame, or bytes behind
 * the last packet, which end the frame. */
tc_status tc_frame_next(tc_frame *frame, tc_tick *tick, bool *end, tc_error *error);

/* What a packet says of the market; what it does not say is unknown. */
void tc_tick_market(tc_market *market, const tc_tick *tick);

/* Paise, or finer for currencies: what a price of this instrument is divided by. */
double tc_kite_divisor(uint32_t token);

#endif
