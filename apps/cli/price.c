#include <stdlib.h>

#include "sorter.h"
#include "tradebook.h"

/* The columns behind those of the input. */
static const char *const resolved_names[] = {"date", "exchange", "segment", "instrument", "product", "plan"};
enum { RESOLVED = sizeof resolved_names / sizeof *resolved_names, COLUMNS_BEHIND_MAX = RESOLVED + 1 + AMOUNT_COUNT + 2 };

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
enum { WORDS_KEPT = 64, SORT_MEMORY = 64 << 20 };

struct price_run {
    cli *c;
    tradebook *book;
    tc_day *day;
    sheet sheet;
    sheet_column *columns;
    size_t column_count, input_count;
    size_t **place;    /* of a file's column among the input columns; NULL: the same */
    tc_text **cell_at; /* scratch: the input cells of a row in their places */
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
    size_t files = tradebook_files(p->book), room = 0;
    p->place = need_memory(NULL, files, sizeof *p->place);
    for (size_t f = 0; f < files; f++) {
        size_t count, known = p->input_count;
        const tc_text *names = tradebook_columns(p->book, f, &count);
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
    for (size_t i = 0; i < RESOLVED; i++) {
        *next++ = (sheet_column){resolved_names[i], false};
        if (p->with_delivery && !strcmp(resolved_names[i], "product"))
            *next++ = (sheet_column){"delivery_quantity", true};
    }
    for (size_t i = 0; i < AMOUNT_COUNT; i++) *next++ = amount_column(i);
    *next++ = (sheet_column){"flags", false};
    *next++ = (sheet_column){"error", false};
    p->column_count = (size_t)(next - p->columns);
}

/* What is kept of a row until its date is priced: its own cells, encoded. */

/* Unquoted cells lie in the file as they are to be written: parted by single
 * commas, with nothing in them that asks for quotes. */
static bool lie_together(const tc_row *row, tc_text *span)
{
    const tc_text *cell = row->cells;
    for (size_t i = 0; i + 1 < row->cell_count; i++) {
        const char *end = cell[i].data + cell[i].size;
        if (cell[i + 1].data != end + 1 || *end != ',') return false;
    }
    const tc_text *last = &cell[row->cell_count - 1];
    *span = (tc_text){cell[0].data, (size_t)(last->data + last->size - cell[0].data)};
    return !memchr(span->data, '"', span->size) && !memchr(span->data, '\r', span->size);
}

static void encode_cells(struct price_run *p, const tc_row *row, size_t file)
{
    size_t count = row->cell_count;
    tc_text *cells = need_memory(p->cell_at ? *p->cell_at : NULL, p->input_count + 1, sizeof *cells);
    (void)count;
    (void)file;
    free(cells);
}

static tc_text keep_cells(void *context, arena *texts, const tc_row *row, size_t file)
{
    (void)context; (void)texts; (void)row; (void)file;
    encode_cells(context, row, file);
    return (tc_text){0};
}
