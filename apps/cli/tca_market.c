#include <math.h>
#include <stdlib.h>

#include "analysis/ticks.h"
#include "market/store/sessions.h"
#include "market/store/store.h"
#include "progress.h"
#include "tca.h"
#include "text/input.h"

enum { COMPLAINTS_MAX = 5, CONDITION_DAYS = 20 };

/* Days, sights and stretches of one security; what it is asked for grows with its fills, not with its ticks. */
struct security {
    tc_text exchange, symbol, isin;
    tc_sight *sight;
    size_t sights, sight_room, *sight_place;
    tc_stretch *stretch;
    size_t stretches, stretch_room, *stretch_place;
    tc_tape tape;
    tc_daily_bar *days;   /* in order of date */
    size_t day_count, day_room;
    tc_daily_bar *summed; /* days summed from bars and trades, where no daily bar tells them */
    size_t summed_count, summed_room;
    struct {
        bool held, stepped;
        tc_bar bar;
    } last;               /* a bar waits for the next, which tells how long it was */
    size_t next;          /* of the same symbol; place + 1 */
};

struct tca_market {
    struct security *securities;
    size_t count, room;
    size_t *slots, slot_room; /* by symbol: place + 1 of its first security */
    tc_store *store;
};

/* --- Securities. --- */

static size_t *symbol_slot(const tca_market *m, tc_text symbol)
{
    size_t mask = m->slot_room - 1, i = text_hash(7, symbol.data, symbol.size) >> 20 & mask;
    while (m->slots[i] && !text_equal(m->securities[m->slots[i] - 1].symbol, symbol)) i = (i + 1) & mask;
    return &m->slots[i];
}

static void make_slots(tca_market *m)
{
    enum { FIRST_ROOM = 64 };
    m->slot_room = m->slot_room ? m->slot_room * 2 : FIRST_ROOM;
    m->slots = need_memory(m->slots, m->slot_room, sizeof *m->slots);
    memset(m->slots, 0, m->slot_room * sizeof *m->slots);
    for (size_t i = 0; i < m->count; i++) {
        size_t *slot = symbol_slot(m, m->securities[i].symbol);
        m->securities[i].next = *slot;
        *slot = i + 1;
    }
}

static size_t security_of(tca_market *m, const tca_order *o)
{
    if (m->count * 2 >= m->slot_room) make_slots(m);
    size_t *slot = symbol_slot(m, o->symbol);
    for (size_t i = *slot; i; i = m->securities[i - 1].next)
        if (text_equal(m->securities[i - 1].exchange, o->exchange)) return i - 1;
    NEED_ROOM(m->securities, m->count, m->room);
    m->securities[m->count++] = (struct security){.exchange = o->exchange, .symbol = o->symbol, .isin = o->isin, .next = *slot};
    *slot = m->count;
    return m->count - 1;
}

/* --- Questions. --- */

static long ask_sight(struct security *s, int64_t time, bool inside)
{
    NEED_ROOM(s->sight, s->sights, s->sight_room);
    s->sight[s->sights] = (tc_sight){.time = time, .inside = inside, .id = (uint32_t)s->sights};
    return (long)s->sights++;
}

/* The order's own interval: from its arrival to its last fill, or to its end where something stayed open. */
static int64_t interval_end(const tca_order *o)
{
    bool open = o->flags & (TCA_PARTIAL | TCA_NEVER_FILLED);
    if (open && o->end_time != TC_TIME_UNKNOWN) return o->end_time;
    return o->last_time != TC_TIME_UNKNOWN ? o->last_time : o->end_time;
}

