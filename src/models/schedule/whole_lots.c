#include "optimal.h"
#include "task.h"

static double whole(double lots)
{
    return floor(tc_settle(lots));
}

/* The slice whose next lot is most nearly filled; slices that are whole already come last. */
static size_t nearest_to_next(const double *quantity, size_t slices, double lot)
{
    size_t best = 0;
    double most = -1;
    for (size_t j = 0; j < slices; j++) {
        double lots = quantity[j] / lot, fraction = lots - whole(lots);
        if (fraction > most) best = j, most = fraction;
    }
    return best;
}

void tc_schedule_round(double *quantity, size_t slices, double lot)
{
    tc_sum sum = {0};
    double missing;
    for (size_t j = 0; j < slices; j++) tc_sum_add(&sum, quantity[j] / lot);
    missing = round(tc_sum_of(sum));
    for (size_t j = 0; j < slices; j++) missing -= whole(quantity[j] / lot);
    for (size_t times = 0; missing >= 1 && times < slices; missing--, times++) {
        size_t raised = nearest_to_next(quantity, slices, lot);
        quantity[raised] = (whole(quantity[raised] / lot) + 1) * lot;
    }
    for (size_t j = 0; j < slices; j++) quantity[j] = whole(quantity[j] / lot) * lot;
}
