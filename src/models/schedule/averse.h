/* averse.h - the risk-averse half of tc_ow_solve(). */
#ifndef TC_SCHEDULE_AVERSE_H
#define TC_SCHEDULE_AVERSE_H

#include "optimal.h"

/* first, last, rate, optimal and variance, where aversion x sigma^2 is above 0;
 * the problem is checked, kappa is set. */
void tc_ow_solve_averse(tc_ow_solution *solution, double *holdings, size_t count, const tc_ow_problem *problem);

#endif