/* A time that is not known is asked as one before all ticks: it gets no answer. */
static void ask_of_order(const tca_run *r, tca_order *o)
{
    struct security *s = &r->market->securities[o->security];
    int64_t last = interval_end(o);
    o->sight = ask_sight(s, o->decision_time, false);
    ask_sight(s, o->arrival_time, false);
    ask_sight(s, last, false);
    ask_sight(s, o->end_time, false);
    if (o->arrival_time == TC_TIME_UNKNOWN || last == TC_TIME_UNKNOWN) return;
    NEED_ROOM(s->stretch, s->stretches, s->stretch_room);
    double decided = (double)o->decided.micros / 1e6, paid = 0, filled = 0;
    for (size_t i = o->first; i < o->first + o->count; i++) {
        paid += (double)r->fills[i].quantity.micros * (double)r->fills[i].price.micros;
        filled += (double)r->fills[i].quantity.micros;
    }
    o->stretch = (long)s->stretches;
    s->stretch[s->stretches] = (tc_stretch){.from = o->arrival_time, .to = last, .id = (uint32_t)s->stretches,
                                            .average = filled > 0 ? paid / filled / 1e6 : NAN,
                                            .target = decided / r->options.participation};
    s->stretches++;
}

static void ask_of_fill(const tca_run *r, tca_fill *fill, struct security *s)
{
    if (fill->time == TC_TIME_UNKNOWN) return;
    fill->sight = ask_sight(s, fill->time - r->options.quote_lag, false);
    for (size_t i = 0; i < r->options.lag_count; i++) ask_sight(s, fill->time + r->options.lags[i].micros, true);
    ask_sight(s, fill->time + r->options.impact_lag, true);
}

static void ask_everything(tca_run *r)
{
    for (size_t i = 0; i < r->order_count; i++) {
        tca_order *o = &r->orders[i];
        o->security = security_of(r->market, o);
        if (o->isin.size && !r->market->securities[o->security].isin.size) r->market->securities[o->security].isin = o->isin;
        ask_of_order(r, o);
        for (size_t f = o->first; f < o->first + o->count; f++) ask_of_fill(r, &r->fills[f], &r->market->securities[o->security]);
    }
    for (size_t i = 0; i < r->market->count; i++) {
        struct security *s = &r->market->securities[i];
        tc_tape_begin(&s->tape, s->sight, s->sights, s->stretch, s->stretches);
    }
}

/* --- Days. --- */

static tc_date date_of(int64_t time)
{
    return (tc_date){(int32_t)tc_day_of_time(time)};
}

/* Adds what traded to the sum of its day. */
static void sum_day(struct security *s, int64_t time, const tc_bar *part, double value)
{
    tc_date date = date_of(time);
    tc_daily_bar *day = s->summed_count ? &s->summed[s->summed_count - 1] : NULL;
    if (!day || day->date.day != date.day) {
        NEED_ROOM(s->summed, s->summed_count, s->summed_room);
        day = &s->summed[s->summed_count++];
        *day = (tc_daily_bar){.date = date, .open = part->open, .high = part->high, .low = part->low, .previous_close = NAN,
                              .trades = NAN, .delivered = NAN, .factor = 1};
    }
    day->high = fmax(day->high, part->high);
    day->low = fmin(day->low, part->low);
    day->close = part->close;
    day->volume += part->volume;
    day->value += value;
}

static int by_date(const void *a, const void *b)
{
    int32_t x = ((const tc_daily_bar *)a)->date.day, y = ((const tc_daily_bar *)b)->date.day;
    return (x > y) - (x < y);
}

static const tc_daily_bar *find_day(const tc_daily_bar *days, size_t count, tc_date date)
{
    const tc_daily_bar wanted = {.date = date};
    return count ? bsearch(&wanted, days, count, sizeof *days, by_date) : NULL;
}

/* NSE prints the previous close already adjusted on the ex-date: its ratio to the
 * close before is the factor of all days before. */
static void set_factors(struct security *s)
{
    double factor = 1;
    for (size_t i = s->day_count; i-- > 0;) {
        tc_daily_bar *day = &s->days[i];
        day->factor = factor;
        if (!i) break;
        const tc_daily_bar *before = &s->days[i - 1];
        bool next_session = !tc_weekday_between(before->date, day->date);
        if (next_session && day->previous_close > 0 && fabs(day->previous_close - before->close) > tc_coarsest_tick(before->close))
            factor *= day->previous_close / before->close;
        if (!(day->previous_close > 0) && next_session) day->previous_close = before->close;
    }
}

