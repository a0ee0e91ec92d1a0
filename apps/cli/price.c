#include <stdlib.h>

#include "order.h"
#include "sorter.h"
#include "tradebook.h"

/* The columns behind those of the input. */
static const char *const resolved_names[] = {"date", "exchange", "segment", "instrument", "product", "plan"};
enum { RESOLVED = sizeof resolved_names / sizeof *resolved_names };
enum { COLUMNS_BEHIND_MAX = RESOLVED + 1 + AMOUNT_COUNT + 2 };

/* Fills of one kind follow each other, so that their resolved words are encoded once. */
struct resolved_key {
    int32_t day;
    uint16_t plan;
    uint8_t exchange, segment, instrument, product;
};
struct resolved_words {
    struct resolved_key key;
    tc_buffer cells;
};
enum { WORDS_KEPT = 64, SORT_MEMORY = 32 << 20 };

struct price_run {
    cli *c;
    tradebook *book;
    tc_day *day;
    sheet sheet;
    sheet_column *columns;
    size_t column_count, input_count;
    size_t **place;    /* of a file's column among the input columns; NULL: the same */
    tc_text *cells;    /* scratch: the input cells of a row in their places */
    bool with_delivery;
    number_style style;
    struct resolved_words words[WORDS_KEPT];
    sorter *waiting; /* rows that are not yet in the input's order */
    tc_buffer row, text;
};

/* Columns. */

static bool is_output_name(const char *name, bool with_delivery)
{
    for (size_t i = 0; i < RESOLVED; i++)
        if (!strcmp(name, resolved_names[i])) return true;
    for (size_t i = 0; i < AMOUNT_COUNT; i++)
        if (!strcmp(name, amount_name(i))) return true;
    return !strcmp(name, "flags") || !strcmp(name, "error") || (with_delivery && !strcmp(name, "delivery_quantity"));
}

static size_t find_input(const struct price_run *p, tc_text name)
{
    size_t i = 0;
    while (i < p->input_count && !tc_text_is(name, p->columns[i].name)) i++;
    return i;
}

static char *name_of(tc_text text)
{
    char *name = need_memory(NULL, text.size + 1, 1);
    if (text.size) memcpy(name, text.data, text.size);
    name[text.size] = '\0';
    return name;
}

/* Of several files, every column once, in the order of first appearance; a
 * name that a file has twice stays two columns. */
static void collect_inputs(struct price_run *p)
{
    size_t files = rows_file_count(tradebook_rows(p->book)), room = 0;
    p->place = need_memory(NULL, files, sizeof *p->place);
    for (size_t f = 0; f < files; f++) {
        size_t count, known = p->input_count;
        const tc_text *names = rows_file_columns(tradebook_rows(p->book), f, &count);
        p->place[f] = need_memory(NULL, count, sizeof **p->place);
        for (size_t i = 0; i < count; i++) {
            size_t at = f ? find_input(p, names[i]) : known + i;
            if (at >= p->input_count) {
                at = p->input_count;
                NEED_ROOM(p->columns, p->input_count, room);
                p->columns[p->input_count++] = (sheet_column){name_of(names[i]), false};
            }
            p->place[f][i] = at;
        }
    }
    p->columns = need_memory(p->columns, p->input_count + COLUMNS_BEHIND_MAX, sizeof *p->columns);
}

/* A clash gets the prefix in_, and once more while that clashes in its turn. */
static void rename_clashes(struct price_run *p)
{
    for (size_t i = 0; i < p->input_count; i++) {
        bool clashes = is_output_name(p->columns[i].name, p->with_delivery);
        while (clashes) {
            tc_buffer name = {0};
            buffer_print(&name, "in_%s", p->columns[i].name);
            clashes = find_input(p, (tc_text){name.data, name.size}) < p->input_count;
            free((char *)p->columns[i].name);
            p->columns[i].name = name_of((tc_text){name.data, name.size});
            tc_buffer_free(&name);
        }
    }
}

/* A table is for looking at: of the input it shows what names the trade. */
static const struct {
    const char *name;
    tc_field field;
    bool right;
} table_inputs[] = {
    {"symbol", TC_F_SYMBOL, false}, {"side", TC_F_SIDE, false},
    {"quantity", TC_F_QUANTITY, true}, {"price", TC_F_PRICE, true},
};
enum { TABLE_INPUTS = sizeof table_inputs / sizeof *table_inputs };

