/* Any bytes as orders: each comes whole and sensible, or is refused with its reason. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "io/orders.h"

static void check(const tc_order_row *row)
{
    if (row->status != row->error.status) abort();
    if (row->status != TC_OK) return;
    if (!row->order_id.size || !row->symbol.size || row->quantity.micros <= 0 || !row->side) abort();
    if (row->decision_price.micros < 0 || row->arrival_price.micros < 0 || row->end_price.micros < 0) abort();
    if (row->time != TC_TIME_UNKNOWN && row->decision_time > row->time) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char path[32];
    tc_orders *orders;
    tc_order_row row;
    bool end = false;
    uint32_t line = 0;
    int fd = memfd_create("fuzz", MFD_CLOEXEC);
    if (fd < 0 || write(fd, bytes, size) != (ssize_t)size) abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (tc_orders_open(&orders, NULL, path) == TC_OK) {
        while (tc_orders_next(orders, &row, &end, NULL) == TC_OK && !end) {
            if (row.line <= line) abort();
            line = row.line;
            check(&row);
        }
        tc_orders_close(orders);
    }
    close(fd);
    return 0;
}