/* --- Files of ticks. --- */

struct file_of_ticks {
    tca_run *r;
    const char *path;
    tc_tick_kind kind;
    uint64_t refused, rows;
    struct security *seen; /* the security of the row before: rows of one symbol follow each other */
};

static void refuse_tick(struct file_of_ticks *f, uint32_t line, tc_status status, const char *what)
{
    raise_status(f->r->c, EXIT_NO_RESULT);
    if (++f->refused <= COMPLAINTS_MAX) complain_at(f->r->c, EXIT_NO_RESULT, f->path, line, "%s: %s", tc_status_code(status), what);
}

static bool feed_bar(struct security *s, const tc_bar *bar)
{
    if (!tc_tape_bar(&s->tape, bar)) return false;
    sum_day(s, bar->time, bar, (bar->high + bar->low + bar->close) / 3 * bar->volume);
    return true;
}

/* `label` is when a bar begins, unless the file labels bars by their end. */
static bool feed_label(const tca_run *r, struct security *s, const tc_bar *label)
{
    const char *labels = r->c->args.value[OPT_BAR_TIME];
    tc_bar bar = *label;
    if (labels && !strcmp(labels, "end")) bar.time -= (int64_t)bar.seconds * 1000000;
    return feed_bar(s, &bar);
}

/* How long a bar is the next one tells: never longer than the shortest step so far. */
static bool take_bar(const tca_run *r, struct security *s, const tc_tick_row *row)
{
    enum { MINUTE = 60, DAY = 86400 };
    tc_bar bar = {row->time, MINUTE, row->open, row->high, row->low, row->close, row->volume};
    bool ok = true;
    if (s->last.held) {
        int64_t step = (bar.time - s->last.bar.time) / 1000000;
        if (step <= 0) return false;
        if (step < DAY / 4 && (!s->last.stepped || step < s->last.bar.seconds)) {
            s->last.bar.seconds = (uint32_t)step;
            s->last.stepped = true;
        }
        bar.seconds = s->last.bar.seconds;
        ok = feed_label(r, s, &s->last.bar);
    }
    s->last.held = true;
    s->last.bar = bar;
    return ok;
}

static double known_or(double value, double otherwise)
{
    return tc_is_known(value) ? value : otherwise;
}

/* NSE's series in which a share trades normally; BSE's groups of one letter; the others of the same symbol are another market. */
static bool trades_normally(tc_text series)
{
    return series.size < 2 || word_in(series, "EQ BE BZ SM ST XT MT");
}

static bool take_day(struct security *s, const tc_tick_row *row)
{
    NEED_ROOM(s->days, s->day_count, s->day_room);
    s->days[s->day_count++] = (tc_daily_bar){
        .date = date_of(row->time), .open = row->open, .high = row->high, .low = row->low, .close = row->close,
        .previous_close = row->previous_close, .volume = row->volume, .trades = NAN, .delivered = NAN, .factor = 1,
        .value = known_or(row->average * row->volume, row->turnover)};
    return true;
}

static bool take_trade(struct security *s, const tc_tick_row *row)
{
    const tc_trade_tick tick = {row->time, row->price, row->quantity};
    const tc_bar part = {row->time, 0, row->price, row->price, row->price, row->price, row->quantity};
    if (!tc_tape_trade(&s->tape, &tick)) return false;
    sum_day(s, row->time, &part, row->price * row->quantity);
    return true;
}

static bool take_quote(struct security *s, const tc_tick_row *row)
{
    const tc_quote_tick tick = {row->time, row->bid, row->ask, row->bid_quantity, row->ask_quantity};
    return tc_tape_quote(&s->tape, &tick);
}

