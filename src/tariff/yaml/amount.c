/* Amounts: from a tree of {rate, flat, lesser, ...} to a program for a stack. */
#include <stdio.h>
#include <string.h>

#include "loader.h"

struct writer { /* of one program and its formula in words */
    struct loader *loader;
    struct op ops[64];
    uint16_t count;
    char *formula;
    size_t size, used;
};

static void say(struct writer *w, const char *text)
{
    if (w->used < w->size) w->used += (size_t)snprintf(w->formula + w->used, w->size - w->used, "%s", text);
}

static struct op *emit(struct writer *w, const struct node *node, uint8_t code)
{
    if (w->count == sizeof w->ops / sizeof *w->ops) {
        refuse(w->loader, node, "", "an amount of more than %zu parts", sizeof w->ops / sizeof *w->ops);
        return NULL;
    }
    struct op *op = &w->ops[w->count++];
    memset(op, 0, sizeof *op);
    op->code = code;
    op->divisor = 1;
    return op;
}

static bool store(struct writer *w, struct program *program)
{
    program->first = w->loader->book->ops.count;
    program->count = w->count;
    for (uint16_t i = 0; i < w->count; i++) {
        struct op *op = tc_array_push(&w->loader->book->ops, sizeof *op);
        if (!op) return w->loader->no_memory = true, false;
        memcpy(op, &w->ops[i], sizeof *op);
    }
    return true;
}

static bool read_part(struct writer *w, const struct node *node, unsigned depth);

static const char *charge_word(unsigned charge) { return charge < TC_CHARGE_COUNT ? tc_charge_name((tc_charge)charge) : ""; }

static bool read_lines(struct writer *w, const struct node *node, struct op *op)
{
    const struct node *lines = node_get(node, "lines"), *taken = node_get(node, "taken");
    if (!check_keys(w->loader, node, "lines taken")) return false;
    if (!lines || lines->kind != NODE_SEQUENCE) return refuse(w->loader, node, "lines: [brokerage, ...]", "expected lines");
    op->code = OP_LINES;
    op->of = BASE_LINES;
    say(w, "(");
    for (const struct item *item = lines->first; item; item = item->next) {
        unsigned charge;
        if (!read_word(w->loader, item->value, charge_word, &charge)) return false;
        if (charge == TC_GST || charge == TC_DP_CHARGE)
            return refuse(w->loader, item->value, "brokerage, exchange_charge, ...", "%s cannot be in its own base", item->value->text);
        op->lines |= (uint16_t)(1u << charge);
        say(w, item == lines->first ? "" : " + ");
        say(w, item->value->text);
    }
    say(w, ")");
    if (taken) op->taken_rounded = !strcmp(taken->text, "rounded");
    return true;
}

static bool read_rate_part(struct writer *w, const struct node *node)
{
    const struct node *of = node_get(node, "of"), *each = node_get(node, "each");
    struct op *op = emit(w, node, OP_RATE);
    unsigned base;
    if (!op || !check_keys(w->loader, node, "rate of each")) return false;
    if (!read_rate(w->loader, node_get(node, "rate"), &op->value, &op->divisor)) return false;
    if (!of) return refuse(w->loader, node, "of: turnover", "a rate of what?");
    say(w, node_get(node, "rate")->text);
    say(w, " of ");
    if (of->kind == NODE_MAPPING) return read_lines(w, of, op);
    if (!strcmp(of->text, "brokerage")) { /* the line itself, as a base */
        op->code = OP_LINES;
        op->of = BASE_LINES;
        op->lines = 1u << TC_BROKERAGE;
        say(w, "brokerage");
        return true;
    }
    if (!read_word(w->loader, of, base_word, &base)) return false;
    if (base == BASE_LINES) return refuse(w->loader, of, "of: {lines: [...], taken: exact}", "which lines?");
    op->of = (uint8_t)base;
    say(w, of->text);
    if (!each) return true;
    if (strcmp(each->text, "day")) return refuse(w->loader, each, "each: day", "a rate is taken once, or each day");
    op->per_day = 1;
    say(w, " a day");
    return true;
}

static bool read_flat_part(struct writer *w, const struct node *node)
{
    const struct node *each = node_get(node, "each");
    struct op *op = emit(w, node, OP_FLAT);
    unsigned count;
    if (!op || !check_keys(w->loader, node, "flat each")) return false;
    if (!read_decimal(w->loader, node_get(node, "flat"), 9, &op->value)) return false;
    if (!each) return refuse(w->loader, node, "each: order", "a flat amount for each what?");
    if (!read_word(w->loader, each, count_word, &count)) return false;
    op->of = (uint8_t)count;
    say(w, "Rs ");
    say(w, node_get(node, "flat")->text);
    say(w, " each ");
    say(w, each->text);
    return true;
}

static bool read_joined(struct writer *w, const struct node *list, uint8_t code, const char *name, unsigned depth)
{
    if (list->kind != NODE_SEQUENCE || !list->first || !list->first->next)
        return refuse(w->loader, list, "[A, B]", "%s joins at least two amounts", name);
    say(w, name);
    say(w, " of (");
    for (const struct item *item = list->first; item; item = item->next) {
        if (item != list->first) say(w, ", ");
        if (!read_part(w, item->value, depth + 1)) return false;
        if (item != list->first && !emit(w, item->value, code)) return false;
    }
    say(w, ")");
    return true;
}

