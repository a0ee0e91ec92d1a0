#define _POSIX_C_SOURCE 200809L
#include "tradebook.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dateorder.h"
#include "duplicates.h"
#include "memo.h"
#include "order.h"
#include "progress.h"
#include "rowstore.h"
#include "sorter.h"

enum {
    COMPLAINTS_MAX = 20,       /* of one run; the rest is counted */
    SORT_MEMORY = 32 << 20,
    PROGRESS_ROWS = 1 << 14,
};
#define NO_DATE ((tc_date){TC_DATE_MIN - 1})

struct book_file {
    const char *name;      /* as the user calls it */
    char path[32];         /* of the copy, where the file itself cannot be read twice */
    int copy;              /* -1: none */
    const char *format, *broker; /* of the export, or "" */
    tc_text *columns;
    size_t column_count;
    bool has[TC_FIELD_COUNT];
    uint64_t bytes_before; /* of the files before it */
};

struct tradebook {
    cli *c;
    tradebook_options options;
    tc_context context;
    struct book_file *files;
    size_t file_count;
    uint64_t bytes_total;
    bool unordered;

    /* The row in hand: read, and not yet part of a day. */
    tc_reader *reader;
    size_t file;
    tc_row row;
    uint64_t number, row_number;
    size_t row_file;
    bool in_hand;

    sorter *sorted;
    tc_buffer record;
    tc_text *cells;
    size_t cells_room;

    trade_day day;
    duplicates seen;
    memo *memo;
    uint64_t refused, repeated;

    /* The date and the order of the row before. */
    tc_text last_date_text;
    char last_date_room[64];
    tc_date last_date;
    tc_fill last_fill;
    tc_text last_order;
};

/* Files. */

static void copy_stream(int from, int to, const char *name)
{
    char bytes[1 << 16];
    ssize_t count;
    while ((count = read(from, bytes, sizeof bytes)) != 0) {
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) die(EXIT_FAILED, "%s: %s", name, strerror(errno));
        if (write(to, bytes, (size_t)count) != count) die(EXIT_FAILED, "temporary file: %s", strerror(errno));
    }
}

/* A pipe is copied: rows are read twice, once to see whether they are in order.
 * Standard input is copied once for all who ask for it. */
static void copy_if_stream(struct book_file *file)
{
    static int standard_copy = -1;
    struct stat facts;
    bool standard = !strcmp(file->name, "-");
    int from = standard ? STDIN_FILENO : open(file->name, O_RDONLY);
    if (from < 0) die(EXIT_FAILED, "%s: %s", file->name, strerror(errno));
    bool plain = !standard && fstat(from, &facts) == 0 && S_ISREG(facts.st_mode);
    if (standard && standard_copy >= 0) {
        file->copy = standard_copy;
    } else if (!plain) {
        file->copy = temporary_file();
        copy_stream(from, file->copy, file->name);
    }
    if (standard) standard_copy = file->copy;
    else close(from);
    if (file->copy >= 0) snprintf(file->path, sizeof file->path, "/dev/fd/%d", file->copy);
}

static const char *readable_path(const struct book_file *file)
{
    return file->copy < 0 ? file->name : file->path;
}

static bool open_reader(tradebook *book, size_t index)
{
    struct book_file *file = &book->files[index];
    tc_error error = {0};
    const tc_reader_options given = {.given = &book->c->context.defaults};
    tc_status status = tc_reader_open_with(&book->reader, &error, readable_path(file), &given);
    book->file = index;
    if (status != TC_OK) complain_file(book->c, file->name, status, &error);
    return status == TC_OK;
}

static void close_reader(tradebook *book)
{
    tc_reader_close(book->reader);
    book->reader = NULL;
}

/* What is told of a file once its reader is gone. */
static void remember_file(tradebook *book, struct book_file *file)
{
    const tc_text *columns = tc_reader_columns(book->reader, &file->column_count);
    file->columns = need_memory(NULL, file->column_count, sizeof *file->columns);
    for (size_t i = 0; i < file->column_count; i++) {
        char *copy = need_memory(NULL, columns[i].size, 1);
        if (columns[i].size) memcpy(copy, columns[i].data, columns[i].size);
        file->columns[i] = (tc_text){copy, columns[i].size};
    }
    file->format = tc_reader_format(book->reader);
    file->broker = tc_reader_broker(book->reader);
    for (int f = 0; f < TC_FIELD_COUNT; f++) file->has[f] = tc_reader_has(book->reader, (tc_field)f);
    file->bytes_before = book->bytes_total;
    book->bytes_total += tc_reader_bytes_total(book->reader);
}

static bool broker_known(const tradebook *book, const struct book_file *file)
{
    if (book->options.any_broker || book->c->context.defaults.field[TC_F_BROKER].size) return true;
    if (file->has[TC_F_BROKER] || *file->broker) return true;
    complain(book->c, EXIT_USAGE, "%s names no broker: give --broker, or set TRADECOST_BROKER", file->name);
    return false;
}