/* Where trades are given too, they tell what happened within a day, and bars of minutes say nothing more. */
static bool take_row(const struct file_of_ticks *f, struct security *s, const tc_tick_row *row)
{
    if (f->kind == TC_QUOTES) return take_quote(s, row);
    if (f->kind == TC_TRADES) return take_trade(s, row);
    if (row->whole_day) return take_day(s, row);
    return f->r->c->args.value[OPT_TRADES] || take_bar(f->r, s, row);
}

/* The first security of the row's symbol; NULL: nobody asks for it. */
static struct security *asked_for(struct file_of_ticks *f, tc_text symbol)
{
    tca_market *m = f->r->market;
    if (!symbol.size) return m->securities;
    if (f->seen && text_equal(f->seen->symbol, symbol)) return f->seen;
    size_t place = *symbol_slot(m, symbol);
    if (!place) return NULL;
    return f->seen = &m->securities[place - 1];
}

static void take(struct file_of_ticks *f, const tc_tick_row *row)
{
    struct security *s = asked_for(f, row->symbol);
    if (!s || !trades_normally(row->series)) return;
    if (row->status != TC_OK) {
        refuse_tick(f, row->line, row->status, row->field);
        return;
    }
    for (;; s = &f->r->market->securities[s->next - 1]) {
        if (!take_row(f, s, row)) refuse_tick(f, row->line, TC_BAD_MARKET, "out of order; left out");
        if (!s->next) break;
    }
}

static tc_status read_ticks(struct file_of_ticks *f, tc_ticks *ticks, tc_input *input, tc_error *error)
{
    enum { SHOW_EVERY = 1 << 16 };
    const tc_tick_row *row;
    for (;;) {
        tc_status status = tc_ticks_next(ticks, &row, error);
        if (status != TC_OK || !row) return status;
        if (!(f->rows++ % SHOW_EVERY)) progress_show(input->bytes, input->bytes_total, f->rows);
        take(f, row);
    }
}

static bool read_file(tca_run *r, const char *path, tc_tick_kind kind)
{
    struct file_of_ticks f = {.r = r, .path = path, .kind = kind};
    tc_input input;
    tc_ticks *ticks = NULL;
    tc_error error = {0};
    if (!path) return true;
    tc_status status = tc_input_open(&input, &error, path);
    if (status != TC_OK) {
        complain_file(r->c, path, status, &error);
        return false;
    }
    status = tc_ticks_open(&ticks, &error, kind, tc_input_read, &input);
    if (status == TC_OK && !tc_ticks_has_symbol(ticks) && r->market->count > 1)
        status = tc_fail(&error, TC_BAD_FORMAT, "symbol", "the header has no column symbol, and the fills are of several securities");
    if (status == TC_OK) status = read_ticks(&f, ticks, &input, &error);
    tc_ticks_close(ticks);
    tc_input_close(&input);
    if (status != TC_OK) complain_file(r->c, path, status, &error);
    if (f.refused > COMPLAINTS_MAX)
        remark(r->c, "%s: rows left out: %llu, the first %d of them shown", path, (unsigned long long)f.refused, COMPLAINTS_MAX);
    return status == TC_OK;
}

static void feed_last_bars(const tca_run *r)
{
    for (size_t i = 0; i < r->market->count; i++) {
        struct security *s = &r->market->securities[i];
        if (s->last.held) (void)feed_label(r, s, &s->last.bar);
    }
}

/* --- The store. --- */

static bool store_failed(tca_run *r, tc_status status, const tc_error *error)
{
    if (status == TC_OK || status == TC_MARKET_MISSING) return false;
    complain_file(r->c, r->c->args.value[OPT_STORE], status, error);
    return true;
}

static bool store_days(tca_run *r, struct security *s, const tc_security *which)
{
    const tc_daily_bar *bars;
    size_t count = 0;
    tc_error error = {0};
    tc_status status = tc_store_days(r->market->store, &bars, &count, &error, which, (tc_date){TC_DATE_MAX}, SIZE_MAX);
    if (store_failed(r, status, &error)) return false;
    for (size_t i = 0; status == TC_OK && i < count; i++) {
        NEED_ROOM(s->days, s->day_count, s->day_room);
        s->days[s->day_count++] = bars[i];
    }
    return true;
}

