/* Brokers and their plans. */
#include <stdio.h>
#include <string.h>

#include "loader.h"
#include "tariff/words.h"

static const char *fact_word(unsigned i)
{
    static const char *const words[] = {"member-month-turnover", "member-day-turnover"};
    return i < 2 ? words[i] : "";
}

static bool read_facts(struct loader *loader, const struct node *facts, struct broker *broker)
{
    if (facts->kind != NODE_MAPPING) return refuse(loader, facts, "", "expected facts");
    for (const struct item *item = facts->first; item; item = item->next) {
        unsigned fact;
        if (!read_word(loader, item->key, fact_word, &fact)) return false;
        if (!read_decimal(loader, item->value, 6, &broker->facts[MEASURE_MEMBER_MONTH + fact])) return false;
    }
    return true;
}

static bool read_aliases(struct loader *loader, const struct node *aliases, struct broker *broker)
{
    char joined[512] = "";
    size_t used = 0;
    for (const struct item *item = aliases->first; item; item = item->next) {
        const char *text;
        if (!read_text(loader, item->value, &text)) return false;
        if (tc_book_find_broker(loader->book, (tc_text){text, strlen(text)}, NULL) != TC_NONE)
            return refuse(loader, item->value, "", "%s already names a broker", text);
        used += (size_t)snprintf(joined + used, sizeof joined - used, "%s%s", used ? " " : "", text);
        if (used >= sizeof joined) return refuse(loader, item->value, "", "too many aliases");
    }
    broker->aliases = intern(loader, joined);
    return true;
}

static bool read_fixed(struct loader *loader, const struct node *list, struct plan *plan)
{
    plan->fixed = loader->book->fixed.count;
    for (const struct item *item = list->first; item; item = item->next) {
        const struct node *name = node_get(item->value, "name"), *amount = node_get(item->value, "amount");
        const struct node *every = node_get(item->value, "every"), *plus_gst = node_get(item->value, "plus-gst");
        if (!check_keys(loader, item->value, "name amount every plus-gst")) return false;
        if (!name || !amount || !every) return refuse(loader, item->value, "{name, amount, every}", "an incomplete fee");
        struct fixed_fee *fee = tc_array_push(&loader->book->fixed, sizeof *fee);
        if (!fee) return loader->no_memory = true, false;
        fee->name = intern(loader, name->text);
        fee->every = intern(loader, every->text);
        if (!read_decimal(loader, amount, 9, &fee->nanos)) return false;
        if (plus_gst && !read_bool(loader, plus_gst, &fee->plus_gst)) return false;
        plan->fixed_count++;
    }
    return true;
}

static bool read_default(struct loader *loader, const struct node *node, struct plan *plan)
{
    if (node->kind == NODE_MAPPING) {
        const struct node *from = node_get(node, "from"), *until = node_get(node, "until");
        plan->default_from = plan->from;
        plan->default_until = plan->until;
        return check_keys(loader, node, "from until") && (!from || read_day(loader, from, &plan->default_from)) &&
               (!until || read_day(loader, until, &plan->default_until));
    }
    uint8_t yes;
    if (!read_bool(loader, node, &yes)) return false;
    plan->default_from = plan->from;
    plan->default_until = yes ? plan->until : plan->from;
    return true;
}

static bool read_plan(struct loader *loader, const struct node *node, uint16_t position)
{
    const struct node *id = node_get(node, "id"), *from = node_get(node, "from"), *until = node_get(node, "until");
    const struct node *open = node_get(node, "open"), *extends = node_get(node, "extends");
    const struct node *fixed = node_get(node, "fixed"), *def = node_get(node, "default");
    struct plan plan;
    memset(&plan, 0, sizeof plan);
    plan = (struct plan){.broker = loader->broker, .position = position, .extends = TC_NONE, .open = 1,
                         .from = loader->book->first_day, .until = TC_DATE_MAX};
    if (!check_keys(loader, node, "id extends default from until open fixed source note")) return false;
    if (!id) return refuse(loader, node, "id: standard", "a plan without an id");
    if (!node_get(node, "source")) return refuse(loader, node, "source: {ref, status}", "a plan without a source");
    if (tc_book_find_plan(loader->book, loader->broker, (tc_text){id->text, strlen(id->text)}, (tc_date){0}) != TC_NONE)
        return refuse(loader, id, "", "duplicate plan %s", id->text);
    plan.id = intern(loader, id->text);
    if (from && !read_day(loader, from, &plan.from)) return false;
    if (until && !read_day(loader, until, &plan.until)) return false;
    if (plan.from >= plan.until) return refuse(loader, node, "until is the day after the last", "a plan that ends before it begins");
    if (open && !read_bool(loader, open, &plan.open)) return false;
    if (extends) {
        plan.extends = tc_book_find_plan(loader->book, loader->broker, (tc_text){extends->text, strlen(extends->text)}, (tc_date){0});
        if (plan.extends == TC_NONE) return refuse(loader, extends, "a plan extends one that stands before it", "no plan %s", extends->text);
    }
    plan.default_from = plan.default_until = plan.from;
    if (def && !read_default(loader, def, &plan)) return false;
    if (fixed && !read_fixed(loader, fixed, &plan)) return false;
    struct plan *slot = tc_array_push(&loader->book->plans, sizeof *slot);
    if (!slot) return loader->no_memory = true, false;
    memcpy(slot, &plan, sizeof plan);
    return true;
}

bool read_broker(struct loader *loader, const struct node *document)
{
    const struct node *id = node_get(document, "broker"), *name = node_get(document, "name");
    const struct node *plans = node_get(document, "plans"), *state = node_get(document, "state");
    const struct node *aliases = node_get(document, "aliases"), *facts = node_get(document, "facts");
    if (!check_keys(loader, document, "broker name aliases state facts plans note source")) return false;
    if (!name || !plans) return refuse(loader, document, "name: ..., plans: [...]", "an incomplete broker");
    if (tc_book_find_broker(loader->book, (tc_text){id->text, strlen(id->text)}, NULL) != TC_NONE)
        return refuse(loader, id, "a user's file adds rules with `broker: id` beside `charge:`", "duplicate broker %s", id->text);
    struct broker broker;
    memset(&broker, 0, sizeof broker);
    for (int i = 0; i < MEASURE_COUNT; i++) broker.facts[i] = -1;
    broker.id = intern(loader, id->text);
    broker.name = intern(loader, name->text);
    if (state && !(broker.state = tc_word_find(TC_SEL_STATE, (tc_text){state->text, strlen(state->text)})))
        return refuse(loader, state, "ISO 3166-2:IN without IN-", "unknown state %s", state->text);
    if (aliases && !read_aliases(loader, aliases, &broker)) return false;
    if (facts && !read_facts(loader, facts, &broker)) return false;
    struct broker *slot = tc_array_push(&loader->book->brokers, sizeof *slot);
    if (!slot) return loader->no_memory = true, false;
    memcpy(slot, &broker, sizeof broker);
    loader->broker = (uint16_t)(loader->book->brokers.count - 1);
    uint16_t position = 0;
    for (const struct item *item = plans->first; item; item = item->next, position++) {
        if (position == 64) return refuse(loader, item->value, "", "at most 64 plans");
        if (!read_plan(loader, item->value, position)) return false;
    }
    return true;
}
