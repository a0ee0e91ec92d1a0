/* quote.h - one order priced with its lines, for quote and explain. */
#ifndef CLI_QUOTE_H
#define CLI_QUOTE_H

#include "order.h"

typedef struct {
    order order;
    tc_cost cost;
    tc_line lines[TC_LINES_MAX];
    size_t count;
    number_style style;
} bill;

/* Reads, resolves and prices; false: said why. */
bool bill_make(cli *c, bill *b);
/* The contract's JSON object; `reasons` adds what only explain tells of a line. */
void bill_json(cli *c, const bill *b, bool reasons);

/* Each flag with its meaning, a line each. */
void flags_meaning(tc_buffer *to, uint32_t flags);

/* The words of a line, for rows and for people. */
const char *rounding_word(tc_rounding mode);
tc_text line_money(char *room, tc_money amount); /* exact; "" for 0 */
tc_text line_rate(char *room, tc_rate rate);     /* "" for none */

#endif