/* One day at a time, so that memory is that of a day. */
static bool store_day_of_ticks(tca_run *r, struct security *s, const tc_security *which, int64_t from)
{
    const char *const *given = r->c->args.value; /* a file goes before the store */
    bool want_quotes = !given[OPT_QUOTES], want_trades = !given[OPT_TRADES] && !s->last.held;
    int64_t to = from + TC_DAY_MICROS;
    const tc_quote_tick *quote;
    const tc_trade_tick *trade;
    const tc_bar *bar;
    size_t quotes = 0, trades = 0, bars = 0;
    tc_error error = {0};
    if (want_quotes && store_failed(r, tc_store_quotes(r->market->store, &quote, &quotes, &error, which, from, to), &error)) return false;
    for (size_t i = 0; i < quotes; i++) (void)tc_tape_quote(&s->tape, &quote[i]);
    if (!want_trades) return true;
    if (store_failed(r, tc_store_trades(r->market->store, &trade, &trades, &error, which, from, to), &error)) return false;
    for (size_t i = 0; i < trades; i++)
        (void)take_trade(s, &(tc_tick_row){.time = trade[i].time, .price = trade[i].price, .quantity = trade[i].quantity});
    if (trades) return true;
    if (store_failed(r, tc_store_bars(r->market->store, &bar, &bars, &error, which, from, to), &error)) return false;
    for (size_t i = 0; i < bars; i++) (void)feed_bar(s, &bar[i]);
    return true;
}

/* The days on which something is asked: sights and stretches are in order of time. */
static bool store_ticks(tca_run *r, struct security *s, const tc_security *which)
{
    int64_t done = INT64_MIN, last = INT64_MIN;
    for (size_t i = 0; i < s->stretches; i++) last = s->stretch[i].to > last ? s->stretch[i].to : last;
    for (size_t i = 0; i < s->sights; i++) {
        if (s->sight[i].time == TC_TIME_UNKNOWN) continue;
        int64_t day = tc_day_of_time(s->sight[i].time);
        if (done != INT64_MIN && day <= done) continue;
        /* Stretches over several days want the days between too. */
        int64_t next = done != INT64_MIN && s->sight[i].time <= last ? done + 1 : day;
        for (done = next; done <= day; done++)
            if (!store_day_of_ticks(r, s, which, done * TC_DAY_MICROS - TC_IST_MICROS)) return false;
        done = day;
    }
    return true;
}

/* An order that was never filled may not say its exchange. */
static tc_security security_name(const struct security *s)
{
    return (tc_security){.exchange = s->exchange.size ? s->exchange : tc_text_of("NSE"), .symbol = s->symbol, .isin = s->isin};
}

static bool ask_store(tca_run *r)
{
    const char *where = r->c->args.value[OPT_STORE];
    tc_error error = {0};
    if (!where) return true;
    tc_status status = tc_store_open(&r->market->store, &error, where, true);
    if (status != TC_OK) {
        complain_file(r->c, where, status, &error);
        return false;
    }
    for (size_t i = 0; i < r->market->count; i++) {
        struct security *s = &r->market->securities[i];
        const tc_security which = security_name(s);
        if ((!s->day_count && !store_days(r, s, &which)) || !store_ticks(r, s, &which)) return false;
    }
    return true;
}

/* --- Answers. --- */

static void place_answers(struct security *s)
{
    tc_tape_end(&s->tape);
    s->sight_place = need_memory(NULL, s->sights, sizeof *s->sight_place);
    for (size_t i = 0; i < s->sights; i++) s->sight_place[s->sight[i].id] = i;
    s->stretch_place = need_memory(NULL, s->stretches, sizeof *s->stretch_place);
    for (size_t i = 0; i < s->stretches; i++) s->stretch_place[s->stretch[i].id] = i;
    if (s->day_count) qsort(s->days, s->day_count, sizeof *s->days, by_date);
}