static void choose_table_inputs(struct price_run *p)
{
    p->columns = need_memory(NULL, TABLE_INPUTS + COLUMNS_BEHIND_MAX, sizeof *p->columns);
    for (size_t i = 0; i < TABLE_INPUTS; i++)
        p->columns[i] = (sheet_column){name_of(tc_text_of(table_inputs[i].name)), table_inputs[i].right};
    p->input_count = TABLE_INPUTS;
}

static void make_columns(struct price_run *p)
{
    if (p->c->format == FORMAT_TABLE) choose_table_inputs(p);
    else collect_inputs(p);
    rename_clashes(p);
    sheet_column *next = p->columns + p->input_count;
    for (size_t i = 0; i < RESOLVED; i++) *next++ = (sheet_column){resolved_names[i], false};
    if (p->with_delivery) *next++ = (sheet_column){"delivery_quantity", true};
    for (size_t i = 0; i < AMOUNT_COUNT; i++) *next++ = amount_column(i);
    *next++ = (sheet_column){"flags", false};
    *next++ = (sheet_column){"error", false};
    p->column_count = (size_t)(next - p->columns);
}

/* What is kept of a row until its date is priced: its own cells, encoded. */

static bool needs_no_quotes(tc_text cell)
{
    return !cell.size || (!memchr(cell.data, ',', cell.size) && !memchr(cell.data, '\n', cell.size));
}

/* Unquoted cells lie in memory as they are to be written, parted by single
 * commas: then the whole row is one copy. A quoted cell has at least its quote
 * before the next one begins; only the last cell must be looked into. */
static bool lie_together(const tc_row *row, tc_text *span)
{
    const tc_text *cell = row->cells, *last = &cell[row->cell_count - 1];
    for (; cell < last; cell++) {
        const char *end = cell->data + cell->size;
        if (!cell->data || cell[1].data != end + 1 || *end != ',') return false;
    }
    if (!last->data || !needs_no_quotes(*last)) return false;
    *span = (tc_text){row->cells[0].data, (size_t)(last->data + last->size - row->cells[0].data)};
    return !span->size || (!memchr(span->data, '"', span->size) && !memchr(span->data, '\r', span->size));
}

static void encode_table_cells(struct price_run *p, const tc_row *row)
{
    for (size_t i = 0; i < TABLE_INPUTS; i++)
        sheet_encode(&p->sheet, &p->text, i, row->request.field[table_inputs[i].field]);
}

/* Each cell in its place among the columns of all files. */
static void encode_cells(struct price_run *p, const tc_row *row, size_t file)
{
    size_t count;
    rows_file_columns(tradebook_rows(p->book), file, &count);
    memset(p->cells, 0, p->input_count * sizeof *p->cells);
    for (size_t i = 0; i < row->cell_count && i < count; i++) p->cells[p->place[file][i]] = row->cells[i];
    for (size_t i = 0; i < p->input_count; i++) sheet_encode(&p->sheet, &p->text, i, p->cells[i]);
}

static tc_text keep_cells(void *context, arena *texts, const tc_row *row, size_t file)
{
    struct price_run *p = context;
    tc_text span;
    bool whole = p->c->format == FORMAT_CSV && !file && row->cell_count == p->input_count;
    if (whole && row->cell_count && lie_together(row, &span)) return arena_text(texts, span);
    p->text.size = 0;
    if (p->c->format == FORMAT_TABLE) encode_table_cells(p, row);
    else encode_cells(p, row, file);
    return arena_text(texts, (tc_text){p->text.data, p->text.size});
}

/* Rows. */

static void encode_resolved(struct price_run *p, tc_buffer *to, const struct resolved_key *key)
{
    size_t column = p->input_count;
    char date[TC_DATE_TEXT_SIZE];
    tc_date_format(date, (tc_date){key->day});
    const char *const words[RESOLVED] = {
        date, tc_word(TC_SEL_EXCHANGE, key->exchange), tc_word(TC_SEL_SEGMENT, key->segment),
        tc_word(TC_SEL_INSTRUMENT, key->instrument),
        product_word(key->product),
        tc_book_plan(p->c->book, key->plan).id};
    to->size = 0;
    for (size_t i = 0; i < RESOLVED; i++) sheet_encode(&p->sheet, to, column++, tc_text_of(words[i]));
}

static tc_text resolved_cells(struct price_run *p, const tc_trade *trade, uint8_t product)
{
    struct resolved_key key = {trade->date.day, trade->plan, trade->sel[TC_SEL_EXCHANGE],
                               trade->sel[TC_SEL_SEGMENT], trade->sel[TC_SEL_INSTRUMENT], product};
    struct resolved_words *kept = &p->words[text_hash(3, &key, sizeof key) % WORDS_KEPT];
    if (!kept->cells.size || memcmp(&kept->key, &key, sizeof key)) {
        kept->key = key;
        encode_resolved(p, &kept->cells, &key);
    }
    return (tc_text){kept->cells.data, kept->cells.size};
}

