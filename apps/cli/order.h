/* order.h - one order as options give it: what quote, explain, compare and
 * breakeven begin with. */
#ifndef CLI_ORDER_H
#define CLI_ORDER_H

#include "cli.h"

typedef struct {
    tc_request request;
    tc_trade trade;
    const tc_instrument *instrument; /* of --instruments, or NULL */
} order;

/* Fills the request from the options, --instruments and the default broker.
 * `broker_needed`: compare names each broker itself. False: said why. */
bool order_request(cli *c, order *o, bool broker_needed);
/* Names all that is missing of these fields at once: asking one by one is tedious. False: said what. */
bool order_given(cli *c, const tc_request *request, const tc_field *needed, size_t count);
/* The request as a trade; false: said why. */
bool order_resolve(cli *c, order *o);

/* The resolved words of a trade, for rows: broker, plan, date, exchange,
 * segment, instrument, product, side, quantity. */
void sheet_order(cli *c, sheet *s, const tc_trade *trade);
extern const sheet_column order_columns[];
enum { ORDER_COLUMNS = 9 };

tc_text decimal_text(char *room, int64_t micros);
const char *broker_id(const cli *c, const tc_trade *trade);
const char *plan_id(const cli *c, const tc_trade *trade);

/* delivery, intraday, ... or mixed. */
const char *product_word(uint8_t product);

/* As JSON: what was asked, and the order as it was understood. */
void request_json(json *j, const tc_request *request);
void resolved_json(const cli *c, json *j, const tc_trade *trade);
/* The amounts of a cost as members of an object, in a level's style. */
void amounts_json(json *j, const tc_cost *cost, number_style style);

/* A refusal as rows print it: `code: message`, into `to`. */
void refusal_text(tc_buffer *to, tc_status status, const char *message);

#endif
