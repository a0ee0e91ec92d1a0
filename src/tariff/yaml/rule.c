/* Rules: charges, renderings and the market share one shape. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "loader.h"
#include "tariff/words.h"

/* A rule while it is read: a step starts from a copy of its rule's. */
struct draft {
    struct loader *loader;
    const struct node *node;
    struct rule rule;
    const struct node *amount, *round, *bound, *lines;
    bool has_from, has_source;
};

static bool fail(struct draft *draft, const struct node *node, const char *hint, const char *message)
{
    return refuse(draft->loader, node, hint, "%s", message);
}

/* --- selectors ------------------------------------------------------------ */

static const tc_set everything = {{UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX}};

static bool add_word(struct draft *draft, tc_selector selector, const struct node *node, tc_set *set)
{
    tc_text text = {node->text, strlen(node->text)};
    uint8_t number = 0;
    if (node->kind != NODE_SCALAR) return fail(draft, node, "", "expected a word");
    if (selector == TC_SEL_SERIES) number = series_number(draft->loader, node, node->text);
    else if (selector == TC_SEL_UNDERLYING) number = underlying_number(draft->loader, node, node->text);
    else number = tc_word_find(selector, text);
    if (!number && strcmp(node->text, "none"))
        return refuse(draft->loader, node, "see docs/tariff-language.md, Selectors", "%s is no %s", node->text, tc_selector_name(selector));
    tc_set_add(set, number);
    return true;
}

static bool read_set(struct draft *draft, tc_selector selector, const struct node *node, tc_set *set)
{
    const struct node *not = node->kind == NODE_MAPPING ? node_get(node, "not") : NULL;
    const struct node *words = not ? not : node;
    memset(set, 0, sizeof *set);
    if (node->kind == NODE_MAPPING && !not) return fail(draft, node, "a word, [words] or {not: [words]}", "expected words");
    if (selector == TC_SEL_EVENT && !strcmp(node->text, "any")) return *set = everything, true;
    if (words->kind == NODE_SCALAR) {
        if (!add_word(draft, selector, words, set)) return false;
    } else {
        if (!words->first) return fail(draft, words, "", "an empty list matches nothing");
        for (const struct item *item = words->first; item; item = item->next)
            if (!add_word(draft, selector, item->value, set)) return false;
    }
    if (not)
        for (int i = 0; i < 4; i++) set->word[i] = ~set->word[i];
    return true;
}

static bool read_guard(struct draft *draft, unsigned measure, const struct node *node)
{
    const struct node *from = node_get(node, "from"), *below = node_get(node, "below");
    unsigned scale = measure == MEASURE_DAYS_HELD || measure == MEASURE_ACCOUNT_AGE ? 0 : 6;
    struct guard guard;
    memset(&guard, 0, sizeof guard);
    guard.measure = (uint8_t)measure;
    guard.below = INT64_MAX;
    if (!check_keys(draft->loader, node, "from below")) return false;
    if (from && !read_decimal(draft->loader, from, scale, &guard.from)) return false;
    if (below && !read_decimal(draft->loader, below, scale, &guard.below)) return false;
    if (guard.from >= guard.below) return fail(draft, node, "from is included, below is not", "an empty range");
    struct guard *slot = tc_array_push(&draft->loader->book->guards, sizeof *slot);
    if (!slot) return draft->loader->no_memory = true, false;
    memcpy(slot, &guard, sizeof guard);
    draft->rule.guard_count++;
    return true;
}

static void append_words(char *text, size_t size, const struct node *node)
{
    size_t used = strlen(text);
    if (node->kind == NODE_SCALAR) {
        snprintf(text + used, size - used, " %s", node->text);
        return;
    }
    for (const struct item *item = node->first; item; item = item->next) {
        used = strlen(text);
        if (item->key) snprintf(text + used, size - used, " %s", item->key->text);
        append_words(text, size, item->value);
    }
}

static void fold_kind(struct rule *rule)
{
    tc_set kinds = {{0, 0, 0, 0}};
    for (uint8_t kind = 1; kind < tc_kind_count(); kind++) {
        bool in = true;
        for (int s = TC_SEL_SEGMENT; s <= TC_SEL_CLASS; s++)
            in = in && tc_set_has(&rule->box[s], tc_kind_word(kind, (tc_selector)s));
        if (in) tc_set_add(&kinds, kind);
    }
    rule->box[TC_SEL_KIND] = kinds;
    for (int s = TC_SEL_SEGMENT; s <= TC_SEL_CLASS; s++) rule->box[s] = everything;
}