bool tca_ask_market(tca_run *r)
{
    const char *const *value = r->c->args.value;
    r->market = need_memory(NULL, 1, sizeof *r->market);
    *r->market = (tca_market){0};
    make_slots(r->market);
    ask_everything(r);
    if (!r->market->count) return true;
    bool read = read_file(r, value[OPT_BARS], TC_BARS);
    feed_last_bars(r);
    read = read && read_file(r, value[OPT_QUOTES], TC_QUOTES) && read_file(r, value[OPT_TRADES], TC_TRADES) && ask_store(r);
    progress_clear();
    for (size_t i = 0; i < r->market->count; i++) {
        struct security *s = &r->market->securities[i];
        place_answers(s);
        if (!r->market->store) set_factors(s);
    }
    return read;
}

void tca_market_free(tca_market *market)
{
    for (size_t i = 0; market && i < market->count; i++) {
        struct security *s = &market->securities[i];
        free(s->sight), free(s->sight_place), free(s->stretch), free(s->stretch_place), free(s->days), free(s->summed);
    }
    if (!market) return;
    tc_store_close(market->store);
    free(market->securities);
    free(market->slots);
    free(market);
}

const tc_sight *tca_sight(const tca_run *r, const tca_order *o, long sight)
{
    const struct security *s = &r->market->securities[o->security];
    return &s->sight[s->sight_place[sight]];
}

bool tca_quoted(const tca_run *r, const tca_order *o)
{
    return r->market->securities[o->security].tape.quotes.time != INT64_MIN;
}

const tc_stretch *tca_stretch(const tca_run *r, const tca_order *o)
{
    const struct security *s = &r->market->securities[o->security];
    return o->stretch == NO_PLACE ? NULL : &s->stretch[s->stretch_place[o->stretch]];
}

const tc_daily_bar *tca_day(const tca_run *r, const tca_order *o, tc_date date, bool *of_last)
{
    const struct security *s = &r->market->securities[o->security];
    const tc_daily_bar *day = find_day(s->days, s->day_count, date);
    *of_last = !day;
    return day ? day : find_day(s->summed, s->summed_count, date);
}

/* Mean volume and standard deviation of the log returns of the last sessions before `date`. */
static void past_conditions(const struct security *s, tc_date date, tc_market *market)
{
    size_t end = 0, count = 0;
    while (end < s->day_count && s->days[end].date.day < date.day) end++;
    double volume = 0, sum = 0, squares = 0;
    for (size_t i = end; i-- > 0 && count < CONDITION_DAYS; count++) {
        double change = log(s->days[i].close / s->days[i].previous_close);
        volume += s->days[i].volume;
        sum += change;
        squares += change * change;
    }
    if (count < CONDITION_DAYS || !tc_is_known(squares)) return;
    market->value[TC_M_ADV] = volume / (double)count;
    market->value[TC_M_VOLATILITY] = sqrt(fmax(0, squares - sum * sum / (double)count) / (double)(count - 1));
    market->adv_days = market->volatility_days = CONDITION_DAYS;
}

void tca_conditions(const tca_run *r, const tca_order *o, tc_market *market)
{
    const struct security *s = &r->market->securities[o->security];
    const tc_security which = security_name(s);
    const tc_sight *arrival = tca_sight(r, o, o->sight + SIGHT_ARRIVAL);
    tc_market_clear(market);
    if (r->market->store && o->arrival_time != TC_TIME_UNKNOWN)
        (void)tc_store_market(r->market->store, market, NULL, &which, o->arrival_time, NULL);
    if (!tc_is_known(market->value[TC_M_ADV])) past_conditions(s, o->from, market);
    if (!tc_is_known(arrival->bid)) return;
    market->value[TC_M_BID] = arrival->bid;
    market->value[TC_M_ASK] = arrival->ask;
}
