/* bookview.h - what brokers, compare and tariff show of the book. */
#ifndef CLI_BOOKVIEW_H
#define CLI_BOOKVIEW_H

#include "cli.h"

/* --date, else today; --broker, else TC_NONE. False: said why. */
bool request_date(cli *c, tc_date *date);
bool request_broker(cli *c, uint16_t *broker);

bool in_force(tc_date from, tc_date until, tc_date date);
/* A date as a cell; the book's outermost days stand for "always" and are empty. */
void sheet_date(sheet *s, tc_date date);

/* What a rule charges, in words: its formula, or why there is none. */
void rule_in_words(tc_buffer *to, const tc_rule_info *rule);

/* A plan's fixed fees: `subscription 499/month+gst; account 300/year`. */
void fixed_fees_text(tc_buffer *to, const tc_book *book, size_t plan);

#endif