static bool read_when(struct draft *draft, const struct node *when)
{
    char text[1024] = "";
    bool event = false;
    struct rule *rule = &draft->rule;
    for (int s = 0; s < TC_SELECTOR_COUNT; s++) rule->box[s] = everything;
    rule->guards = draft->loader->book->guards.count;
    if (when && when->kind != NODE_MAPPING) return fail(draft, when, "when: {segment: equity}", "expected selectors");
    for (const struct item *item = when ? when->first : NULL; item; item = item->next) {
        unsigned measure = 0;
        int selector = 0;
        while (selector < TC_SELECTOR_COUNT && strcmp(item->key->text, tc_selector_name((tc_selector)selector))) selector++;
        if (selector < TC_SELECTOR_COUNT && selector != TC_SEL_KIND) {
            if (!read_set(draft, (tc_selector)selector, item->value, &rule->box[selector])) return false;
            event = event || selector == TC_SEL_EVENT;
        } else {
            while (measure <= MEASURE_ACCOUNT_AGE && strcmp(item->key->text, measure_word(measure))) measure++;
            if (measure > MEASURE_ACCOUNT_AGE)
                return refuse(draft->loader, item->key, "see docs/tariff-language.md, Selectors", "unknown selector: %s", item->key->text);
            if (!read_guard(draft, measure, item->value)) return false;
        }
        size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, "%s%s", used ? ", " : "", item->key->text);
        append_words(text, sizeof text, item->value);
    }
    if (!event && rule->line < LINE_NOTE) {
        memset(&rule->box[TC_SEL_EVENT], 0, sizeof(tc_set));
        tc_set_add(&rule->box[TC_SEL_EVENT], TC_TRADE);
    }
    fold_kind(rule);
    rule->when_text = intern(draft->loader, text);
    return true;
}

/* --- the other keys ------------------------------------------------------- */

static bool take_text(struct draft *draft, const struct node *node, uint32_t *text)
{
    const char *value;
    if (!read_text(draft->loader, node, &value)) return false;
    *text = intern(draft->loader, value);
    return true;
}