static void put_resolved(struct price_run *p, const trade_row *row, const tc_fill_cost *answer)
{
    char quantity[NUMBER_SIZE];
    size_t cells = RESOLVED + p->with_delivery;
    if (row->status != TC_OK && row->status != TC_DUPLICATE) {
        while (cells--) sheet_plain(&p->sheet, "", 0);
        return;
    }
    uint8_t product = answer ? answer->product : row->fill.trade.sel[TC_SEL_PRODUCT];
    sheet_encoded(&p->sheet, resolved_cells(p, &row->fill.trade, product), RESOLVED);
    if (!p->with_delivery) return;
    tc_text delivered = answer ? decimal_text(quantity, answer->delivery_quantity.micros) : (tc_text){0};
    sheet_plain(&p->sheet, delivered.data, delivered.size);
}

static void put_refusal(struct price_run *p, const trade_row *row, const tc_fill_cost *answer)
{
    if (row->status != TC_OK) {
        sheet_text(&p->sheet, row->message);
        return;
    }
    p->text.size = 0;
    refusal_text(&p->text, answer->status, answer->reason);
    sheet_text(&p->sheet, (tc_text){p->text.data, p->text.size});
}

static void put_row(struct price_run *p, const trade_row *row, const tc_fill_cost *answer)
{
    sheet *s = &p->sheet;
    sheet_encoded(s, row->kept, p->input_count);
    put_resolved(p, row, answer);
    if (answer && answer->status == TC_OK) {
        sheet_cost(s, &answer->cost, p->style);
        sheet_flags(s, answer->cost.flags);
        sheet_plain(s, "", 0);
    } else {
        sheet_no_amounts(s);
        sheet_plain(s, "", 0);
        put_refusal(p, row, answer);
    }
    sheet_end_row(s);
}

static void put_day(struct price_run *p, const trade_day *trades)
{
    const tc_fill_cost *answers = day_price(p->book, p->day, trades, NULL);
    for (size_t i = 0; i < trades->count; i++) {
        const trade_row *row = &trades->rows[i];
        put_row(p, row, row->status == TC_OK ? &answers[row->answer] : NULL);
        if (!p->waiting) continue;
        sorter_add(p->waiting, (sort_key){0, row->number}, (tc_text){p->row.data, p->row.size});
        p->row.size = 0;
    }
}

/* Rows that were priced in the order of their dates go back to their places. */
static void put_waiting(struct price_run *p)
{
    tc_text row;
    while (sorter_next(p->waiting, &row)) sheet_add_row(&p->sheet, row);
    sorter_free(p->waiting);
}

static void run_book(struct price_run *p)
{
    const trade_day *trades;
    make_columns(p);
    p->cells = need_memory(NULL, p->input_count + 1, sizeof *p->cells);
    sheet_open(&p->sheet, &p->c->out, p->c->format, p->columns, p->column_count);
    if (rows_sorted(tradebook_rows(p->book))) {
        p->waiting = sorter_new(SORT_MEMORY);
        sheet_divert(&p->sheet, &p->row);
    }
    while ((trades = tradebook_next(p->book))) put_day(p, trades);
    if (p->waiting) put_waiting(p);
    sheet_close(&p->sheet);
}

static void clean_up(struct price_run *p)
{
    for (size_t i = 0; i < p->input_count; i++) free((char *)p->columns[i].name);
    for (size_t f = 0; p->place && f < rows_file_count(tradebook_rows(p->book)); f++) free(p->place[f]);
    for (size_t i = 0; i < WORDS_KEPT; i++) tc_buffer_free(&p->words[i].cells);
    tc_buffer_free(&p->row);
    tc_buffer_free(&p->text);
    free(p->columns);
    free(p->place);
    free(p->cells);
}

void run_price(cli *c)
{
    struct price_run p = {.c = c, .style = number_style_of(c->pricing.level),
                          .with_delivery = c->args.value[OPT_DELIVERY_QUANTITY] != NULL};
    const tradebook_options options = {.keep = keep_cells, .context = &p};
    p.book = tradebook_open(c, c->args.operands, c->args.operand_count, &options);
    if (!p.book) return;
    p.day = new_day(c);
    run_book(&p);
    clean_up(&p);
    tc_day_free(p.day);
    tradebook_close(p.book);
}
