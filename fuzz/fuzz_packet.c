/* Any bytes as a frame of Kite's ticker: never beyond its end, at most as many packets as it says, and
 * cut short anywhere it tells no packet that the whole does not. */
#include <stdlib.h>
#include <string.h>

#include "market/live/packet.h"

enum { TOLD_MAX = 64 };

static size_t decode(tc_tick *told, const uint8_t *bytes, size_t size)
{
    /* Its own allocation, so that a byte too far is noticed. */
    uint8_t *copy = malloc(size ? size : 1);
    size_t count = 0, calls = 0;
    tc_frame frame;
    bool end = false;
    if (!copy) abort();
    if (size) memcpy(copy, bytes, size);
    tc_status status = tc_frame_open(&frame, NULL, copy, size);
    unsigned packets = frame.packets;
    while (!status && !end) {
        tc_tick tick;
        tc_market market;
        if (calls++ > packets + 1U) abort();
        if (tc_frame_next(&frame, &tick, &end, NULL) || end) continue;
        tc_tick_market(&market, &tick);
        if (count < TOLD_MAX) told[count] = tick;
        count++;
    }
    free(copy);
    return count < TOLD_MAX ? count : TOLD_MAX;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static tc_tick whole[TOLD_MAX], part[TOLD_MAX];
    size_t count = decode(whole, bytes, size), fewer = decode(part, bytes, size / 2);
    if (fewer > count) abort();
    for (size_t i = 0; i < fewer; i++)
        if (whole[i].token != part[i].token || whole[i].kind != part[i].kind || whole[i].last != part[i].last) abort();
    return 0;
}