static bool key_amount(struct draft *draft, const struct node *node)
{
    draft->amount = node;
    draft->rule.kind = node->kind == NODE_SCALAR && !strcmp(node->text, "nil") ? RULE_NIL : RULE_AMOUNT;
    return true;
}
static bool key_unknown(struct draft *draft, const struct node *node)
{
    draft->rule.kind = RULE_UNKNOWN;
    draft->amount = NULL;
    return take_text(draft, node, &draft->rule.reason);
}
static bool key_not_offered(struct draft *draft, const struct node *node)
{
    draft->rule.kind = RULE_NOT_OFFERED;
    draft->amount = NULL;
    return take_text(draft, node, &draft->rule.reason);
}
static bool key_per(struct draft *draft, const struct node *node)
{
    unsigned per;
    if (!read_word(draft->loader, node, level_word, &per)) return false;
    if (per == PER_UNIT) return fail(draft, node, "fill, order, scrip-day, ...", "no charge is computed per unit");
    draft->rule.per = (uint8_t)per;
    return true;
}
static bool key_round(struct draft *draft, const struct node *node) { draft->round = node; return true; }
static bool key_bound(struct draft *draft, const struct node *node) { draft->bound = node; return true; }
static bool key_average(struct draft *draft, const struct node *node)
{
    const struct node *to = node_get(node, "to"), *of = node_get(node, "of");
    if (!check_keys(draft->loader, node, "to of")) return false;
    draft->rule.averaged = 1;
    draft->rule.average_of_buys = of && !strcmp(of->text, "buys");
    return !to || read_decimal(draft->loader, to, 9, &draft->rule.average_to);
}
static bool key_parts(struct draft *draft, const struct node *node)
{
    static const char *const places[] = {"same-state", "union-territory", "other-state"};
    struct gst_parts parts;
    memset(&parts, 0, sizeof parts);
    if (!check_keys(draft->loader, node, "same-state union-territory other-state")) return false;
    for (int place = 0; place < 3; place++) {
        const struct node *rates = node_get(node, places[place]);
        if (!rates) return refuse(draft->loader, node, "", "parts without %s", places[place]);
        for (const struct item *item = rates->first; item; item = item->next) {
            unsigned part;
            int32_t divisor;
            if (!read_word(draft->loader, item->key, part_word, &part)) return false;
            if (!read_rate(draft->loader, item->value, &parts.picos[place][part], &divisor)) return false;
        }
    }
    struct gst_parts *slot = tc_array_push(&draft->loader->book->parts, sizeof *slot);
    if (!slot) return draft->loader->no_memory = true, false;
    memcpy(slot, &parts, sizeof parts);
    draft->rule.parts = (uint16_t)draft->loader->book->parts.count;
    return true;
}
static bool key_plus_gst(struct draft *draft, const struct node *node) { return read_bool(draft->loader, node, &draft->rule.plus_gst); }
static bool key_pool(struct draft *draft, const struct node *node)
{
    draft->rule.pool_by_exchange = !strcmp(node->text, "exchange");
    return draft->rule.pool_by_exchange || !strcmp(node->text, "isin") || fail(draft, node, "isin or exchange", "unknown pool");
}
static bool key_from(struct draft *draft, const struct node *node)
{
    draft->has_from = true;
    return read_day(draft->loader, node, &draft->rule.from);
}
static bool key_until(struct draft *draft, const struct node *node) { return read_day(draft->loader, node, &draft->rule.until); }
static bool key_doubt(struct draft *draft, const struct node *node)
{
    if (node->kind != NODE_SEQUENCE || !node->first || !node->first->next || node->first->next->next)
        return fail(draft, node, "doubt: [2020-04-01, 2020-04-30]", "expected the first and the last day");
    if (!read_day(draft->loader, node->first->value, &draft->rule.doubt_from)) return false;
    if (!read_day(draft->loader, node->first->next->value, &draft->rule.doubt_until)) return false;
    if (draft->rule.doubt_from > draft->rule.doubt_until) return fail(draft, node, "", "reversed interval");
    draft->rule.doubt_until++;
    return true;
}
static bool key_review_by(struct draft *draft, const struct node *node) { return read_day(draft->loader, node, &draft->rule.review_by); }
static bool key_replaces(struct draft *draft, const struct node *node)
{
    draft->rule.replaces = draft->loader->book->patterns.count;
    draft->rule.replaces_count = 0;
    const struct item single = {.value = node};
    for (const struct item *item = node->kind == NODE_SEQUENCE ? node->first : &single; item; item = item->next) {
        uint32_t text, *slot;
        if (!take_text(draft, item->value, &text)) return false;
        if (!(slot = tc_array_push(&draft->loader->book->patterns, sizeof *slot))) return draft->loader->no_memory = true, false;
        *slot = text;
        draft->rule.replaces_count++;
    }
    return true;
}
static bool key_source(struct draft *draft, const struct node *node)
{
    const struct node *ref = node_get(node, "ref"), *url = node_get(node, "url"), *status = node_get(node, "status");
    unsigned word;
    if (!check_keys(draft->loader, node, "ref url status")) return false;
    if (!ref || !status) return fail(draft, node, "source: {ref: ..., status: secondary}", "a source needs ref and status");
    if (!read_word(draft->loader, status, source_status_word, &word)) return false;
    draft->rule.status = (uint8_t)word;
    draft->rule.url = 0;
    draft->has_source = true;
    return take_text(draft, ref, &draft->rule.ref) && (!url || take_text(draft, url, &draft->rule.url));
}
static bool key_note(struct draft *draft, const struct node *node) { return take_text(draft, node, &draft->rule.note); }
static bool key_printed_as(struct draft *draft, const struct node *node) { return take_text(draft, node, &draft->rule.printed_as); }
static bool key_fold(struct draft *draft, const struct node *node)
{
    for (int c = 0; c < TC_CHARGE_COUNT; c++)
        if (!strcmp(node->text, tc_charge_name((tc_charge)c))) return draft->rule.fold = (uint8_t)(c + 1), true;
    return fail(draft, node, "fold: exchange_charge", "no such charge");
}
static bool key_taken(struct draft *draft, const struct node *node)
{
    draft->rule.taken_rounded = !strcmp(node->text, "rounded");
    return draft->rule.taken_rounded || !strcmp(node->text, "exact") || fail(draft, node, "exact or rounded", "unknown word");
}
static bool key_of(struct draft *draft, const struct node *node)
{
    draft->rule.total_of_exact = !strcmp(node->text, "exact");
    return draft->rule.total_of_exact || !strcmp(node->text, "printed") || fail(draft, node, "printed or exact", "unknown word");
}
static bool key_at_least(struct draft *draft, const struct node *node) { return read_decimal(draft->loader, node, 9, &draft->rule.at_least); }
static bool key_by_part(struct draft *draft, const struct node *node) { return read_bool(draft->loader, node, &draft->rule.round_parts); }
static bool key_done(struct draft *draft, const struct node *node) { return (void)draft, (void)node, true; }

