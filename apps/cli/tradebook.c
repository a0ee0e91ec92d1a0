#include "tradebook.h"

#include <stdlib.h>

#include "duplicates.h"
#include "memo.h"
#include "order.h"

enum { COMPLAINTS_MAX = 20 }; /* of one run; the rest is counted */

struct tradebook {
    cli *c;
    tradebook_options options;
    tc_context context;
    row_stream *rows;
    placed_row *in_hand; /* read, and not yet part of a day; NULL after the last */
    bool begun;

    trade_day day;
    duplicates seen;
    memo *memo;
    uint64_t refused, repeated;

    /* The fill before, and the order it was taken for. */
    tc_fill last_fill;
    tc_text last_order;
};

tradebook *tradebook_open(cli *c, const char *const *paths, size_t count, const tradebook_options *options)
{
    row_stream *opened = rows_open(c, paths, count, !options->any_broker);
    if (!opened) return NULL;
    tradebook *book = need_memory(NULL, 1, sizeof *book);
    *book = (tradebook){.c = c, .options = *options, .rows = opened};
    book->context = (tc_context){.defaults = c->context.defaults, .today = NO_DATE, .product_inferred = true,
                                 .symbol_required = true};
    book->memo = need_memory(NULL, 1, sizeof *book->memo);
    memset(book->memo, 0, sizeof *book->memo);
    return book;
}

static void sum_up(const tradebook *book)
{
    if (book->refused > COMPLAINTS_MAX)
        remark(book->c, "rows refused: %llu, the first %d of them shown", (unsigned long long)book->refused,
               COMPLAINTS_MAX);
    if (book->repeated) remark(book->c, "repeated fills dropped: %llu", (unsigned long long)book->repeated);
}

void tradebook_close(tradebook *book)
{
    if (!book) return;
    sum_up(book);
    rows_close(book->rows);
    free(book->day.rows);
    arena_free(&book->day.texts);
    duplicates_free(&book->seen);
    memo_free(book->memo);
    free(book);
}

const row_stream *tradebook_rows(const tradebook *book)
{
    return book->rows;
}

/* From a row to a trade. */

static tc_text say(const tradebook *book, const tc_request *request, tc_field field)
{
    tc_text text = request->field[field];
    return text.size ? text : book->c->context.defaults.field[field];
}

static tc_text upper_case(arena *texts, tc_text text)
{
    if (!text.size) return text;
    char *copy = arena_take(texts, text.size);
    for (size_t i = 0; i < text.size; i++) {
        char letter = text.data[i];
        copy[i] = letter >= 'a' && letter <= 'z' ? (char)(letter - 'a' + 'A') : letter;
    }
    return (tc_text){copy, text.size};
}

/* What tells one contract of an underlying from another. */
static tc_text contract_text(tradebook *book, const tc_request *request)
{
    static const tc_field parts[] = {TC_F_SYMBOL, TC_F_EXPIRY, TC_F_STRIKE, TC_F_OPTION_TYPE};
    enum { PARTS = sizeof parts / sizeof *parts };
    size_t size = 0;
    for (size_t i = 0; i < PARTS; i++) size += say(book, request, parts[i]).size + 1;
    char *text = arena_take(&book->day.texts, size), *end = text;
    for (size_t i = 0; i < PARTS; i++) {
        tc_text part = say(book, request, parts[i]);
        if (part.size) memcpy(end, part.data, part.size);
        end += part.size;
        *end++ = '|';
    }
    return upper_case(&book->day.texts, (tc_text){text, size});
}

/* What the row's time says. */
struct clock {
    bool unreadable;
    tc_date day; /* below TC_DATE_MIN: it has no date */
    int64_t micros;
};

static struct clock read_clock(const tc_request *request)
{
    struct clock clock = {.day = NO_DATE, .micros = TC_TIME_UNKNOWN};
    tc_text time = request->field[TC_F_TIME];
    if (time.size) clock.unreadable = tc_time_read(&clock.day, &clock.micros, time.data, time.size) != TC_OK;
    return clock;
}

