/* dateorder.h - whether the dates of a plain CSV ascend, at the speed of reading it.
 *
 * The careful way is to read the file twice with its reader. A file without a
 * single quote, with a column `date`, needs less: its lines are its rows, and
 * its commas part its cells. Anything else is left to the careful way. */
#ifndef CLI_DATEORDER_H
#define CLI_DATEORDER_H

#include "tradecost/date.h"

typedef enum { DATES_ASCEND, DATES_GO_BACK, DATES_UNSEEN } date_order;

/* `*last` is the last date before this file, then the last of it; DATES_UNSEEN
 * says nothing of the file. */
date_order dates_of_plain_csv(const char *path, tc_date *last);

#endif