enum { IN_CHARGE = 1, IN_RENDERING = 2, IN_MARKET = 4, IN_STEP = 8 };

/* One table: which keys a rule may have, where, and what reads them. */
static const struct {
    const char *key;
    bool (*read)(struct draft *draft, const struct node *node);
    unsigned where;
} keys[] = {
    {"id", key_done, IN_CHARGE | IN_RENDERING | IN_MARKET},
    {"when", key_done, IN_CHARGE | IN_RENDERING | IN_MARKET},
    {"plan", key_done, IN_CHARGE | IN_RENDERING},
    {"steps", key_done, IN_CHARGE | IN_RENDERING},
    {"line", key_done, IN_RENDERING},
    {"amount", key_amount, IN_CHARGE | IN_RENDERING | IN_STEP},
    {"unknown", key_unknown, IN_CHARGE | IN_STEP},
    {"not-offered", key_not_offered, IN_CHARGE | IN_STEP},
    {"per", key_per, IN_CHARGE | IN_STEP},
    {"round", key_round, IN_CHARGE | IN_RENDERING | IN_STEP},
    {"average", key_average, IN_CHARGE | IN_STEP},
    {"bound", key_bound, IN_CHARGE | IN_STEP},
    {"parts", key_parts, IN_CHARGE | IN_STEP},
    {"plus-gst", key_plus_gst, IN_CHARGE | IN_STEP},
    {"pool", key_pool, IN_CHARGE},
    {"from", key_from, IN_CHARGE | IN_RENDERING | IN_MARKET | IN_STEP},
    {"until", key_until, IN_CHARGE | IN_RENDERING | IN_MARKET | IN_STEP},
    {"doubt", key_doubt, IN_CHARGE | IN_RENDERING | IN_STEP},
    {"review-by", key_review_by, IN_CHARGE | IN_RENDERING | IN_STEP},
    {"replaces", key_replaces, IN_CHARGE | IN_RENDERING},
    {"source", key_source, IN_CHARGE | IN_RENDERING | IN_MARKET | IN_STEP},
    {"note", key_note, IN_CHARGE | IN_RENDERING | IN_MARKET | IN_STEP},
    {"printed_as", key_printed_as, IN_RENDERING | IN_STEP},
    {"fold", key_fold, IN_RENDERING | IN_STEP},
    {"taken", key_taken, IN_RENDERING | IN_STEP},
    {"by-part", key_by_part, IN_RENDERING | IN_STEP},
    {"of", key_of, IN_RENDERING | IN_STEP},
    {"at-least", key_at_least, IN_RENDERING | IN_STEP}};

static bool read_keys(struct draft *draft, const struct node *node, unsigned where)
{
    if (node->kind != NODE_MAPPING) return fail(draft, node, "", "expected a rule");
    bool fine = true;
    for (const struct item *item = node->first; item; item = item->next) {
        size_t i = 0, count = sizeof keys / sizeof *keys;
        while (i < count && (strcmp(keys[i].key, item->key->text) || !(keys[i].where & where))) i++;
        if (i == count) fine = refuse(draft->loader, item->key, "see docs/tariff-language.md, A charge", "unknown key: %s", item->key->text);
        else fine = keys[i].read(draft, item->value) && fine;
    }
    return fine;
}