/* Rows. */

static void show_progress(const tradebook *book)
{
    if (book->number % PROGRESS_ROWS || !book->reader) return;
    progress_show(book->files[book->file].bytes_before + tc_reader_bytes(book->reader), book->bytes_total,
                  book->number);
}

/* The next row of the files, in their own order; false after the last. */
static bool read_row(tradebook *book)
{
    for (;;) {
        if (book->file == book->file_count) return false;
        if (!book->reader && !open_reader(book, book->file)) quit(book->c->status);
        bool end = false;
        tc_error error = {0};
        tc_status status = tc_reader_next(book->reader, &book->row, &end, &error);
        if (status != TC_OK) {
            complain_file(book->c, book->files[book->file].name, status, &error);
            quit(book->c->status);
        }
        if (!end) break;
        close_reader(book);
        book->file++;
    }
    book->row_number = ++book->number;
    book->row_file = book->file;
    show_progress(book);
    return true;
}

struct stored_place {
    uint64_t number;
    size_t file;
};

static bool take_sorted_row(tradebook *book)
{
    struct stored_place place;
    tc_text record;
    if (!sorter_next(book->sorted, &record)) return false;
    memcpy(&place, record.data, sizeof place);
    book->row_number = place.number;
    book->row_file = place.file;
    row_load(&book->row, &book->cells, &book->cells_room,
             (tc_text){record.data + sizeof place, record.size - sizeof place});
    return true;
}

static bool next_row(tradebook *book)
{
    return book->sorted ? take_sorted_row(book) : read_row(book);
}

static tc_text say(const tradebook *book, const tc_request *request, tc_field field)
{
    tc_text text = request->field[field];
    return text.size ? text : book->c->context.defaults.field[field];
}

/* The trade date of the row in hand, whatever else may be wrong with it; NO_DATE
 * if it does not tell. Rows mostly repeat the date of the row before. */
static tc_date row_date(tradebook *book)
{
    tc_text date = say(book, &book->row.request, TC_F_DATE);
    tc_date found = NO_DATE;
    int64_t micros;
    if (!date.size) {
        tc_text time = book->row.request.field[TC_F_TIME];
        if (!time.size || tc_time_read(&found, &micros, time.data, time.size) != TC_OK) return NO_DATE;
        return found;
    }
    if (text_equal(date, book->last_date_text)) return book->last_date;
    if (tc_date_read(&found, date.data, date.size) != TC_OK || date.size > sizeof book->last_date_room) return found;
    memcpy(book->last_date_room, date.data, date.size);
    book->last_date_text = (tc_text){book->last_date_room, date.size};
    book->last_date = found;
    return found;
}

static void rewind_files(tradebook *book)
{
    close_reader(book);
    book->file = 0;
    book->number = 0;
}

/* The quick look at all files; DATES_UNSEEN if one of them needs the careful one. */
static date_order quick_order(const tradebook *book)
{
    tc_date last = NO_DATE;
    date_order found = DATES_ASCEND;
    for (size_t i = 0; i < book->file_count && found == DATES_ASCEND; i++) {
        if (strcmp(book->files[i].format, "canonical")) return DATES_UNSEEN;
        found = dates_of_plain_csv(readable_path(&book->files[i]), &last);
    }
    return found;
}

/* Whether dates never go back; a row without one stays with the row before. */
static bool in_order(tradebook *book)
{
    date_order quick = quick_order(book);
    if (quick != DATES_UNSEEN) return quick == DATES_ASCEND;
    tc_date last = NO_DATE;
    bool ascending = true;
    while (ascending && read_row(book)) {
        tc_date date = row_date(book);
        if (date.day < TC_DATE_MIN) continue;
        ascending = date.day >= last.day;
        last = date;
    }
    rewind_files(book);
    return ascending;
}

static void sort_rows(tradebook *book)
{
    tc_date last = NO_DATE;
    sorter *s = sorter_new(SORT_MEMORY);
    while (read_row(book)) {
        tc_date date = row_date(book);
        if (date.day >= TC_DATE_MIN) last = date;
        struct stored_place place = {book->row_number, book->row_file};
        book->record.size = 0;
        buffer_add(&book->record, (const char *)&place, sizeof place);
        row_store(&book->record, &book->row);
        sorter_add(s, (sort_key){last.day, book->row_number}, (tc_text){book->record.data, book->record.size});
    }
    close_reader(book);
    book->sorted = s;
}

