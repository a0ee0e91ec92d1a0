#include <libsmartcols/libsmartcols.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli.h"
#include "output.h"

/* How many rows a table holds before it is printed: its widths are those of
 * these rows, and memory stays bounded. */
enum { TABLE_ROWS_MAX = 2000 };

static struct libscols_table *new_table(const sheet *s)
{
    struct libscols_table *table = scols_new_table();
    if (!table) no_memory();
    scols_table_enable_colors(table, s->out->color);
    for (size_t i = 0; i < s->columns; i++) {
        struct libscols_column *column =
            scols_table_new_column(table, s->column[i].name, 0, s->column[i].right ? SCOLS_FL_RIGHT : 0);
        if (!column) no_memory();
        if (s->out->color) scols_cell_set_color(scols_column_get_header(column), "bold");
    }
    return table;
}

/* A table that runs past the terminal's edge is still better than one cut off. */
static void print_table(sheet *s)
{
    char *text = NULL;
    struct libscols_table *table = s->table;
    if (s->table_rows) {
        scols_table_set_termforce(table, SCOLS_TERMFORCE_NEVER);
        if (scols_print_table_to_string(table, &text)) no_memory();
        buffer_string(&s->out->text, text);
        buffer_char(&s->out->text, '\n');
        free(text);
        scols_table_remove_lines(table);
    }
    s->table_rows = 0;
    output_some(s->out);
}

static void add_table_row(sheet *s, tc_text row)
{
    struct libscols_line *line = scols_table_new_line(s->table, NULL);
    if (!line) no_memory();
    const char *cell = row.data;
    for (size_t i = 0; i < s->columns; i++, cell += strlen(cell) + 1)
        if (scols_line_set_data(line, i, cell)) no_memory();
    if (++s->table_rows == TABLE_ROWS_MAX) print_table(s);
}

/* `{"date":` or `,"client":`, once for all rows. */
static void make_keys(sheet *s)
{
    s->keys = need_memory(NULL, s->columns, sizeof *s->keys);
    size_t *begin = need_memory(NULL, s->columns + 1, sizeof *begin);
    for (size_t i = 0; i < s->columns; i++) {
        begin[i] = s->key_text.size;
        buffer_char(&s->key_text, i ? ',' : '{');
        json_text_value(&s->key_text, tc_text_of(s->column[i].name));
        buffer_char(&s->key_text, ':');
    }
    begin[s->columns] = s->key_text.size;
    for (size_t i = 0; i < s->columns; i++)
        s->keys[i] = (tc_text){s->key_text.data + begin[i], begin[i + 1] - begin[i]};
    free(begin);
}

static void write_header(sheet *s)
{
    for (size_t i = 0; i < s->columns; i++) sheet_encode(s, &s->out->text, i, tc_text_of(s->column[i].name));
    buffer_char(&s->out->text, '\n');
}

void sheet_open(sheet *s, output *out, sheet_format f, const sheet_column *column, size_t columns)
{
    *s = (sheet){.out = out, .to = &out->text, .format = f, .columns = columns, .column = column};
    switch (f) {
    case FORMAT_TABLE:
        s->table = new_table(s);
        s->to = &s->row;
        break;
    case FORMAT_CSV:
        write_header(s);
        break;
    default:
        make_keys(s);
        break;
    }
}

void sheet_close(sheet *s)
{
    if (s->format == FORMAT_TABLE) {
        print_table(s);
        scols_unref_table(s->table);
    }
    if (s->format == FORMAT_JSON) buffer_string(&s->out->text, s->rows ? "\n]\n" : "[]\n");
    free(s->keys);
    tc_buffer_free(&s->key_text);
    tc_buffer_free(&s->row);
}

static const char csv_special[256] = {['"'] = 1, [','] = 1, ['\r'] = 1, ['\n'] = 1};

static bool csv_plain(tc_text text)
{
    for (size_t i = 0; i < text.size; i++)
        if (csv_special[(unsigned char)text.data[i]]) return false;
    return true;
}

static void csv_encode(tc_buffer *to, tc_text text)
{
    if (csv_plain(text)) {
        buffer_add(to, text.data, text.size);
        return;
    }
    buffer_char(to, '"');
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '"') buffer_char(to, '"');
        buffer_char(to, text.data[i]);
    }
    buffer_char(to, '"');
}

