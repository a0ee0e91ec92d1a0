#include "compile.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/sha256.h"
#include "words.h"

enum { CANDIDATES_MAX = 1024, CELLS_MAX = 60000, BUCKETS = 4096, NO_INDEX = UINT16_MAX };

/* Selectors that tables use: the others are folded into the kind or the market. */
static const uint8_t table_selectors[] = {
    TC_SEL_KIND, TC_SEL_PRODUCT, TC_SEL_SIDE, TC_SEL_EVENT, TC_SEL_OPTION_TYPE, TC_SEL_CHANNEL,
    TC_SEL_LEG, TC_SEL_NETTING, TC_SEL_SERIES, TC_SEL_UNDERLYING, TC_SEL_CTT, TC_SEL_SETTLEMENT,
    TC_SEL_STATE, TC_SEL_HOLDER, TC_SEL_DEPOSITORY};
enum { TABLE_SELECTORS = sizeof table_selectors };

typedef TC_ARRAY(uint16_t) index_list;

/* A table already built, known by the rules (and market rules) it was made from. */
struct known_table {
    uint64_t hash;
    uint32_t first, count; /* of `keys` */
    uint32_t next;         /* in its bucket, + 1 */
    uint16_t table;
};

struct rule_pair {
    uint32_t a, b;
};

struct compiler {
    tc_book *book;
    struct problem_sink *sink;
    TC_ARRAY(struct known_table) known;
    TC_ARRAY(uint16_t) keys;
    uint32_t bucket[BUCKETS]; /* of known tables, + 1 */
    uint8_t *used; /* a byte a rule: it won at least one cell */
    TC_ARRAY(struct rule_pair) conflicts; /* those reported: once a pair, not once a day and cell */
    bool no_memory;
};

/* One market of one plan while its epochs are cut. */
struct scope {
    uint16_t plan;
    uint8_t exchange, segment;
    index_list rules[LINE_COUNT];
};

void report_problem(struct problem_sink *sink, const tc_book *book, const struct rule *rule,
                    const char *hint, const char *format, ...)
{
    tc_error problem;
    va_list arguments;
    va_start(arguments, format);
    memset(&problem, 0, sizeof problem);
    problem.status = TC_BAD_TARIFF;
    problem.line = rule ? rule->source_line : 0;
    problem.column = rule ? 1 : 0;
    vsnprintf(problem.message, sizeof problem.message, format, arguments);
    va_end(arguments);
    sink->count++;
    if (sink->report) sink->report(sink->context, rule ? book_text(book, rule->file) : "", &problem, hint);
}

/* --- which rule takes a trade ------------------------------------------- */

static bool pattern_names(const char *pattern, const char *id)
{
    size_t size = strlen(pattern);
    bool tree = size > 2 && !strcmp(pattern + size - 2, "/*"); /* the rule itself and all below it */
    if (tree) size -= 2;
    return !strncmp(pattern, id, size) && (id[size] == '\0' || id[size] == '@' || (tree && id[size] == '/'));
}

static bool replaces(const tc_book *book, const struct rule *rule, const struct rule *other)
{
    for (uint32_t i = 0; i < rule->replaces_count; i++) {
        const char *pattern = book_text(book, book->patterns.data[rule->replaces + i]);
        if (pattern_names(pattern, book_text(book, other->id))) return true;
    }
    return false;
}

static bool box_inside(const struct rule *inner, const struct rule *outer)
{
    for (int s = 0; s < TC_SELECTOR_COUNT; s++)
        for (int w = 0; w < 4; w++)
            if (inner->box[s].word[w] & ~outer->box[s].word[w]) return false;
    return true;
}

/* Each guard of the outer rule holds a guard of the inner one. */
static bool guards_inside(const tc_book *book, const struct rule *inner, const struct rule *outer)
{
    for (uint32_t o = 0; o < outer->guard_count; o++) {
        const struct guard *wide = &book->guards.data[outer->guards + o];
        bool held = false;
        for (uint32_t i = 0; i < inner->guard_count && !held; i++) {
            const struct guard *narrow = &book->guards.data[inner->guards + i];
            held = narrow->measure == wide->measure && narrow->from >= wide->from && narrow->below <= wide->below;
        }
        if (!held) return false;
    }
    return true;
}

static bool inside(const tc_book *book, const struct rule *inner, const struct rule *outer)
{
    return box_inside(inner, outer) && guards_inside(book, inner, outer);
}

