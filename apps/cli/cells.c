#include "cells.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "text/csv.h"
#include "text/input.h"

static void keep_row(cells *t, size_t *room, const tc_csv_row *row)
{
    size_t at = t->columns ? 1 + t->rows : 0;
    if (!t->columns) t->columns = row->count;
    if (at + 1 >= *room) {
        *room = *room ? 2 * *room : 64;
        t->cell = need_memory(t->cell, *room * t->columns, sizeof *t->cell);
        t->line = need_memory(t->line, *room, sizeof *t->line);
    }
    for (size_t i = 0; i < t->columns; i++)
        t->cell[at * t->columns + i] = i < row->count ? arena_text(&t->text, tc_trim(row->cells[i])) : (tc_text){0};
    t->line[at] = row->line;
    t->rows = at;
}

static bool read_rows(cells *t, tc_csv *csv, size_t rows_max)
{
    tc_csv_row row;
    tc_error error = {0};
    bool end;
    size_t room = 0;
    tc_status status;
    while ((status = tc_csv_next(csv, &row, &end, &error)) == TC_OK && !end) {
        if (row.count == 1 && !tc_trim(row.cells[0]).size) continue; /* an empty line */
        if (t->columns && t->rows == rows_max) status = tc_fail(&error, TC_LIMIT, "", "more than %zu rows", rows_max);
        if (t->columns && row.count != t->columns) status = tc_fail(&error, TC_BAD_ROW, "", "%zu cells, not %zu", row.count, t->columns);
        if (status) break;
        keep_row(t, &room, &row);
    }
    if (status == TC_BAD_ROW || status == TC_LIMIT) error.line = row.line;
    if (!status && !t->columns) status = tc_fail(&error, TC_BAD_FORMAT, "", "it is empty");
    if (status) complain_file(t->c, t->path, status, &error);
    return !status;
}

bool cells_read(cli *c, cells *t, const char *path, size_t rows_max)
{
    tc_input input;
    tc_error error = {0};
    tc_csv *csv;
    *t = (cells){.c = c, .path = path};
    tc_status status = tc_input_open(&input, &error, path);
    if (status) {
        complain_file(c, path, status, &error);
        return false;
    }
    if (tc_csv_new(&csv, tc_input_read, &input)) no_memory();
    bool read = read_rows(t, csv, rows_max);
    tc_csv_free(csv);
    tc_input_close(&input);
    return read;
}

void cells_free(cells *t)
{
    free(t->cell);
    free(t->line);
    arena_free(&t->text);
    *t = (cells){0};
}

int cells_column(const cells *t, const char *name)
{
    for (size_t i = 0; i < t->columns; i++)
        if (tc_text_same(t->cell[i], name)) return (int)i;
    return -1;
}

int cells_need_column(const cells *t, const char *name)
{
    int column = cells_column(t, name);
    if (column < 0) complain_at(t->c, exit_status_of(TC_BAD_FORMAT), t->path, t->line[0], "%s: no column %s", tc_status_code(TC_BAD_FORMAT), name);
    return column;
}

tc_text cells_at(const cells *t, size_t row, int column)
{
    return t->cell[(row + 1) * t->columns + (size_t)column];
}

void cells_refuse(const cells *t, size_t row, const char *text, ...)
{
    char message[256];
    va_list values;
    va_start(values, text);
    vsnprintf(message, sizeof message, text, values);
    va_end(values);
    complain_at(t->c, exit_status_of(TC_BAD_VALUE), t->path, t->line[row + 1], "%s: %s", tc_status_code(TC_BAD_VALUE), message);
}

bool cells_real(const cells *t, size_t row, int column, double *value)
{
    char text[64] = "", *end = text;
    tc_text cell = cells_at(t, row, column), name = t->cell[column];
    if (cell.size < sizeof text) {
        if (cell.size) memcpy(text, cell.data, cell.size);
        text[cell.size < sizeof text ? cell.size : 0] = '\0';
        *value = strtod(text, &end);
    }
    if (end != text && !*end && isfinite(*value)) return true;
    cells_refuse(t, row, "%.*s: \"%.*s\" is no number", (int)(name.size < 60 ? name.size : 60), name.data, (int)(cell.size < 60 ? cell.size : 60), cell.size ? cell.data : "");
    return false;
}