tradebook *tradebook_open(cli *c, const char *const *paths, size_t count, const tradebook_options *options)
{
    tradebook *book = need_memory(NULL, 1, sizeof *book);
    *book = (tradebook){.c = c, .options = *options, .file_count = count, .last_date = NO_DATE};
    book->context = (tc_context){.defaults = c->context.defaults, .today = NO_DATE, .product_inferred = true,
                                 .symbol_required = true};
    book->memo = need_memory(NULL, 1, sizeof *book->memo);
    memset(book->memo, 0, sizeof *book->memo);
    book->files = need_memory(NULL, count, sizeof *book->files);
    for (size_t i = 0; i < count; i++) book->files[i] = (struct book_file){.name = paths[i], .copy = -1};
    for (size_t i = 0; i < count; i++) {
        copy_if_stream(&book->files[i]);
        if (!open_reader(book, i)) goto failed;
        remember_file(book, &book->files[i]);
        close_reader(book);
        if (!broker_known(book, &book->files[i])) goto failed;
    }
    book->file = 0;
    book->unordered = !in_order(book);
    if (book->unordered) sort_rows(book);
    return book;

failed:
    tradebook_close(book);
    return NULL;
}

static void sum_up(const tradebook *book)
{
    if (book->refused > COMPLAINTS_MAX)
        remark(book->c, "rows refused: %llu, the first %d of them shown", (unsigned long long)book->refused, COMPLAINTS_MAX);
    if (book->repeated) remark(book->c, "repeated fills dropped: %llu", (unsigned long long)book->repeated);
}

void tradebook_close(tradebook *book)
{
    if (!book) return;
    sum_up(book);
    close_reader(book);
    for (size_t i = 0; i < book->file_count; i++) {
        struct book_file *file = &book->files[i];
        for (size_t column = 0; column < file->column_count; column++) free((char *)file->columns[column].data);
        free(file->columns);
        if (file->copy >= 0 && strcmp(file->name, "-")) close(file->copy);
    }
    free(book->files);
    sorter_free(book->sorted);
    tc_buffer_free(&book->record);
    free(book->cells);
    free(book->day.rows);
    arena_free(&book->day.texts);
    duplicates_free(&book->seen);
    memo_free(book->memo);
    free(book);
}

const tc_text *tradebook_columns(const tradebook *book, size_t file, size_t *count)
{
    *count = book->files[file].column_count;
    return book->files[file].columns;
}

size_t tradebook_files(const tradebook *book)
{
    return book->file_count;
}

bool tradebook_has(const tradebook *book, tc_field field)
{
    if (book->c->context.defaults.field[field].size) return true;
    for (size_t i = 0; i < book->file_count; i++)
        if (!book->files[i].has[field]) return false;
    return true;
}

bool tradebook_sorted(const tradebook *book)
{
    return book->unordered;
}

/* From a row to a trade. */

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
        book->last_order = (tc_text){name, 1 + number_write(name + 1, (wide)book->row_number, 0, 0)};
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
    fill->trade.order_unknown = book->row.order_unknown;
    if (!fill->order_id.size) assume_order(book, fill);
}

/* Makes the request of the row in hand the one that is priced: with the
 * export's broker, the day that is asked for, and what --instruments know. */
static tc_request *priced_request(tradebook *book)
{
    tc_request *request = &book->row.request;
    const tc_instrument *found;
    if (book->options.any_broker) {
        request->field[TC_F_BROKER] = tc_text_of("custom");
        request->field[TC_F_PLAN] = (tc_text){0};
    } else if (!say(book, request, TC_F_BROKER).size) {
        request->field[TC_F_BROKER] = tc_text_of(book->files[book->row_file].broker);
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
        complain_at(book->c, EXIT_NO_RESULT, book->files[row->file].name, row->line, "%.*s", (int)size, text);
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
    row->number = book->row_number;
    row->line = book->row.line;
    row->file = (uint32_t)book->row_file;
    row->status = TC_OK;
    row->message = row->kept = (tc_text){0};
    if (book->options.keep)
        row->kept = book->options.keep(book->options.context, &book->day.texts, &book->row, book->row_file);
}

static void add_row(tradebook *book)
{
    trade_day *set = &book->day;
    NEED_ROOM(set->rows, set->count, set->room);
    trade_row *row = &set->rows[set->count++];
    begin_row(book, row);
    if (book->row.status != TC_OK) {
        refuse_row(book, row, book->row.status, book->row.error.message);
        return;
    }
    tc_error error;
    struct clock clock = read_clock(&book->row.request);
    const tc_request *request = priced_request(book);
    tc_date day = request->field[TC_F_TIME].size ? clock.day : NO_DATE;
    tc_trade *trade = &row->fill.trade;
    tc_status status = clock.unreadable ? tc_resolve(trade, &error, book->c->book, request, &book->context)
                                        : memo_resolve(book->memo, trade, &error, book->c->book, request, &book->context, day);
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
    if (!book->in_hand && !(book->in_hand = next_row(book))) return NULL;
    arena_reset(&day->texts);
    duplicates_reset(&book->seen);
    book->last_order = (tc_text){0};
    day->count = day->trades = 0;
    day->date = NO_DATE;
    while (book->in_hand) {
        tc_date date = row_date(book);
        bool dated = date.day >= TC_DATE_MIN;
        if (dated && day->date.day >= TC_DATE_MIN && date.day != day->date.day) break;
        if (dated) day->date = date;
        add_row(book);
        book->in_hand = next_row(book);
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