bool rule_beats(const tc_book *book, const struct rule *winner, const struct rule *loser)
{
    if (replaces(book, winner, loser)) return true;
    if (replaces(book, loser, winner)) return false;
    if (winner->line >= LINE_NOTE && winner->layer != loser->layer) return winner->layer > loser->layer;
    return winner->layer == loser->layer && winner->broker == loser->broker &&
           winner->plans == loser->plans && inside(book, winner, loser) && !inside(book, loser, winner);
}

static bool guards_apart(const tc_book *book, const struct rule *a, const struct rule *b)
{
    for (uint32_t i = 0; i < a->guard_count; i++)
        for (uint32_t j = 0; j < b->guard_count; j++) {
            const struct guard *x = &book->guards.data[a->guards + i], *y = &book->guards.data[b->guards + j];
            if (x->measure == y->measure && (x->below <= y->from || y->below <= x->from)) return true;
        }
    return false;
}

bool rule_in_plan(const tc_book *book, const struct rule *rule, uint16_t plan)
{
    const struct plan *own = &book->plans.data[plan];
    if (rule->broker == TC_NONE) return true;
    if (rule->broker != own->broker) return false;
    if (!rule->plans) return true;
    for (uint16_t p = plan; p != TC_NONE; p = book->plans.data[p].extends)
        if (rule->plans >> book->plans.data[p].position & 1) return true;
    return false;
}

/* --- one grid ------------------------------------------------------------ */

struct grid {
    const uint16_t *rules; /* candidates */
    uint32_t count;
    const uint16_t *market;
    uint32_t market_count;
    uint8_t exchange, segment, line;
    int32_t day;
    uint32_t values[TABLE_SELECTORS];          /* words of each selector */
    uint8_t classes[TABLE_SELECTORS];          /* how many classes they fall into */
    uint8_t class_of[TABLE_SELECTORS][256];
    uint8_t example[TABLE_SELECTORS][256];     /* a word of each class */
};

static uint32_t word_total(const tc_book *book, uint8_t selector)
{
    switch (selector) {
    case TC_SEL_KIND: return tc_kind_count();
    case TC_SEL_SERIES: return book->series_names.count ? book->series_names.count : 1;
    case TC_SEL_UNDERLYING: return book->underlying_names.count ? book->underlying_names.count : 1;
    default: return tc_word_count((tc_selector)selector);
    }
}

static bool same_for_all(const struct grid *grid, const tc_book *book, uint8_t selector, unsigned a, unsigned b)
{
    for (uint32_t i = 0; i < grid->count; i++) {
        const tc_set *set = &book->rules.data[grid->rules[i]].box[selector];
        if (tc_set_has(set, a) != tc_set_has(set, b)) return false;
    }
    return true;
}

/* Words that no candidate tells apart share a class. */
static void classify(struct grid *grid, const tc_book *book)
{
    for (int s = 0; s < TABLE_SELECTORS; s++) {
        uint8_t selector = table_selectors[s], classes = 0;
        grid->values[s] = word_total(book, selector);
        for (unsigned v = 0; v < grid->values[s]; v++) {
            uint8_t c = 0;
            while (c < classes && !same_for_all(grid, book, selector, v, grid->example[s][c])) c++;
            if (c == classes) grid->example[s][classes++] = (uint8_t)v;
            grid->class_of[s][v] = c;
        }
        grid->classes[s] = classes;
    }
}

static bool matches_cell(const struct grid *grid, const struct rule *rule, const uint8_t cell[TABLE_SELECTORS])
{
    for (int s = 0; s < TABLE_SELECTORS; s++)
        if (!tc_set_has(&rule->box[table_selectors[s]], grid->example[s][cell[s]])) return false;
    return true;
}

/* Finds a trade that the market allows inside a cell; false if there is none. */
static bool possible_in_cell(const struct grid *grid, const tc_book *book, const uint8_t cell[TABLE_SELECTORS],
                             uint8_t trade[TABLE_SELECTORS])
{
    for (uint32_t m = 0; m < grid->market_count; m++) {
        const struct rule *rule = &book->rules.data[grid->market[m]];
        int s = 0;
        for (; s < TABLE_SELECTORS; s++) {
            unsigned v = 0;
            while (v < grid->values[s] && !(grid->class_of[s][v] == cell[s] &&
                   tc_set_has(&rule->box[table_selectors[s]], v) &&
                   (table_selectors[s] != TC_SEL_KIND || tc_kind_word((uint8_t)v, TC_SEL_SEGMENT) == grid->segment)))
                v++;
            if (v == grid->values[s]) break;
            trade[s] = (uint8_t)v;
        }
        if (s == TABLE_SELECTORS) return true;
    }
    return false;
}