static bool read_stage(struct draft *draft, const struct node *node, struct rounding *stage)
{
    static const char *const modes[] = {"half-up", "half-even", "down", "up"};
    const struct node *to = node_get(node, "to"), *mode = node_get(node, "mode"), *at = node_get(node, "at");
    unsigned level = draft->rule.per;
    if (!check_keys(draft->loader, node, "to mode at")) return false;
    if (!to || !read_decimal(draft->loader, to, 9, &stage->to_nanos) || !stage->to_nanos)
        return fail(draft, node, "round: {to: 0.01, mode: half-up}", "rounded to what?");
    for (uint8_t m = 0; mode && m < 4; m++)
        if (!strcmp(mode->text, modes[m])) stage->mode = m, mode = NULL;
    if (mode) return fail(draft, mode, "half-up half-even down up", "unknown rounding");
    if (at && !read_word(draft->loader, at, level_word, &level)) return false;
    stage->at = (uint8_t)level;
    return true;
}

static bool finish_round(struct draft *draft)
{
    struct rule *rule = &draft->rule;
    const struct node *node = draft->round;
    rule->stage_count = 0;
    if (!node) return true;
    rule->has_rounding = 1;
    if (node->kind == NODE_SCALAR) return !strcmp(node->text, "none") || fail(draft, node, "round: none or {to, mode, at}", "unknown rounding");
    const struct item single = {.value = node};
    for (const struct item *item = node->kind == NODE_SEQUENCE ? node->first : &single; item; item = item->next) {
        if (rule->stage_count == ROUNDING_STAGES_MAX) return fail(draft, item->value, "", "at most two stages");
        if (!read_stage(draft, item->value, &rule->stage[rule->stage_count++])) return false;
    }
    return true;
}

static bool finish_bound(struct draft *draft)
{
    char formula[200];
    const struct node *node = draft->bound;
    if (!node) return true;
    const struct node *least = node_get(node, "at-least"), *most = node_get(node, "at-most"), *per = node_get(node, "per");
    unsigned level;
    if (!check_keys(draft->loader, node, "at-least at-most per")) return false;
    if (!least == !most || !per) return fail(draft, node, "bound: {at-least: {flat: 30, each: note}, per: note}", "an incomplete bound");
    if (!read_word(draft->loader, per, level_word, &level)) return false;
    draft->rule.bound_per = (uint8_t)level;
    draft->rule.bound_at_most = most != NULL;
    return read_amount(draft->loader, most ? most : least, &draft->rule.bound, formula, sizeof formula);
}

static bool is_linear(const tc_book *book, const struct rule *rule)
{
    if (rule->kind != RULE_AMOUNT || rule->amount.count != 1) return false;
    const struct op *op = &book->ops.data[rule->amount.first];
    return op->code == OP_RATE && !op->per_day &&
           op->of != BASE_FUNDED && !(rule->stage_count && rule->stage[0].at == PER_UNIT);
}

static bool is_plain(const struct op *op)
{
    return op->divisor == 1 && (op->of == BASE_TURNOVER || op->of == BASE_PREMIUM || op->of == BASE_INTRINSIC);
}

static bool takes_lines(const tc_book *book, struct program program)
{
    for (uint16_t i = 0; i < program.count; i++)
        if (book->ops.data[program.first + i].code == OP_LINES) return true;
    return false;
}

/* What is written about the amount, once every key is known. */
static bool finish(struct draft *draft, const struct node *node)
{
    char formula[900] = "";
    struct rule *rule = &draft->rule;
    bool charge = rule->line < TC_CHARGE_COUNT;
    if (rule->from >= rule->until) return fail(draft, node, "until is the first day after", "reversed interval");
    if (!draft->has_source) return fail(draft, node, "source: {ref: ..., status: secondary}", "missing source");
    if (charge && rule->kind == RULE_AMOUNT && !draft->amount) return fail(draft, node, "amount, unknown or not-offered", "missing amount");
    if (draft->amount && rule->kind == RULE_AMOUNT &&
        !read_amount(draft->loader, draft->amount, &rule->amount, formula, sizeof formula)) return false;
    if (charge && rule->line != TC_GST && takes_lines(draft->loader->book, rule->amount))
        return fail(draft, draft->amount, "turnover, premium, ...", "only gst is taken on other lines");
    if (!finish_round(draft) || !finish_bound(draft)) return false;
    if (rule->kind != RULE_AMOUNT) snprintf(formula, sizeof formula, "%s", rule->kind == RULE_NIL ? "nil" : "");
    rule->formula = intern(draft->loader, formula);
    rule->linear = is_linear(draft->loader->book, rule);
    rule->plain = rule->linear && is_plain(&draft->loader->book->ops.data[rule->amount.first]) && !rule->bound.count;
    rule->picos = rule->plain ? draft->loader->book->ops.data[rule->amount.first].value : 0;
    return true;
}

