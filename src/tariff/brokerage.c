/* Broker `custom`: the user's own brokerage in place of the nil in its file. */
#include <string.h>

#include "compile.h"

struct expression {
    tc_book *book;
    const char *at;
    uint16_t count;
    bool no_memory;
};

static bool push(struct expression *e, uint8_t code, uint8_t of, int64_t value)
{
    struct op *op = tc_array_push(&e->book->ops, sizeof *op);
    if (!op) return e->no_memory = true, false;
    op->code = code;
    op->of = of;
    op->value = value;
    op->divisor = 1;
    e->count++;
    return true;
}

static void skip_spaces(struct expression *e)
{
    while (*e->at == ' ') e->at++;
}

static bool read_term(struct expression *e)
{
    size_t size = strspn(e->at, "0123456789.");
    bool percent = e->at[size] == '%';
    int64_t value;
    if (!size || size > 20 || tc_decimal_parse(&value, e->at, size, percent ? 10 : 9) != TC_OK) return false;
    e->at += size + percent;
    skip_spaces(e);
    return percent ? push(e, OP_RATE, BASE_TURNOVER, value) : push(e, OP_FLAT, COUNT_ORDER, value);
}

/* min(A,B), max(A,B) or a term; nested a few deep. */
static bool read_expression(struct expression *e, int depth)
{
    bool lesser = !strncmp(e->at, "min(", 4), greater = !strncmp(e->at, "max(", 4);
    if (!lesser && !greater) return read_term(e);
    if (depth == OP_DEPTH_MAX) return false;
    e->at += 4;
    skip_spaces(e);
    if (!read_expression(e, depth + 1) || *e->at != ',') return false;
    e->at++;
    skip_spaces(e);
    if (!read_expression(e, depth + 1) || *e->at != ')') return false;
    e->at++;
    skip_spaces(e);
    return push(e, lesser ? OP_LESSER : OP_GREATER, 0, 0);
}

static struct rule *custom_rule(tc_book *book)
{
    for (uint32_t i = 0; i < book->rules.count; i++) {
        struct rule *rule = &book->rules.data[i];
        if (rule->line == TC_BROKERAGE && !strcmp(book_text(book, rule->id), "custom/brokerage")) return rule;
    }
    return NULL;
}

tc_status tc_book_with_brokerage(tc_book **out, tc_error *error, const tc_book *base, const char *text)
{
    tc_book *book = tc_book_copy(base);
    if (!book) return tc_fail(error, TC_NO_MEMORY, "", "no memory for a copy of the book");
    struct rule *rule = custom_rule(book);
    struct expression e = {book, text, 0, false};
    uint32_t first = book->ops.count;
    tc_status status = rule ? TC_OK : tc_fail(error, TC_UNKNOWN_BROKER, "broker", "this book has no broker custom");
    skip_spaces(&e);
    if (rule && (!read_expression(&e, 0) || *e.at))
        status = tc_fail(error, TC_BAD_NUMBER, "brokerage", "write 0.1%%, 20 or min(0.03%%,20), not %.60s", text);
    if (e.no_memory) status = tc_fail(error, TC_NO_MEMORY, "", "no memory for the brokerage");
    if (status != TC_OK) {
        tc_book_free(book);
        return status;
    }
    rule->kind = RULE_AMOUNT;
    rule->per = PER_ORDER;
    rule->amount = (struct program){first, e.count};
    rule->linear = rule->plain = e.count == 1 && book->ops.data[first].code == OP_RATE;
    rule->picos = rule->plain ? book->ops.data[first].value : 0;
    tc_book_seal(book);
    *out = book;
    return TC_OK;
}