static const char *word_text(const tc_book *book, uint8_t selector, uint8_t number)
{
    if (selector == TC_SEL_SERIES) return tc_book_series(book, number);
    if (selector == TC_SEL_UNDERLYING) return tc_book_underlying(book, number);
    return tc_word((tc_selector)selector, number);
}

static void describe(char *text, size_t size, const struct grid *grid, const tc_book *book,
                     const uint8_t trade[TABLE_SELECTORS])
{
    char day[TC_DATE_TEXT_SIZE];
    tc_date_format(day, (tc_date){grid->day});
    size_t used = (size_t)snprintf(text, size, "%s %s", tc_word(TC_SEL_EXCHANGE, grid->exchange),
                                   tc_word(TC_SEL_SEGMENT, grid->segment));
    for (int s = 0; s < TABLE_SELECTORS && used < size; s++) {
        if (table_selectors[s] == TC_SEL_KIND) {
            const char *class_ = tc_word(TC_SEL_CLASS, tc_kind_word(trade[s], TC_SEL_CLASS));
            used += (size_t)snprintf(text + used, size - used, " %s%s%s",
                                     tc_word(TC_SEL_INSTRUMENT, tc_kind_word(trade[s], TC_SEL_INSTRUMENT)),
                                     *class_ ? " " : "", class_);
        } else if (grid->classes[s] > 1 && trade[s]) {
            used += (size_t)snprintf(text + used, size - used, " %s %s", tc_selector_name((tc_selector)table_selectors[s]),
                                     word_text(book, table_selectors[s], trade[s]));
        }
    }
    if (used < size) snprintf(text + used, size - used, " on %s", day);
}

static const char *line_name(uint8_t line)
{
    if (line < TC_CHARGE_COUNT) return tc_charge_name((tc_charge)line);
    if (line == LINE_MARKET) return "market";
    int place = line >= LINE_API ? line - LINE_API : line - LINE_NOTE;
    return place < TC_CHARGE_COUNT ? tc_charge_name((tc_charge)place) : "total";
}

/* The rules of a cell that no other rule of it beats. */
static uint32_t best_of(const tc_book *book, const uint16_t *matching, uint32_t count, uint16_t *best)
{
    uint32_t found = 0;
    for (uint32_t i = 0; i < count; i++) {
        bool beaten = false;
        for (uint32_t j = 0; j < count && !beaten; j++)
            beaten = i != j && rule_beats(book, &book->rules.data[matching[j]], &book->rules.data[matching[i]]);
        if (!beaten) best[found++] = matching[i];
    }
    return found;
}

static uint16_t intern_choice(struct compiler *c, uint16_t rule, uint16_t next)
{
    tc_book *book = c->book;
    if (next == NO_INDEX) return rule;
    for (uint32_t i = book->choices.count; i-- > 0;)
        if (book->choices.data[i].rule == rule && book->choices.data[i].next == next) return (uint16_t)(book->rules.count + i);
    bool room = book->rules.count + book->choices.count < NO_INDEX;
    struct choice *choice = room ? tc_array_push(&book->choices, sizeof *choice) : NULL;
    if (!choice) return c->no_memory = true, NO_INDEX;
    *choice = (struct choice){rule, next};
    return (uint16_t)(book->rules.count + book->choices.count - 1);
}

/* Together the guards of `chain` leave no number of their one measure out. */
static bool guards_cover(const tc_book *book, const uint16_t *chain, uint32_t count)
{
    int64_t covered = 0;
    for (bool moved = true; moved && covered != INT64_MAX;) {
        moved = false;
        for (uint32_t i = 0; i < count; i++) {
            const struct rule *rule = &book->rules.data[chain[i]];
            const struct guard *guard = &book->guards.data[rule->guards];
            if (rule->guard_count != 1 || guard->measure != book->guards.data[book->rules.data[chain[0]].guards].measure) continue;
            if (guard->from <= covered && guard->below > covered) {
                covered = guard->below;
                moved = true;
            }
        }
    }
    return covered == INT64_MAX;
}