static bool read_slab(struct writer *w, const struct node *step, struct slab *slab, uint8_t measure, unsigned depth)
{
    const struct node *to = node_get(step, "to"), *amount = node_get(step, "amount");
    struct writer own = {.loader = w->loader, .formula = w->formula, .size = w->size, .used = w->used};
    if (!check_keys(w->loader, step, "to amount")) return false;
    slab->to = INT64_MAX;
    unsigned scale = measure == MEASURE_DAYS_HELD || measure == MEASURE_ACCOUNT_AGE ? 0 : 6;
    if (to && !read_decimal(w->loader, to, scale, &slab->to)) return false;
    if (!amount) return refuse(w->loader, step, "", "a step without an amount");
    if (to) {
        say(&own, "to ");
        say(&own, to->text);
        say(&own, ": ");
    } else {
        say(&own, "above: ");
    }
    if (!read_part(&own, amount, depth + 1) || !store(&own, &slab->amount)) return false;
    w->used = own.used;
    return true;
}

static bool read_slabs(struct writer *w, const struct node *node, unsigned depth)
{
    const struct node *by = node_get(node, "by"), *mode = node_get(node, "mode"), *steps = node_get(node, "steps");
    struct slab slabs[32];
    unsigned measure, count = 0;
    if (!check_keys(w->loader, node, "by mode steps")) return false;
    if (!by || !read_word(w->loader, by, measure_word, &measure)) return by ? false : refuse(w->loader, node, "by: turnover", "slabs by what?");
    if (!steps || steps->kind != NODE_SEQUENCE || !steps->first) return refuse(w->loader, node, "steps: [{to, amount}, ...]", "slabs without steps");
    if (mode && strcmp(mode->text, "whole") && strcmp(mode->text, "marginal")) return refuse(w->loader, mode, "whole or marginal", "unknown word: %s", mode->text);
    memset(slabs, 0, sizeof slabs);
    say(w, "by ");
    say(w, by->text);
    say(w, " {");
    for (const struct item *item = steps->first; item; item = item->next) {
        if (count == sizeof slabs / sizeof *slabs) return refuse(w->loader, item->value, "", "too many steps");
        if (item != steps->first) say(w, "; ");
        if (!read_slab(w, item->value, &slabs[count], (uint8_t)measure, depth)) return false;
        if (count && slabs[count].to <= slabs[count - 1].to) return refuse(w->loader, item->value, "steps go up", "this step ends before the one above it");
        count++;
    }
    say(w, "}");
    if (slabs[count - 1].to != INT64_MAX) return refuse(w->loader, steps, "the last step has no `to`", "slabs that end");
    struct op *op = emit(w, node, OP_SLABS);
    if (!op) return false;
    op->of = (uint8_t)measure;
    op->value = mode && !strcmp(mode->text, "marginal");
    op->slabs = w->loader->book->slabs.count;
    op->slab_count = (uint16_t)count;
    for (unsigned i = 0; i < count; i++) {
        struct slab *slab = tc_array_push(&w->loader->book->slabs, sizeof *slab);
        if (!slab) return w->loader->no_memory = true, false;
        memcpy(slab, &slabs[i], sizeof *slab);
    }
    return true;
}

/* The first key of an amount tells what it is. */
static bool read_part(struct writer *w, const struct node *node, unsigned depth)
{
    static const char hint[] = "an amount is {rate, of}, {flat, each}, {lesser: [..]}, {greater: [..]}, {sum: [..]}, {slabs: ..} or nil";
    if (node->kind == NODE_SCALAR && !strcmp(node->text, "nil")) { /* of a step: nothing is charged there */
        say(w, "nil");
        return emit(w, node, OP_FLAT) != NULL;
    }
    if (depth > OP_DEPTH_MAX) return refuse(w->loader, node, "", "nested more than %d deep", OP_DEPTH_MAX);
    if (node_get(node, "rate")) return read_rate_part(w, node);
    if (node_get(node, "flat")) return read_flat_part(w, node);
    static const struct { const char *key; uint8_t code; } joins[] = {
        {"lesser", OP_LESSER}, {"greater", OP_GREATER}, {"sum", OP_SUM}};
    for (size_t i = 0; i < sizeof joins / sizeof *joins; i++) {
        const struct node *list = node_get(node, joins[i].key);
        if (list) return check_keys(w->loader, node, joins[i].key) && read_joined(w, list, joins[i].code, joins[i].key, depth);
    }
    if (node_get(node, "slabs")) return check_keys(w->loader, node, "slabs") && read_slabs(w, node_get(node, "slabs"), depth);
    return refuse(w->loader, node, hint, "not an amount");
}

bool read_amount(struct loader *loader, const struct node *node, struct program *program, char *formula, size_t size)
{
    struct writer w = {.loader = loader, .formula = formula, .size = size};
    formula[0] = '\0';
    return read_part(&w, node, 0) && store(&w, program);
}
