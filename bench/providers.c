/* What a tick costs, and what a moment of a simulated market. */
#include <stdio.h>
#include <string.h>

#include "bench.h"
#include "market/live/live.h"
#include "market/live/packet.h"

enum { PACKETS = 1000, FULL = TC_TICK_FULL, FRAME = 2 + PACKETS * (2 + FULL) };

static void fill_frame(uint8_t frame[FRAME])
{
    uint8_t *at = frame;
    *at++ = PACKETS >> 8, *at++ = PACKETS & 0xFF;
    for (unsigned i = 0; i < PACKETS; i++) {
        *at++ = 0, *at++ = FULL;
        for (unsigned k = 0; k < FULL; k++) *at++ = (uint8_t)(k == 3 ? 1 : (i * 31 + k * 7) & 0x3F);
    }
}

static double decode_ns(const uint8_t *frame, double *sum)
{
    tc_frame open;
    tc_tick tick;
    tc_market market;
    bool end = false;
    double start = now_ns();
    tc_frame_open(&open, NULL, frame, FRAME);
    while (!tc_frame_next(&open, &tick, &end, NULL) && !end) {
        tc_tick_market(&market, &tick);
        *sum += market.value[TC_M_LAST];
    }
    return (now_ns() - start) / PACKETS;
}

static double copy_ns(const uint8_t *frame, double *sum)
{
    tc_market market = {.time = 0};
    uint8_t packet[FULL];
    double start = now_ns();
    for (unsigned i = 0; i < PACKETS; i++) {
        memcpy(packet, frame + 4 + i * (FULL + 2), FULL);
        tc_market_clear(&market);
        *sum += packet[7] + market.value[TC_M_LAST] * 0;
    }
    return (now_ns() - start) / PACKETS;
}

static double ask_us(void *simulation, double *sum)
{
    enum { ASKED = 20 };
    static const tc_security which = {{"NSE", 3}, {"INFY", 4}, {0}, {0}};
    tc_market market;
    double start = now_ns();
    for (int i = 0; i < ASKED; i++) {
        if (tc_provider_synthetic.market(simulation, &market, NULL, &which, INT64_C(1767249000000000) + i * TC_MINUTE_MICROS)) return 0;
        *sum += market.value[TC_M_LAST];
    }
    return (now_ns() - start) / ASKED / 1e3;
}

void bench_providers(void)
{
    static uint8_t frame[FRAME];
    static double decode[SAMPLES], copy[SAMPLES], ask[SAMPLES];
    void *simulation;
    double sum = 0;
    fill_frame(frame);
    if (tc_provider_synthetic.open(&simulation, NULL, "seed=7")) return;
    for (int i = 0; i < SAMPLES; i++) decode[i] = decode_ns(frame, &sum), copy[i] = copy_ns(frame, &sum);
    for (int i = 0; i < SAMPLES / 8; i++) ask[i] = ask_us(simulation, &sum);
    tc_provider_synthetic.close(simulation);
    double tick = median(decode, SAMPLES), bytes = median(copy, SAMPLES);
    printf("a tick in full, to a market              %8.0f ns   (copying it and clearing a market: %.0f ns; %.1f times)\n", tick, bytes, tick / bytes);
    printf("a moment of a simulated market           %8.0f us   (some 20,000 normals)%s\n", median(ask, SAMPLES / 8), sum == 0 ? " " : "");
}