static bool id_taken(const tc_book *book, uint32_t id, uint8_t line)
{
    for (uint32_t i = 0; i < book->rules.count; i++)
        if (book->rules.data[i].id == id && book->rules.data[i].line == line) return true;
    return false;
}

/* Stores the rule, once for each line it is about. */
static bool add_rule(struct draft *draft, const struct node *node, const char *id)
{
    struct loader *loader = draft->loader;
    if (!finish(draft, node)) return false;
    draft->rule.id = intern(loader, id);
    draft->rule.source_line = loader->keep_places ? node->line : 0;
    draft->rule.file = loader->keep_places ? loader->file_text : 0;
    const struct item single = {.value = draft->lines};
    const struct item *item = draft->lines && draft->lines->kind == NODE_SEQUENCE ? draft->lines->first : &single;
    for (; item; item = item->next) {
        if (item->value) {
            int line = 0;
            while (line < TC_CHARGE_COUNT && strcmp(item->value->text, tc_charge_name((tc_charge)line))) line++;
            if (line == TC_CHARGE_COUNT && strcmp(item->value->text, "total")) return fail(draft, item->value, "a charge, or total", "no such line");
            draft->rule.line = (uint8_t)((draft->rule.line >= LINE_API ? LINE_API : LINE_NOTE) + line);
        }
        if (id_taken(loader->book, draft->rule.id, draft->rule.line)) return refuse(loader, node, "ids are unique in the book", "duplicate id %s", id);
        struct rule *slot = tc_array_push(&loader->book->rules, sizeof *slot);
        if (!slot) return loader->no_memory = true, false;
        memcpy(slot, &draft->rule, sizeof *slot);
    }
    return true;
}

static bool add_steps(struct draft *base, const struct node *steps, const char *id, unsigned where)
{
    if (steps->kind != NODE_SEQUENCE || !steps->first) return fail(base, steps, "steps: [{from, ...}, ...]", "expected steps");
    bool fine = true;
    int32_t before = INT32_MIN;
    for (const struct item *item = steps->first; item; item = item->next) {
        struct draft step;
        char own_id[160], day[TC_DATE_TEXT_SIZE];
        memcpy(&step, base, sizeof step);
        step.has_from = false;
        if (item->next) {
            const struct node *next = node_get(item->next->value, "from");
            if (!next || !read_day(base->loader, next, &step.rule.until)) return fine && fail(base, item->next->value, "from: yyyy-mm-dd", "a step without its first day");
        }
        if (!read_keys(&step, item->value, where | IN_STEP)) { fine = false; continue; }
        if (!step.has_from) return fail(base, item->value, "from: yyyy-mm-dd", "a step without its first day");
        if (step.rule.from <= before) return fail(base, item->value, "steps go forward", "overlapping interval: this step begins before the one above it");
        before = step.rule.from;
        tc_date_format(day, (tc_date){step.rule.from});
        snprintf(own_id, sizeof own_id, "%s@%s", id, day);
        fine = add_rule(&step, item->value, own_id) && fine;
    }
    return fine;
}

static bool read_plans(struct draft *draft, const struct node *plan)
{
    struct loader *loader = draft->loader;
    char text[600] = "";
    if (loader->broker == TC_NONE) return fail(draft, plan, "", "only a broker's rules name plans");
    const struct item single = {.value = plan};
    for (const struct item *item = plan->kind == NODE_SEQUENCE ? plan->first : &single; item; item = item->next) {
        uint16_t index = tc_book_find_plan(loader->book, loader->broker, (tc_text){item->value->text, strlen(item->value->text)}, (tc_date){0});
        if (!*item->value->text || index == TC_NONE) return refuse(loader, item->value, "plans stand in the broker's document", "no plan %s", item->value->text);
        draft->rule.plans |= UINT64_C(1) << loader->book->plans.data[index].position;
        append_words(text, sizeof text, item->value);
    }
    if (draft->rule.layer == LAYER_BROKER) draft->rule.layer = LAYER_PLAN;
    draft->rule.plans_text = intern(loader, text + 1);
    return true;
}

