/* tape.h - one pass over the ticks of a security that answers what was asked before it.
 *
 * Questions are moments (what was known at a time: the as-of join) and stretches
 * (what traded between two times). They are sorted once, the ticks come sorted,
 * so a tick costs a comparison and memory is that of the questions, whatever the
 * length of the tape; where stretches overlap, a trade costs one step more for each of
 * them. Quotes, trades and bars are three passes, in any order.
 *
 * A tick speaks for its own day (in India) only: nothing is carried overnight.
 *
 * models/spread/join.h asks the quotes of one security; here the ticks of many
 * securities come as a file has them, and each is handed to the tape of its own. */
#ifndef TC_ANALYSIS_TAPE_H
#define TC_ANALYSIS_TAPE_H

#include "market/series.h"

#define TC_DAY_MICROS INT64_C(86400000000)
#define TC_IST_MICROS INT64_C(19800000000)

/* The day in India of an instant, in days since 1970. */
static inline int64_t tc_day_of_time(int64_t time)
{
    int64_t local = time + TC_IST_MICROS;
    return local / TC_DAY_MICROS - (local % TC_DAY_MICROS < 0);
}

/* A price that steps: its integral over time and the seconds it stood, since the tape began. */
typedef struct {
    double integral, seconds;
} tc_stood;

/* What was known at `time`: ticks of that very instant included. */
typedef struct {
    int64_t time;
    uint32_t id;      /* the caller's, to find it again once they are sorted */
    bool inside;      /* not known behind the day's last tick: for mark-outs, which must not take an old price for a later one */
    double bid, ask;  /* of the last quote; NAN: none that day yet */
    double last;      /* of the last trade, or the close of the last bar that had ended */
    tc_stood quoted, traded; /* of the mid, and of the price of trades */
} tc_sight;

/* What traded from `from` to `to`, both included. */
typedef struct tc_stretch tc_stretch;
struct tc_stretch {
    int64_t from, to;
    uint32_t id;             /* the caller's */
    double average;          /* own average price, for above and below; NAN: not asked */
    double target;           /* the value of the first so many shares from `from` on is asked for; 0: it is not */
    double volume, value;    /* of the market */
    double above, below;     /* volume above and below `average` */
    double first_value;      /* of the first `target` shares; NAN: there were not as many */
    bool barred;             /* answered by bars: whole bars that overlap, at (high + low + close)/3 */
    struct {                 /* the tape's own */
        tc_stretch *next, *child, *sibling;
        double due, begun;   /* the tape's volume when the first shares are all there; its value before the first of them */
    } own;
};

/* The pass of one kind of tick. */
typedef struct {
    int64_t time, day_end;   /* of the last tick; INT64_MIN: none yet */
    double price;            /* that stands: mid, trade, mean of a bar; NAN: none */
    tc_stood stood;
    size_t next;             /* sight to answer */
    int64_t due;             /* its time */
} tc_pass;

typedef struct {
    tc_sight *sight;         /* in order of time */
    size_t sights;
    tc_stretch *stretch;     /* in order of from */
    size_t stretches, next_stretch;
    tc_stretch *active;      /* between their times */
    tc_stretch *filling;     /* a heap of those whose first shares are not yet all there, the next to be done on top */
    double volume, value, carry; /* of all trades so far; value + carry is the sum without its rounding errors */
    tc_pass quotes, trades;
    tc_quote_tick quote;
    double last;             /* of the trades, as far as it is known */
} tc_tape;

/* Sorts the questions, empties their answers; they stay the caller's and must not move. */
void tc_tape_begin(tc_tape *tape, tc_sight *sight, size_t sights, tc_stretch *stretch, size_t stretches);
/* Answers what is still open. */
void tc_tape_end(tc_tape *tape);

/* For the functions below. */
void tc_tape_answer_quotes(tc_tape *tape, int64_t until);
void tc_tape_answer_trades(tc_tape *tape, int64_t until);
void tc_tape_traded(tc_tape *tape, int64_t from, int64_t to, double price, double quantity, bool bar);

static inline void tc_pass_advance(tc_pass *pass, int64_t time, double price)
{
    if (time < pass->day_end) {
        double seconds = (double)(time - pass->time) * 1e-6;
        if (pass->price > 0) pass->stood.integral += pass->price * seconds, pass->stood.seconds += seconds;
    } else {
        pass->day_end = (tc_day_of_time(time) + 1) * TC_DAY_MICROS - TC_IST_MICROS;
    }
    pass->time = time;
    pass->price = price;
}

/* The next tick; false, and left out, where its time goes back. */
static inline bool tc_tape_quote(tc_tape *tape, const tc_quote_tick *tick)
{
    if (tick->time < tape->quotes.time) return false;
    if (tick->time > tape->quotes.due) tc_tape_answer_quotes(tape, tick->time);
    tc_pass_advance(&tape->quotes, tick->time, (tick->bid + tick->ask) / 2);
    tape->quote = *tick;
    return true;
}

static inline bool tc_tape_trade(tc_tape *tape, const tc_trade_tick *tick)
{
    if (tick->time < tape->trades.time) return false;
    if (tick->time > tape->trades.due) tc_tape_answer_trades(tape, tick->time);
    tc_pass_advance(&tape->trades, tick->time, tick->price);
    tape->last = tick->price;
    if (tape->stretches) tc_tape_traded(tape, tick->time, tick->time, tick->price, tick->quantity, false);
    return true;
}

/* A bar counts for the trades of its time; where both are at hand give the tape only one of them. */
bool tc_tape_bar(tc_tape *tape, const tc_bar *bar);

/* The mean of a price over the time between two sights; NAN where none stood. */
double tc_stood_mean(tc_stood from, tc_stood to);

#endif