/* Two undominated rules of a cell are only fine where their guards keep them apart. */
static bool in_conflict(const tc_book *book, const uint16_t *best, uint32_t count, uint32_t *a, uint32_t *b)
{
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t j = i + 1; j < count; j++)
            if (!guards_apart(book, &book->rules.data[best[i]], &book->rules.data[best[j]])) {
                *a = best[i];
                *b = best[j];
                return true;
            }
    return false;
}

static bool is_reported(struct compiler *c, struct rule_pair pair)
{
    for (uint32_t i = 0; i < c->conflicts.count; i++)
        if (c->conflicts.data[i].a == pair.a && c->conflicts.data[i].b == pair.b) return true;
    struct rule_pair *slot = tc_array_push(&c->conflicts, sizeof *slot);
    if (slot) *slot = pair;
    else c->no_memory = true;
    return false;
}

static void report_conflict(struct compiler *c, const struct grid *grid, const uint8_t cell[TABLE_SELECTORS],
                            uint32_t a, uint32_t b)
{
    char example[160];
    uint8_t trade[TABLE_SELECTORS];
    if (!possible_in_cell(grid, c->book, cell, trade) || is_reported(c, (struct rule_pair){a, b})) return;
    describe(example, sizeof example, grid, c->book, trade);
    const struct rule *one = &c->book->rules.data[a], *two = &c->book->rules.data[b];
    const struct rule *later = one->layer >= two->layer ? one : two, *earlier = later == one ? two : one;
    report_problem(c->sink, c->book, later,
                   one->layer == two->layer ? "make one narrower than the other, or their dates disjoint"
                                            : "say `replaces:` with the id of the lower layer's rule, or which `broker:` it is for",
                   "%s and %s both match: %s", book_text(c->book, later->id), book_text(c->book, earlier->id), example);
}

static void report_hole(struct compiler *c, const struct grid *grid, const uint8_t trade[TABLE_SELECTORS], uint16_t plan)
{
    char example[160];
    describe(example, sizeof example, grid, c->book, trade);
    const struct plan *p = &c->book->plans.data[plan];
    report_problem(c->sink, c->book, NULL, "give it a rule, `amount: nil` with a source, or `unknown: reason`",
                   "no %s rule for %s %s: %s", line_name(grid->line),
                   book_text(c->book, c->book->brokers.data[p->broker].id), book_text(c->book, p->id), example);
}

/* The chain of choices of one cell; NO_INDEX where no rule matches. */
static uint16_t choose(struct compiler *c, const struct grid *grid, const uint8_t cell[TABLE_SELECTORS], bool *conflict)
{
    uint16_t matching[CANDIDATES_MAX], best[CANDIDATES_MAX], chain[CANDIDATES_MAX];
    uint32_t count = 0, chained = 0;
    bool closed = false;
    for (uint32_t i = 0; i < grid->count; i++)
        if (matches_cell(grid, &c->book->rules.data[grid->rules[i]], cell)) matching[count++] = grid->rules[i];
    while (count && !closed) {
        uint32_t found = best_of(c->book, matching, count, best), a, b;
        if (!found) break;
        if (in_conflict(c->book, best, found, &a, &b)) {
            if (!*conflict) report_conflict(c, grid, cell, a, b);
            *conflict = true;
            break;
        }
        for (uint32_t i = 0; i < found; i++) {
            chain[chained++] = best[i];
            closed = closed || !c->book->rules.data[best[i]].guard_count;
        }
        uint32_t kept = 0;
        for (uint32_t i = 0; i < count; i++) {
            bool taken = false;
            for (uint32_t j = 0; j < found && !taken; j++) taken = matching[i] == best[j];
            if (!taken) matching[kept++] = matching[i];
        }
        count = kept;
    }
    if (!closed && chained && !guards_cover(c->book, chain, chained)) return NO_INDEX;
    uint16_t next = NO_INDEX;
    while (chained) {
        uint8_t trade[TABLE_SELECTORS], *used = &c->used[chain[--chained]];
        if (!*used) *used = possible_in_cell(grid, c->book, cell, trade);
        next = intern_choice(c, chain[chained], next);
    }
    return next;
}

static bool push_u16(struct compiler *c, void *array, uint16_t value)
{
    uint16_t *slot = tc_array_push(array, sizeof *slot);
    if (!slot) return c->no_memory = true, false;
    *slot = value;
    return true;
}