static bool read_rule(struct loader *loader, const struct node *node, const struct rule *template, unsigned where, const char *generated_id)
{
    struct draft draft;
    memset(&draft, 0, sizeof draft);
    draft.loader = loader;
    draft.node = node;
    memcpy(&draft.rule, template, sizeof draft.rule);
    const struct node *id = node_get(node, "id"), *steps = node_get(node, "steps"), *plan = node_get(node, "plan");
    if (!read_keys(&draft, node, where)) return false;
    if (!id && where != IN_MARKET) return fail(&draft, node, "id: broker/what", "a rule without an id");
    draft.lines = where == IN_RENDERING ? node_get(node, "line") : NULL;
    if (where == IN_RENDERING && !draft.lines) return fail(&draft, node, "line: stamp_duty", "a rendering of which line?");
    if (plan && !read_plans(&draft, plan)) return false;
    if (!read_when(&draft, node_get(node, "when"))) return false;
    const char *name = id ? id->text : generated_id;
    return steps ? add_steps(&draft, steps, name, where) : add_rule(&draft, node, name);
}

static bool charge_line(struct loader *loader, const struct node *charge, uint8_t *line)
{
    for (uint8_t c = 0; c < TC_CHARGE_COUNT; c++)
        if (!strcmp(charge->text, tc_charge_name((tc_charge)c))) return *line = c, true;
    return refuse(loader, charge, "brokerage transaction_tax exchange_charge clearing_charge sebi_fee ipft stamp_duty gst other dp_charge",
                  "no such charge: %s", charge->text);
}

static bool rendering_line(struct loader *loader, const struct node *rendering, uint8_t *line)
{
    bool api = !strcmp(rendering->text, "api");
    *line = api ? LINE_API : LINE_NOTE;
    return api || !strcmp(rendering->text, "note") || refuse(loader, rendering, "note or api", "no such rendering");
}

static bool read_each_rule(struct loader *loader, const struct node *rules, const struct rule *template, unsigned where)
{
    unsigned number = 0;
    bool fine = true;
    for (const struct item *item = rules->first; item; item = item->next) {
        char generated[64];
        snprintf(generated, sizeof generated, "market/%u", ++number);
        fine = read_rule(loader, item->value, template, where, generated) && fine;
    }
    return fine;
}

/* A document says what its rules are about: one charge or several alike, a rendering, or the market. */
bool read_rules(struct loader *loader, const struct node *document)
{
    struct rule template;
    memset(&template, 0, sizeof template);
    template.layer = loader->layer;
    template.broker = loader->broker;
    template.per = PER_FILL;
    template.from = loader->book->first_day;
    template.until = template.review_by = TC_DATE_MAX;
    const struct node *broker = node_get(document, "broker"), *rules = node_get(document, "rules");
    const struct node *charge = node_get(document, "charge"), *rendering = node_get(document, "rendering");
    const struct node *printed_as = node_get(document, "printed_as"), *call = node_get(document, "call");
    if (!check_keys(loader, document, "charge rendering market call broker printed_as rules review-by note")) return false;
    if (broker) {
        template.broker = tc_book_find_broker(loader->book, (tc_text){broker->text, strlen(broker->text)}, NULL);
        if (template.broker == TC_NONE) return refuse(loader, broker, "", "no broker %s", broker->text);
    }
    if (printed_as) template.printed_as = intern(loader, printed_as->text);
    if (call) template.note = intern(loader, call->text);
    if (!rules || rules->kind != NODE_SEQUENCE) return refuse(loader, document, "rules: [...]", "a document without rules");
    if (charge) {
        bool fine = true;
        const struct item single = {.value = charge};
        for (const struct item *item = charge->kind == NODE_SEQUENCE ? charge->first : &single; item; item = item->next)
            fine = charge_line(loader, item->value, &template.line) && read_each_rule(loader, rules, &template, IN_CHARGE) && fine;
        return fine;
    }
    if (rendering) {
        template.kind = RULE_PRINT;
        return rendering_line(loader, rendering, &template.line) && read_each_rule(loader, rules, &template, IN_RENDERING);
    }
    const struct node *review_by = node_get(document, "review-by");
    if (review_by && !read_day(loader, review_by, &loader->book->review_by)) return false;
    template.kind = RULE_MARKET;
    template.line = LINE_MARKET;
    return read_each_rule(loader, rules, &template, IN_MARKET);
}
