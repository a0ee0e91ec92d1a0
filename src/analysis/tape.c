#include "tape.h"

#include <math.h>
#include <stdlib.h>

static int by_time(const void *a, const void *b)
{
    int64_t x = ((const tc_sight *)a)->time, y = ((const tc_sight *)b)->time;
    return (x > y) - (x < y);
}

static int by_from(const void *a, const void *b)
{
    int64_t x = ((const tc_stretch *)a)->from, y = ((const tc_stretch *)b)->from;
    return (x > y) - (x < y);
}

static tc_pass new_pass(const tc_tape *tape)
{
    return (tc_pass){INT64_MIN, INT64_MIN, NAN, {0, 0}, 0, tape->sights ? tape->sight[0].time : INT64_MAX};
}

void tc_tape_begin(tc_tape *tape, tc_sight *sight, size_t sights, tc_stretch *stretch, size_t stretches)
{
    *tape = (tc_tape){.sight = sight, .sights = sights, .stretch = stretch, .stretches = stretches,
                      .quote = {INT64_MIN, NAN, NAN, NAN, NAN}, .last = NAN};
    if (sights) qsort(sight, sights, sizeof *sight, by_time);
    if (stretches) qsort(stretch, stretches, sizeof *stretch, by_from);
    for (size_t i = 0; i < sights; i++) {
        sight[i].bid = sight[i].ask = sight[i].last = NAN;
        sight[i].quoted = sight[i].traded = (tc_stood){0, 0};
    }
    for (size_t i = 0; i < stretches; i++) {
        tc_stretch *s = &stretch[i];
        s->volume = s->value = s->above = s->below = 0;
        s->first_value = NAN;
        s->barred = false;
    }
    tape->quotes = tape->trades = new_pass(tape);
}

/* Whether what the pass saw last still speaks for `time`; `until` is the tick behind it, INT64_MAX after the last. */
static bool speaks(const tc_pass *pass, const tc_sight *s, int64_t until)
{
    if (s->time < pass->time || s->time >= pass->day_end) return false;
    return !s->inside || s->time == pass->time || until < pass->day_end;
}

/* The integral up to a time behind the last tick. */
static tc_stood stood_at(const tc_pass *pass, int64_t time)
{
    tc_stood stood = pass->stood;
    if (!(pass->price > 0) || time < pass->time || time >= pass->day_end) return stood;
    double seconds = (double)(time - pass->time) * 1e-6;
    stood.integral += pass->price * seconds;
    stood.seconds += seconds;
    return stood;
}

static void next_due(const tc_tape *tape, tc_pass *pass)
{
    pass->due = ++pass->next < tape->sights ? tape->sight[pass->next].time : INT64_MAX;
}

void tc_tape_answer_quotes(tc_tape *tape, int64_t until)
{
    tc_pass *pass = &tape->quotes;
    for (; pass->next < tape->sights && pass->due < until; next_due(tape, pass)) {
        tc_sight *s = &tape->sight[pass->next];
        s->quoted = stood_at(pass, s->time);
        if (!speaks(pass, s, until)) continue;
        s->bid = tape->quote.bid;
        s->ask = tape->quote.ask;
    }
}

void tc_tape_answer_trades(tc_tape *tape, int64_t until)
{
    tc_pass *pass = &tape->trades;
    for (; pass->next < tape->sights && pass->due < until; next_due(tape, pass)) {
        tc_sight *s = &tape->sight[pass->next];
        s->traded = stood_at(pass, s->time);
        if (speaks(pass, s, until)) s->last = tape->last;
    }
}

void tc_tape_end(tc_tape *tape)
{
    tc_tape_answer_quotes(tape, INT64_MAX);
    tc_tape_answer_trades(tape, INT64_MAX);
}

/* --- Which stretch has its first shares next: a pairing heap, for it needs no memory of its own. --- */

static tc_stretch *meld(tc_stretch *a, tc_stretch *b)
{
    if (!a || !b) return a ? a : b;
    if (b->own.due < a->own.due) {
        tc_stretch *other = a;
        a = b;
        b = other;
    }
    b->own.sibling = a->own.child;
    a->own.child = b;
    return a;
}