static void lay_out(struct compiler *c, const struct grid *grid, struct table *table, uint32_t *cells)
{
    *cells = 1;
    for (int s = 0; s < TABLE_SELECTORS; s++) {
        if (grid->classes[s] < 2) continue;
        table->selector[table->selector_count] = table_selectors[s];
        table->map[table->selector_count++] = c->book->maps.count;
        for (uint32_t v = 0; v < grid->values[s]; v++) push_u16(c, &c->book->maps, (uint16_t)(grid->class_of[s][v] * *cells));
        *cells *= grid->classes[s];
        if (*cells > CELLS_MAX) return;
    }
}

static void cell_at(const struct grid *grid, uint32_t index, uint8_t cell[TABLE_SELECTORS])
{
    for (int s = 0; s < TABLE_SELECTORS; s++) {
        cell[s] = (uint8_t)(index % grid->classes[s]);
        index /= grid->classes[s];
    }
}

static uint16_t build_table(struct compiler *c, struct grid *grid, uint16_t plan)
{
    classify(grid, c->book);
    struct table layout = {0};
    uint32_t cells;
    bool conflict = false, hole = false;
    lay_out(c, grid, &layout, &cells);
    if (cells > CELLS_MAX || c->book->tables.count == NO_INDEX) {
        report_problem(c->sink, c->book, &c->book->rules.data[grid->rules[0]], "use fewer distinct selectors",
                       "%s needs a grid of more than %d cells", line_name(grid->line), CELLS_MAX);
        return NO_INDEX;
    }
    layout.cells = c->book->cells.count;
    for (uint32_t i = 0; i < cells; i++) {
        uint8_t cell[TABLE_SELECTORS], trade[TABLE_SELECTORS];
        cell_at(grid, i, cell);
        uint16_t choice = choose(c, grid, cell, &conflict);
        push_u16(c, &c->book->cells, choice);
        if (choice != NO_INDEX || hole || conflict || grid->line >= LINE_MARKET) continue;
        if ((hole = possible_in_cell(grid, c->book, cell, trade))) report_hole(c, grid, trade, plan);
    }
    struct table *table = tc_array_push(&c->book->tables, sizeof *table);
    if (!table) return c->no_memory = true, NO_INDEX;
    *table = layout;
    return (uint16_t)(c->book->tables.count - 1);
}

/* --- epochs -------------------------------------------------------------- */

static bool in_force(const struct rule *rule, int32_t day) { return rule->from <= day && day < rule->until; }

static uint64_t hash_indices(const uint16_t *data, uint32_t count, uint64_t seed)
{
    uint64_t hash = seed ^ UINT64_C(0xcbf29ce484222325);
    for (uint32_t i = 0; i < count; i++) hash = (hash ^ data[i]) * UINT64_C(0x100000001b3);
    return hash;
}

/* The table for a line on a day: an earlier one made from the same rules, or a new one. */
static uint16_t table_for(struct compiler *c, const struct scope *scope, uint8_t line, int32_t day)
{
    uint16_t key[CANDIDATES_MAX + 4];
    uint32_t count = 0, market_first;
    for (uint32_t i = 0; i < scope->rules[line].count && count < CANDIDATES_MAX / 2; i++)
        if (in_force(&c->book->rules.data[scope->rules[line].data[i]], day)) key[count++] = scope->rules[line].data[i];
    if (!count && line >= LINE_MARKET) return NO_INDEX;
    market_first = count;
    for (uint32_t i = 0; i < scope->rules[LINE_MARKET].count && count < CANDIDATES_MAX; i++)
        if (in_force(&c->book->rules.data[scope->rules[LINE_MARKET].data[i]], day)) key[count++] = scope->rules[LINE_MARKET].data[i];
    key[count++] = (uint16_t)market_of(scope->exchange, scope->segment);
    key[count++] = line;
    if (market_first == 0) key[count++] = scope->plan; /* a hole names its plan */

    uint64_t hash = hash_indices(key, count, market_first);
    uint32_t *bucket = &c->bucket[hash % BUCKETS];
    for (uint32_t i = *bucket; i; i = c->known.data[i - 1].next) {
        const struct known_table *known = &c->known.data[i - 1];
        if (known->hash == hash && known->count == count &&
            !memcmp(c->keys.data + known->first, key, count * sizeof *key)) return known->table;
    }
    struct grid grid = {.rules = key, .count = market_first, .market = key + market_first,
                        .market_count = count - market_first - 2 - (market_first == 0),
                        .exchange = scope->exchange, .segment = scope->segment, .line = line, .day = day};
    uint16_t table = build_table(c, &grid, scope->plan);
    struct known_table *known = tc_array_push(&c->known, sizeof *known);
    if (!known) return c->no_memory = true, NO_INDEX;
    *known = (struct known_table){hash, c->keys.count, count, *bucket, table};
    *bucket = c->known.count;
    for (uint32_t i = 0; i < count; i++) push_u16(c, &c->keys, key[i]);
    return table;
}

