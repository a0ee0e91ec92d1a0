/* Schedules of any numbers at all: what is refused says why, what is not sums to the order and costs finite money. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tradecost/tradecost.h"

enum { SLICES_MAX = 24, FIELDS = 16 };

/* Plain numbers of about `scale`, or any eight bytes. */
static double number(const uint8_t **at, const uint8_t *end, double scale)
{
    double value = scale;
    if (*at == end) return value;
    uint8_t kind = *(*at)++;
    if (kind < 224) return scale * (kind - 16) / 64;
    if (end - *at < (ptrdiff_t)sizeof value) return 0;
    memcpy(&value, *at, sizeof value);
    *at += sizeof value;
    return value;
}

static void check_sum(const double *quantity, size_t slices, double wanted)
{
    double sum = 0, size = 0;
    for (size_t j = 0; j < slices; j++) sum += quantity[j], size += fabs(quantity[j]);
    if (!(fabs(sum - wanted) <= 1e-6 * size)) abort();
}

static void check_optimal(const tc_schedule_market *m, const tc_schedule_task *t)
{
    double quantity[SLICES_MAX];
    tc_schedule_cost cost;
    tc_error error;
    if (tc_schedule_optimal(quantity, NULL, &error, m, t)) return;
    check_sum(quantity, t->slices, t->quantity);
    if (!tc_schedule_evaluate(&cost, NULL, &error, m, t, quantity) && !(isfinite(cost.expected) && cost.variance >= 0)) abort();
    tc_schedule_round(quantity, t->slices, 1);
    for (size_t j = 0; j < t->slices; j++)
        if (quantity[j] != floor(quantity[j])) abort();
}

static void check_search(const tc_schedule_market *m, const tc_schedule_task *t)
{
    double lambda[5];
    tc_error error;
    if (tc_schedule_lambdas(lambda, 5, &error, m, t)) return;
    for (int i = 0; i < 5; i++)
        if (isnan(lambda[i]) || lambda[i] < 0) abort();
}

static void check_exact(const tc_schedule_market *m, const tc_schedule_task *t, const tc_slice_terms *terms, double step)
{
    double quantity[SLICES_MAX];
    tc_exact_report report;
    tc_error error;
    if (t->quantity / step > 300 || tc_schedule_exact(quantity, &report, &error, m, t, terms, step)) return;
    check_sum(quantity, t->slices, t->quantity);
    for (size_t j = 0; j < t->slices; j++)
        if (quantity[j] < 0) abort();
}

static void check_volume(const tc_schedule_task *t, const tc_schedule_volume *v)
{
    double quantity[SLICES_MAX], unfilled, sum = 0;
    tc_error error;
    for (int what = TC_FOLLOW_TIME; what <= TC_FOLLOW_RATE; what++) {
        if (tc_schedule_by_volume(quantity, &unfilled, &error, (tc_schedule_follow)what, t, v)) continue;
        sum = unfilled;
        for (size_t j = 0; j < t->slices; j++) sum += quantity[j];
        if (!(fabs(sum - t->quantity) <= 1e-6 * t->quantity)) abort();
    }
}

static void check_basket(const double *n, const tc_schedule_task *t)
{
    double holding[(SLICES_MAX + 1) * 2];
    const double quantity[] = {n[0], n[1]}, c[] = {n[2], n[3], n[3], n[4]}, gamma[] = {n[5], 0, 0, n[6]}, eta[] = {n[7], n[8], n[8], n[9]}, epsilon[] = {n[10], 0};
    const tc_basket basket = {2, quantity, c, gamma, eta, epsilon};
    tc_schedule_cost cost;
    tc_error error;
    if (tc_basket_optimal(holding, &error, &basket, t)) return;
    if (holding[0] != quantity[0] || holding[t->slices * 2] != 0) abort();
    if (!tc_basket_evaluate(&cost, &error, &basket, t, holding) && !isfinite(cost.expected)) abort();
}

static tc_trade order(int side)
{
    static const char *const said[][2] = {{"broker", "zerodha"}, {"exchange", "NSE"}, {"product", "delivery"}, {"quantity", "100"},
                                          {"price", "500"}, {"date", "2026-04-02"}, {"state", "MH"}};
    tc_request request = {.field[TC_F_SIDE] = side > 0 ? (tc_text){"buy", 3} : (tc_text){"sell", 4}};
    const tc_context context = {.today = {TC_DATE_MIN - 1}};
    tc_trade trade;
    for (size_t i = 0; i < sizeof said / sizeof *said; i++)
        request.field[tc_field_find((tc_text){said[i][0], strlen(said[i][0])})] = (tc_text){said[i][1], strlen(said[i][1])};
    if (tc_resolve(&trade, NULL, tc_book_builtin(), &request, &context)) abort();
    return trade;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    double n[FIELDS], kernel[SLICES_MAX], points[5];
    const uint8_t *at = bytes + 2, *end = bytes + size;
    static const double scales[FIELDS] = {1000, 1, 500, 10, 0.1, 0.05, 1e-4, 1e-3, 1, 1e-4, 5, 1, 1, 0.05, 1000, 1};
    if (size < 2) return 0;
    for (int i = 0; i < FIELDS; i++) n[i] = number(&at, end, scales[i]);
    for (int i = 0; i < 5; i++) points[i] = i == 4 ? 1 : i ? number(&at, end, 1) : 0;
    const tc_schedule_task task = {n[0], n[1], bytes[0] % (SLICES_MAX + 1), n[9]};
    int side = bytes[1] & 1 ? 1 : -1;
    tc_schedule_market market = {n[2], side, n[3], n[4], n[5], n[6], n[7], bytes[1] & 2 ? 1 : n[8], NULL};
    const tc_trade trade = order(side);
    const tc_slice_terms terms = {tc_book_builtin(), &trade, bytes[1] & 4, n[13], n[11], n[14], n[15]};
    check_optimal(&market, &task);
    check_search(&market, &task);
    check_exact(&market, &task, &terms, n[12]);
    check_volume(&task, &(tc_schedule_volume){n[14], {points, 5}, n[10], bytes[1] & 8 ? n[1] : NAN});
    check_basket(n, &task);
    tc_kernel_exponential(kernel, SLICES_MAX, 0, n[6], n[10], n[1]);
    market.kernel = kernel;
    check_optimal(&market, &task);
    return 0;
}