/* Melds siblings two by two, then what came of them from the last to the first. */
static tc_stretch *meld_siblings(tc_stretch *first)
{
    tc_stretch *pairs = NULL, *heap = NULL;
    while (first) {
        tc_stretch *second = first->own.sibling, *rest = second ? second->own.sibling : NULL;
        first->own.sibling = NULL;
        if (second) second->own.sibling = NULL;
        tc_stretch *pair = meld(first, second);
        pair->own.sibling = pairs;
        pairs = pair;
        first = rest;
    }
    while (pairs) {
        tc_stretch *rest = pairs->own.sibling;
        pairs->own.sibling = NULL;
        heap = meld(heap, pairs);
        pairs = rest;
    }
    return heap;
}

/* --- Trades. --- */

static void begin_stretches(tc_tape *tape, int64_t until)
{
    while (tape->next_stretch < tape->stretches && tape->stretch[tape->next_stretch].from <= until) {
        tc_stretch *s = &tape->stretch[tape->next_stretch++];
        s->own.next = tape->active;
        s->own.child = s->own.sibling = NULL;
        s->own.due = tape->volume + s->target;
        s->own.begun = tape->value + tape->carry;
        tape->active = s;
        if (s->target > 0) tape->filling = meld(tape->filling, s);
    }
}

static void add_to(tc_stretch *s, double price, double quantity)
{
    s->volume += quantity;
    s->value += quantity * price;
    if (price > s->average) s->above += quantity;
    if (price < s->average) s->below += quantity;
}

/* Stretches whose first shares this trade completes; it counts as far as it is needed. */
static void complete_first(tc_tape *tape, double price, double quantity)
{
    while (tape->filling && tape->filling->own.due <= tape->volume + quantity) {
        tc_stretch *s = tape->filling;
        s->first_value = tape->value + tape->carry - s->own.begun + (s->own.due - tape->volume) * price;
        tape->filling = meld_siblings(s->own.child);
    }
}

/* Neumaier's sum: what the addition rounds off is carried along. */
static void add_to_all(tc_tape *tape, double price, double quantity)
{
    double value = price * quantity, sum = tape->value + value;
    tape->carry += value < tape->value ? tape->value - sum + value : value - sum + tape->value;
    tape->value = sum;
    tape->volume += quantity;
}

void tc_tape_traded(tc_tape *tape, int64_t from, int64_t to, double price, double quantity, bool bar)
{
    begin_stretches(tape, to);
    complete_first(tape, price, quantity);
    add_to_all(tape, price, quantity);
    for (tc_stretch **at = &tape->active; *at;) {
        tc_stretch *s = *at;
        if (from <= s->to) {
            s->barred |= bar;
            add_to(s, price, quantity);
            at = &s->own.next;
        } else {
            *at = s->own.next;
        }
    }
}

/* While a bar lasts its price stands at the mean of its four; its close is known when it ends. */
bool tc_tape_bar(tc_tape *tape, const tc_bar *bar)
{
    tc_pass *pass = &tape->trades;
    int64_t end = bar->time + (int64_t)bar->seconds * 1000000;
    if (bar->time < pass->time || !bar->seconds) return false;
    if (bar->time > pass->due) tc_tape_answer_trades(tape, bar->time);
    if (bar->time >= pass->day_end) tape->last = NAN;
    tc_pass_advance(pass, bar->time, (bar->open + bar->high + bar->low + bar->close) / 4);
    if (end > pass->due) tc_tape_answer_trades(tape, end);
    tc_pass_advance(pass, end, bar->close);
    tape->last = bar->close;
    tc_tape_traded(tape, bar->time, end - 1, (bar->high + bar->low + bar->close) / 3, bar->volume, true);
    return true;
}

double tc_stood_mean(tc_stood from, tc_stood to)
{
    double seconds = to.seconds - from.seconds;
    return seconds > 0 ? (to.integral - from.integral) / seconds : NAN;
}