static int compare_days(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

static bool push_day(void *days, int32_t day)
{
    int32_t *slot = tc_array_push(days, sizeof *slot);
    if (slot) *slot = day;
    return slot != NULL;
}

/* Every day in [from, until) on which a rule of the lines begins or ends, and `from` itself. */
static void cut_epochs(struct compiler *c, const struct scope *scope, int first_line, int lines,
                       int32_t from, int32_t until, struct schedule *schedule)
{
    TC_ARRAY(int32_t) cuts = {0};
    bool fine = push_day(&cuts, from);
    for (int line = first_line; line < first_line + lines; line++)
        for (uint32_t i = 0; i < scope->rules[line].count; i++) {
            const struct rule *rule = &c->book->rules.data[scope->rules[line].data[i]];
            const int32_t ends[2] = {rule->from, rule->until};
            for (int e = 0; e < 2; e++)
                if (ends[e] > from && ends[e] < until) fine = push_day(&cuts, ends[e]) && fine;
        }
    if (fine) qsort(cuts.data, cuts.count, sizeof *cuts.data, compare_days);
    schedule->days = c->book->days.count;
    for (uint32_t i = 0; i < cuts.count; i++) {
        if (i && cuts.data[i] == cuts.data[i - 1]) continue;
        fine = push_day(&c->book->days, cuts.data[i]) && fine;
        schedule->count++;
    }
    tc_array_free(&cuts);
    if (!fine) schedule->count = 0;
    c->no_memory = c->no_memory || !fine;
}

static void schedule_lines(struct compiler *c, const struct scope *scope, int first_line, int lines)
{
    const struct plan *plan = &c->book->plans.data[scope->plan];
    struct schedule schedule = {.width = (uint32_t)lines};
    cut_epochs(c, scope, first_line, lines, plan->from, plan->until, &schedule);
    schedule.rows = c->book->rows.count;
    for (uint32_t e = 0; e < schedule.count; e++)
        for (int line = first_line; line < first_line + lines; line++) {
            uint16_t table = table_for(c, scope, (uint8_t)line, c->book->days.data[schedule.days + e]);
            push_u16(c, &c->book->rows, table);
        }
    struct schedule *slot = tc_array_push(&c->book->schedules, sizeof *slot);
    if (slot) *slot = schedule;
    else c->no_memory = true;
}

static bool rule_in_market(const struct rule *rule, uint8_t exchange, uint8_t segment)
{
    if (!tc_set_has(&rule->box[TC_SEL_EXCHANGE], exchange)) return false;
    for (uint8_t kind = 1; kind < tc_kind_count(); kind++)
        if (tc_kind_word(kind, TC_SEL_SEGMENT) == segment && tc_set_has(&rule->box[TC_SEL_KIND], kind)) return true;
    return false;
}

static void compile_market(struct compiler *c, uint16_t plan, uint8_t exchange, uint8_t segment)
{
    struct scope scope = {.plan = plan, .exchange = exchange, .segment = segment};
    for (uint32_t r = 0; r < c->book->rules.count; r++) {
        const struct rule *rule = &c->book->rules.data[r];
        if (rule_in_plan(c->book, rule, plan) && rule_in_market(rule, exchange, segment))
            push_u16(c, &scope.rules[rule->line], (uint16_t)r);
    }
    schedule_lines(c, &scope, 0, AMOUNT_LINES);
    schedule_lines(c, &scope, LINE_NOTE, PRINT_LINES);
    for (int line = 0; line < LINE_COUNT; line++) tc_array_free(&scope.rules[line]);
}

/* A higher layer may take all that a rule had. */
static bool is_replaced(const tc_book *book, uint32_t rule)
{
    for (uint32_t r = 0; r < book->rules.count; r++)
        if (book->rules.data[r].line == book->rules.data[rule].line && replaces(book, &book->rules.data[r], &book->rules.data[rule])) return true;
    return false;
}

/* Steps of one rule share their history with other rules: it is enough that one of them matches. */
static bool same_rule(const tc_book *book, const struct rule *a, const struct rule *b)
{
    const char *x = book_text(book, a->id), *y = book_text(book, b->id);
    size_t size = strcspn(x, "@");
    return a->line == b->line && size == strcspn(y, "@") && !strncmp(x, y, size);
}

static bool some_step_used(const struct compiler *c, uint32_t rule)
{
    for (uint32_t r = 0; r < c->book->rules.count; r++)
        if (c->used[r] && same_rule(c->book, &c->book->rules.data[r], &c->book->rules.data[rule])) return true;
    return false;
}

static void report_unused(struct compiler *c)
{
    for (uint32_t r = 0; r < c->book->rules.count; r++)
        if (!c->used[r] && c->book->rules.data[r].line < LINE_NOTE && !some_step_used(c, r) && !is_replaced(c->book, r))
            report_problem(c->sink, c->book, &c->book->rules.data[r],
                           "it lies outside the market or its plans' dates, or narrower rules hide it",
                           "%s can never match", book_text(c->book, c->book->rules.data[r].id));
}

void tc_book_seal(tc_book *book)
{
    struct tc_sha256 hash;
    tc_sha256_init(&hash);
    for (uint32_t r = 0; r < book->rules.count; r++) { /* where a rule was written is not content */
        struct rule rule = book->rules.data[r];
        rule.file = rule.source_line = 0;
        tc_sha256_add(&hash, &rule, sizeof rule);
    }
#define AS_HASH(type, name) \
    if ((const void *)book->name.data != (const void *)book->rules.data && book->name.count) \
        tc_sha256_add(&hash, book->name.data, book->name.count * sizeof *book->name.data);
    BOOK_ARRAYS(AS_HASH)
#undef AS_HASH
    tc_sha256_hex(&hash, book->digest);
}

static void index_name(tc_book *book, uint32_t etf, uint32_t name)
{
    const char *text = book_text(book, name);
    uint32_t mask = book->etf_slots.count - 1, slot = name_hash(text, strlen(text)) & mask;
    while (book->etf_slots.data[slot]) slot = (slot + 1) & mask;
    book->etf_slots.data[slot] = etf + 1;
}

static bool index_etfs(tc_book *book)
{
    uint32_t slots = 16;
    while (slots < 4 * book->etfs.count) slots *= 2;
    if (!tc_array_reserve(&book->etf_slots, sizeof *book->etf_slots.data, slots)) return false;
    book->etf_slots.count = slots;
    memset(book->etf_slots.data, 0, slots * sizeof *book->etf_slots.data);
    for (uint32_t i = 0; i < book->etfs.count; i++) {
        if (book->etfs.data[i].isin) index_name(book, i, book->etfs.data[i].isin);
        index_name(book, i, book->etfs.data[i].symbol);
    }
    return true;
}

static void drop_compiled(tc_book *book)
{
    book->schedules.count = book->days.count = book->rows.count = 0;
    book->tables.count = book->maps.count = book->cells.count = book->choices.count = 0;
}

tc_status tc_book_compile(tc_book *book, struct problem_sink *sink)
{
    struct compiler c = {.book = book, .sink = sink};
    unsigned before = sink->count;
    drop_compiled(book);
    if (!index_etfs(book)) return TC_NO_MEMORY;
    if (book->rules.count >= NO_INDEX) return TC_LIMIT;
    c.used = calloc(book->rules.count + 1, 1);
    if (!c.used) return TC_NO_MEMORY;
    for (uint32_t plan = 0; plan < book->plans.count; plan++) {
        book->plans.data[plan].markets = book->schedules.count;
        for (uint8_t exchange = 1; exchange < TC_EXCHANGE_END; exchange++)
            for (uint8_t segment = 1; segment < TC_SEGMENT_END; segment++)
                compile_market(&c, (uint16_t)plan, exchange, segment);
    }
    if (book->plans.count && sink->count == before) report_unused(&c);
    free(c.used);
    tc_array_free(&c.known);
    tc_array_free(&c.keys);
    tc_array_free(&c.conflicts);
    if (c.no_memory) return TC_NO_MEMORY;
    if (sink->count != before) return TC_BAD_TARIFF;
    tc_book_seal(book);
    return TC_OK;
}