/* Control characters would break a table's lines; NUL would end the cell. */
static void table_encode(tc_buffer *to, tc_text text)
{
    char *cell = buffer_need(to, text.size + 1);
    for (size_t i = 0; i < text.size; i++)
        cell[i] = (unsigned char)text.data[i] < ' ' ? ' ' : text.data[i];
    cell[text.size] = '\0';
    to->size += text.size + 1;
}

void sheet_encode(const sheet *s, tc_buffer *to, size_t column, tc_text text)
{
    switch (s->format) {
    case FORMAT_TABLE:
        table_encode(to, text);
        break;
    case FORMAT_CSV:
        if (column) buffer_char(to, ',');
        csv_encode(to, text);
        break;
    default:
        buffer_add(to, s->keys[column].data, s->keys[column].size);
        json_text_value(to, text);
        break;
    }
}

/* The rows of an array are parted by commas, which belong to no row. */
static void part_rows(sheet *s)
{
    if (s->format == FORMAT_JSON) buffer_string(&s->out->text, s->rows ? ",\n" : "[\n");
    s->rows++;
}

static void begin_cell(sheet *s)
{
    if (!s->next && s->to == &s->out->text) part_rows(s);
}

void sheet_text(sheet *s, tc_text text)
{
    begin_cell(s);
    sheet_encode(s, s->to, s->next++, text);
}

void sheet_string(sheet *s, const char *string)
{
    sheet_text(s, tc_text_of(string));
}

char *sheet_begin_plain(sheet *s, size_t room)
{
    begin_cell(s);
    size_t column = s->next++;
    if (s->format == FORMAT_CSV) {
        if (column) buffer_char(s->to, ',');
    } else if (s->format != FORMAT_TABLE) {
        buffer_add(s->to, s->keys[column].data, s->keys[column].size);
        buffer_char(s->to, '"');
    }
    return buffer_need(s->to, room);
}

void sheet_end_plain(sheet *s, size_t size)
{
    s->to->size += size;
    if (s->format != FORMAT_CSV) buffer_char(s->to, s->format == FORMAT_TABLE ? '\0' : '"');
}

void sheet_real(sheet *s, double value)
{
    char text[NUMBER_SIZE];
    size_t size = number_real(text, value);
    if (s->format == FORMAT_TABLE || s->format == FORMAT_CSV) {
        sheet_plain(s, text, size);
        return;
    }
    begin_cell(s);
    buffer_add(s->to, s->keys[s->next].data, s->keys[s->next].size);
    if (isfinite(value)) buffer_add(s->to, text, size);
    else buffer_string(s->to, "null");
    s->next++;
}

void sheet_plain(sheet *s, const char *text, size_t size)
{
    char *to = sheet_begin_plain(s, size);
    if (size) memcpy(to, text, size);
    sheet_end_plain(s, size);
}

void sheet_count(sheet *s, uint64_t count)
{
    char text[NUMBER_SIZE];
    sheet_plain(s, text, number_write(text, count, 0, 0));
}

void sheet_encoded(sheet *s, tc_text cells, size_t count)
{
    begin_cell(s);
    buffer_add(s->to, cells.data, cells.size);
    s->next += count;
}

void sheet_add_row(sheet *s, tc_text row)
{
    if (s->format == FORMAT_TABLE) {
        add_table_row(s, row);
        return;
    }
    part_rows(s);
    buffer_add(&s->out->text, row.data, row.size);
    if (s->format != FORMAT_JSON) buffer_char(&s->out->text, '\n');
    output_some(s->out);
}

void sheet_divert(sheet *s, tc_buffer *to)
{
    s->to = to;
}

void sheet_end_row(sheet *s)
{
    s->next = 0;
    if (s->format == FORMAT_JSON || s->format == FORMAT_NDJSON) buffer_char(s->to, '}');
    if (s->to == &s->row) {
        add_table_row(s, (tc_text){s->row.data, s->row.size});
        s->row.size = 0;
    } else if (s->to == &s->out->text) {
        if (s->format != FORMAT_JSON) buffer_char(s->to, '\n');
        output_some(s->out);
    }
}