/* --orders time: consecutive fills of one symbol, side, product and second are an order. */
static void assume_order(tradebook *book, tc_fill *fill)
{
    enum { SECOND_MICROS = 1000000 };
    const char *how = book->c->args.value[OPT_ORDERS];
    if (!how || strcmp(how, "time") || fill->time == TC_TIME_UNKNOWN) return;
    const tc_fill *last = &book->last_fill;
    bool same = book->last_order.size && fill->trade.date.day == last->trade.date.day &&
                fill->time / SECOND_MICROS == last->time / SECOND_MICROS &&
                !memcmp(fill->trade.sel, last->trade.sel, sizeof last->trade.sel) &&
                fill->trade.plan == last->trade.plan && text_equal(fill->symbol, last->symbol) &&
                text_equal(fill->client, last->client);
    if (!same) {
        char *name = arena_take(&book->day.texts, NUMBER_SIZE);
        *name = '#';
        book->last_order = (tc_text){name, 1 + number_write(name + 1, (wide)book->in_hand->number, 0, 0)};
    }
    book->last_fill = *fill;
    fill->order_id = book->last_order;
    fill->trade.flags |= TC_FLAG_ORDER_ASSUMED;
}

static void make_fill(tradebook *book, tc_fill *fill, const tc_request *request, int64_t time)
{
    arena *texts = &book->day.texts;
    fill->client = arena_text(texts, say(book, request, TC_F_CLIENT));
    fill->order_id = arena_text(texts, say(book, request, TC_F_ORDER_ID));
    fill->fill_id = arena_text(texts, request->field[TC_F_FILL_ID]);
    fill->symbol = upper_case(texts, say(book, request, TC_F_SYMBOL));
    fill->isin = upper_case(texts, say(book, request, TC_F_ISIN));
    fill->contract = fill->trade.sel[TC_SEL_SEGMENT] == TC_EQUITY ? (tc_text){0} : contract_text(book, request);
    fill->time = time;
    fill->trade.order_unknown = book->in_hand->row.order_unknown;
    if (!fill->order_id.size) assume_order(book, fill);
}

/* Makes the request of the row in hand the one that is priced: with the
 * export's broker, the day that is asked for, and what --instruments know. */
static tc_request *priced_request(tradebook *book)
{
    tc_request *request = &book->in_hand->row.request;
    const tc_instrument *found;
    if (book->options.any_broker) {
        request->field[TC_F_BROKER] = tc_text_of("custom");
        request->field[TC_F_PLAN] = (tc_text){0};
    } else if (!say(book, request, TC_F_BROKER).size) {
        request->field[TC_F_BROKER] = tc_text_of(rows_file_broker(book->rows, book->in_hand->file));
    }
    if (book->options.as_of.size) {
        request->field[TC_F_DATE] = book->options.as_of;
        request->field[TC_F_TIME] = (tc_text){0};
    }
    if (!instruments_fill(book->c, request, &found)) quit(book->c->status);
    return request;
}

static void complain_row(tradebook *book, const trade_row *row, const char *text, size_t size)
{
    raise_status(book->c, EXIT_NO_RESULT);
    if (++book->refused <= COMPLAINTS_MAX)
        complain_at(book->c, EXIT_NO_RESULT, rows_file_name(book->rows, row->file), row->line, "%.*s", (int)size, text);
}

static void refuse_row(tradebook *book, trade_row *row, tc_status status, const char *message)
{
    tc_buffer text = {0};
    refusal_text(&text, status, message);
    row->status = status;
    row->message = arena_text(&book->day.texts, (tc_text){text.data, text.size});
    tc_buffer_free(&text);
    if (status != TC_DUPLICATE) complain_row(book, row, row->message.data, row->message.size);
}

static void refuse_repeated(tradebook *book, trade_row *row, repetition again)
{
    if (again == FILL_REPEATED) {
        book->repeated++;
        refuse_row(book, row, TC_DUPLICATE, "dropped, an equal fill stands before");
        return;
    }
    refuse_row(book, row, TC_DUPLICATE, "an earlier fill of this id has other values");
    complain_row(book, row, row->message.data, row->message.size);
}

/* All but the fill, which only a row that is understood has. */
static void begin_row(tradebook *book, trade_row *row)
{
    const placed_row *read = book->in_hand;
    row->number = read->number;
    row->line = read->row.line;
    row->file = (uint32_t)read->file;
    row->status = TC_OK;
    row->message = row->kept = (tc_text){0};
    if (book->options.keep)
        row->kept = book->options.keep(book->options.context, &book->day.texts, &read->row, read->file);
}

