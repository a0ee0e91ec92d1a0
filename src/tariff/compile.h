/* compile.h - from rules to schedules and tables.
 *
 * For each plan and market (exchange, segment) the days on which a rule begins
 * or ends cut time into epochs; for each epoch and line the rules in force make
 * a grid of cells, one rule a cell. Grids that the same rules make are shared. */
#ifndef TC_TARIFF_COMPILE_H
#define TC_TARIFF_COMPILE_H

#include "layout.h"

/* Where problems go: each with the file it is in ("" if none), its place and a
 * hint ("" if none). */
struct problem_sink {
    void (*report)(void *context, const char *file, const tc_error *problem, const char *hint);
    void *context;
    unsigned count;
};

void report_problem(struct problem_sink *sink, const tc_book *book, const struct rule *rule,
                    const char *hint, const char *format, ...) TC_PRINTF(5, 6);

/* Drops what was compiled before and compiles the book's rules; then seals it
 * with its digest. TC_BAD_TARIFF after at least one report; TC_NO_MEMORY. */
tc_status tc_book_compile(tc_book *book, struct problem_sink *sink);

/* Whether `winner` takes a trade that both match: it is narrower in its layer,
 * or says that it replaces the other. How lines are printed is the broker's own
 * affair: there a higher layer wins without saying so. */
bool rule_beats(const tc_book *book, const struct rule *winner, const struct rule *loser);

/* Whether the rule is one that the plan sees. */
bool rule_in_plan(const tc_book *book, const struct rule *rule, uint16_t plan);

/* A heap copy, for adding to; NULL without memory. Freed with tc_book_free(). */
tc_book *tc_book_copy(const tc_book *base);

/* Computes the digest anew, after a change. */
void tc_book_seal(tc_book *book);

#endif
