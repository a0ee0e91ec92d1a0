/* Any bytes as orders to fit: an error, rows refused by line, or orders with sound numbers. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "models/fit/orders.h"

static void refuse(void *context, const tc_error *why)
{
    (void)context;
    if (!why->line) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    byte_source from = {data, size, 0};
    tc_fit_orders list;
    if (tc_fit_orders_read(&list, NULL, source_read, &from, 0, refuse, NULL)) return 0;
    for (size_t i = 0; i < list.count; i++) {
        const tc_fit_order *o = &list.order[i];
        if (!(o->value[TC_X_QUANTITY] > 0) || !(o->value[TC_X_EXECUTION_PRICE] > 0) || !(o->value[TC_X_ADV] > 0)) abort();
        if ((o->side != 1 && o->side != -1) || !o->symbol.size) abort();
    }
    tc_fit_orders_free(&list);
    return 0;
}