static tc_status resolve_row(tradebook *book, tc_trade *trade, tc_error *error, const tc_request *request,
                             const struct clock *clock)
{
    error->message[0] = '\0';
    /* Why a time cannot be read is for tc_resolve() to say. */
    if (clock->unreadable) return tc_resolve(trade, error, book->c->book, request, &book->context);
    tc_date day = request->field[TC_F_TIME].size ? clock->day : NO_DATE;
    return memo_resolve(book->memo, trade, error, book->c->book, request, &book->context, day);
}

static void add_row(tradebook *book)
{
    trade_day *set = &book->day;
    const tc_row *read = &book->in_hand->row;
    NEED_ROOM(set->rows, set->count, set->room);
    trade_row *row = &set->rows[set->count++];
    begin_row(book, row);
    if (read->status != TC_OK) {
        refuse_row(book, row, read->status, read->error.message);
        return;
    }
    tc_error error;
    struct clock clock = read_clock(&read->request);
    const tc_request *request = priced_request(book);
    tc_status status = resolve_row(book, &row->fill.trade, &error, request, &clock);
    if (status != TC_OK) {
        refuse_row(book, row, status, error.message);
        return;
    }
    make_fill(book, &row->fill, request, clock.micros);
    repetition again = duplicates_add(&book->seen, set->rows, set->count - 1);
    if (again == FILL_NEW) row->answer = set->trades++;
    else refuse_repeated(book, row, again);
}

trade_day *tradebook_next(tradebook *book)
{
    trade_day *day = &book->day;
    if (!book->begun) book->in_hand = rows_next(book->rows);
    book->begun = true;
    if (!book->in_hand) return NULL;
    arena_reset(&day->texts);
    duplicates_reset(&book->seen);
    book->last_order = (tc_text){0};
    day->count = day->trades = 0;
    day->date = NO_DATE;
    while (book->in_hand) {
        tc_date date = rows_date(book->rows, &book->in_hand->row);
        bool dated = date.day >= TC_DATE_MIN;
        if (dated && day->date.day >= TC_DATE_MIN && date.day != day->date.day) break;
        if (dated) day->date = date;
        add_row(book);
        book->in_hand = rows_next(book->rows);
    }
    return day;
}

tc_day *new_day(const cli *c)
{
    tc_day *day;
    if (tc_day_new(&day, c->book) != TC_OK) no_memory();
    return day;
}

static void vary(const tradebook *book, tc_trade *trade, const variation *as)
{
    if (as->other_plan) {
        trade->plan = as->plan;
        trade->broker = tc_book_plan(book->c->book, as->plan).broker;
    }
    if (as->date.day) trade->date = as->date;
    if (as->product && trade->sel[TC_SEL_SEGMENT] == TC_EQUITY) trade->sel[TC_SEL_PRODUCT] = as->product;
}

static void complain_answer(tradebook *book, const trade_row *row, const tc_fill_cost *answer)
{
    tc_buffer text = {0};
    refusal_text(&text, answer->status, answer->reason);
    complain_row(book, row, text.data, text.size);
    tc_buffer_free(&text);
}

static void add_fills(tradebook *book, tc_day *day, const trade_day *trades, const variation *as)
{
    for (size_t i = 0; i < trades->count; i++) {
        const tc_fill *fill = &trades->rows[i].fill;
        tc_fill varied;
        if (trades->rows[i].status != TC_OK) continue;
        if (as) {
            varied = *fill;
            vary(book, &varied.trade, as);
            fill = &varied;
        }
        tc_status status = tc_day_add(day, NULL, NULL, fill);
        if (status == TC_NO_MEMORY || status == TC_BAD_DATE) die(EXIT_FAILED, "%s", tc_status_code(status));
    }
}

const tc_fill_cost *day_price(tradebook *book, tc_day *day, const trade_day *trades, const variation *as)
{
    const tc_fill_cost *costs = NULL;
    tc_error error = {0};
    tc_options options = book->c->pricing;
    if (as && as->exact) options.level = TC_EXACT;
    tc_day_reset(day);
    add_fills(book, day, trades, as);
    tc_status status = tc_day_price(day, &costs, &error, &options);
    if (status != TC_OK) die(exit_status_of(status), "%s: %s", tc_status_code(status), error.message);
    for (size_t i = 0; !as && i < trades->count; i++) {
        const trade_row *row = &trades->rows[i];
        if (row->status == TC_OK && costs[row->answer].status != TC_OK)
            complain_answer(book, row, &costs[row->answer]);
    }
    return costs;
}
