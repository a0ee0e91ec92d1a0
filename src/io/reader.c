#include "reader.h"

#include <stdlib.h>

#include "text/input.h"
#include "mapping.h"
#include "symbol.h"
#include "text/csv.h"
#include "xlsx.h"

enum {
    PREAMBLE_ROWS = 64,            /* the header is one of the first rows */
    PIPED_WORKBOOK_MAX = 64 << 20  /* a ZIP's directory is at its end: pipes are kept in memory */
};

struct tc_reader {
    tc_input input;
    tc_csv *csv;
    tc_xlsx *xlsx;
    char *piped;
    tc_reader_options options;

    const tc_format *format;
    bool verbatim;                      /* canonical CSV: cells are fields, as they are */
    int field_of[TC_CSV_CELLS_MAX];     /* of canonical columns, -1: none */
    tc_mapping mapping;
    tc_text columns[TC_CSV_CELLS_MAX];
    size_t column_count, named_count; /* without unnamed columns at the end */
    char *column_text;

    uint64_t number, skipped;
    /* the current line */
    const tc_text *cells;
    size_t cell_count;
    uint32_t line;
    tc_text padded[TC_CSV_CELLS_MAX];
};

/* --- lines, from either kind of file --- */

/* TC_BAD_ROW: this line cannot be read, the next may. */
static tc_status next_line(tc_reader *reader, bool *end, tc_error *error)
{
    reader->cell_count = 0;
    *end = false;
    if (reader->xlsx)
        return tc_xlsx_next(reader->xlsx, &reader->cells, &reader->cell_count, &reader->line, end, error);
    tc_csv_row row = {0};
    tc_status status = tc_csv_next(reader->csv, &row, end, error);
    reader->cells = row.cells;
    reader->cell_count = row.count;
    reader->line = row.line;
    return status;
}

static bool is_blank_line(const tc_reader *reader)
{
    if (reader->cell_count && reader->cells[0].size > 1) return false;
    for (size_t i = 0; i < reader->cell_count; i++)
        if (tc_trim(reader->cells[i]).size) return false;
    return true;
}

/* --- the header --- */

static tc_status keep_columns(tc_reader *reader)
{
    size_t size = 0, used = 0;
    for (size_t i = 0; i < reader->cell_count; i++) size += tc_trim(reader->cells[i]).size;
    reader->column_text = malloc(size + 1);
    if (!reader->column_text) return TC_NO_MEMORY;
    for (size_t i = 0; i < reader->cell_count; i++) {
        tc_text name = tc_trim(reader->cells[i]);
        reader->columns[i] = (tc_text){reader->column_text + used, name.size};
        if (name.size) memcpy(reader->column_text + used, name.data, name.size);
        used += name.size;
        if (name.size) reader->named_count = i + 1;
    }
    reader->column_count = reader->cell_count;
    return TC_OK;
}

/* Which field each column is; two columns of one field would leave a choice. */
static tc_status bind_canonical(tc_reader *reader, tc_error *error)
{
    const tc_column_map *columns = reader->format->columns;
    for (size_t i = 0; i < reader->column_count; i++) {
        char normal[TC_HEADER_SIZE], each[TC_HEADER_SIZE];
        tc_header_normalise(normal, reader->columns[i]);
        reader->field_of[i] = -1;
        for (int j = 0; columns[j].header; j++) {
            tc_header_normalise(each, tc_text_of(columns[j].header));
            if (strcmp(normal, each) != 0) continue;
            if (reader->mapping.cell_of[j] != (int)i)
                return tc_fail(error, TC_BAD_FORMAT, columns[j].header, "the header has the column %s twice", columns[j].header);
            reader->field_of[i] = columns[j].field;
        }
    }
    return TC_OK;
}

static tc_status bind(tc_reader *reader, const tc_format *format, tc_error *error)
{
    tc_status status = keep_columns(reader);
    if (status != TC_OK) return status;
    reader->format = format;
    reader->verbatim = format->canonical && reader->csv;
    tc_mapping_bind(&reader->mapping, format, reader->columns, reader->column_count,
                    reader->xlsx && tc_xlsx_date1904(reader->xlsx));
    return format->canonical ? bind_canonical(reader, error) : TC_OK;
}

/* Looks for a header among the first lines. `found` false and TC_OK: none here;
 * `missing` then says what the likeliest line lacks to be a tradebook. */
static tc_status find_header_line(tc_reader *reader, bool *found, char *missing, size_t size, tc_error *error)
{
    size_t most = 2;
    *found = false;
    for (int i = 0; i < PREAMBLE_ROWS; i++) {
        bool end;
        tc_status status = next_line(reader, &end, error);
        if (status == TC_BAD_ROW) continue;
        if (status != TC_OK || end) return status;
        const tc_format *format = tc_format_recognise(reader->cells, reader->cell_count, reader->options.given,
                                                      reader->options.charges);
        if (format) {
            *found = true;
            return bind(reader, format, error);
        }
        char lacks[160];
        size_t present = tc_format_missing(lacks, sizeof lacks, reader->cells, reader->cell_count, reader->options.given);
        if (present < most) continue;
        most = present + 1;
        memcpy(missing, lacks, size < sizeof lacks ? size : sizeof lacks);
    }
    return TC_OK;
}

static tc_status no_header(const char *missing, tc_error *error)
{
    if (*missing) return tc_fail(error, TC_BAD_FORMAT, "", "required columns are missing: %s", missing);
    return tc_fail(error, TC_BAD_FORMAT, "",
                   "not a tradebook: no header with exchange, symbol, side, quantity, price and date, "
                   "nor one of a known export, in the first %d rows", PREAMBLE_ROWS);
}

static tc_status open_table(tc_reader *reader, tc_error *error)
{
    char missing[160] = "";
    bool found;
    tc_status status = tc_csv_new(&reader->csv, tc_input_read, &reader->input);
    if (status != TC_OK) return status;
    status = find_header_line(reader, &found, missing, sizeof missing, error);
    if (status != TC_OK || found) return status;
    return no_header(missing, error);
}

static tc_status open_workbook(tc_reader *reader, tc_error *error)
{
    char missing[160] = "";
    tc_status status;
    if (reader->input.seekable) {
        status = tc_xlsx_open_file(&reader->xlsx, error, reader->input.fd);
    } else {
        size_t size;
        status = tc_input_all(&reader->input, &reader->piped, &size, PIPED_WORKBOOK_MAX, error);
        if (status == TC_OK) status = tc_xlsx_open_bytes(&reader->xlsx, error, reader->piped, size);
    }
    for (size_t i = 0; status == TC_OK && i < tc_xlsx_sheet_count(reader->xlsx); i++) {
        bool found;
        status = tc_xlsx_sheet(reader->xlsx, i, error);
        if (status == TC_OK) status = find_header_line(reader, &found, missing, sizeof missing, error);
        if (status != TC_OK || found) return status;
    }
    return status == TC_OK ? no_header(missing, error) : status;
}

/* What people take for a tradebook, and what to do about it. */
static const struct {
    const char *magic;
    size_t size;
    const char *advice;
} others[] = {
    {"\xD0\xCF\x11\xE0", 4, "an old .xls or a workbook with a password: save it as .xlsx or .csv without one"},
    {"\x1F\x8B", 2, "compressed: unpack it first (gunzip)"},
    {"%PDF", 4, "a PDF: only tables can be read"},
    {"<", 1, "HTML or XML: only CSV and XLSX can be read"},
    {"\xEF\xBB\xBF<", 4, "HTML or XML: only CSV and XLSX can be read"},
};

static tc_status open_content(tc_reader *reader, tc_error *error)
{
    const tc_input *input = &reader->input;
    if (!input->head_size) return tc_fail(error, TC_BAD_FORMAT, "", "the file is empty");
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (input->head_size >= others[i].size && memcmp(input->head, others[i].magic, others[i].size) == 0)
            return tc_fail(error, TC_BAD_FORMAT, "", "%s", others[i].advice);
    bool packed = input->head_size >= 4 && memcmp(input->head, "PK\3\4", 4) == 0;
    return packed ? open_workbook(reader, error) : open_table(reader, error);
}

tc_status tc_reader_open_input(tc_reader **opened, tc_error *error, tc_input *input,
                               const tc_reader_options *options)
{
    tc_reader *reader = calloc(1, sizeof *reader);
    if (!reader) {
        tc_input_close(input);
        return tc_fail(error, TC_NO_MEMORY, "", "%s", "");
    }
    reader->input = *input;
    reader->options = *options;
    tc_status status = open_content(reader, error);
    reader->options.given = NULL; /* borrowed for the header only */
    if (status != TC_OK) {
        if (status == TC_NO_MEMORY) tc_fail(error, status, "", "%s", "");
        tc_reader_close(reader);
        return status;
    }
    *opened = reader;
    return TC_OK;
}

tc_status tc_reader_open_with(tc_reader **reader, tc_error *error, const char *path,
                              const tc_reader_options *options)
{
    tc_input input;
    tc_status status = tc_input_open(&input, error, path);
    return status == TC_OK ? tc_reader_open_input(reader, error, &input, options) : status;
}

tc_status tc_reader_open(tc_reader **reader, tc_error *error, const char *path)
{
    const tc_reader_options options = {0};
    return tc_reader_open_with(reader, error, path, &options);
}

void tc_reader_close(tc_reader *reader)
{
    if (!reader) return;
    tc_csv_free(reader->csv);
    tc_xlsx_close(reader->xlsx);
    tc_input_close(&reader->input);
    free(reader->piped);
    free(reader->column_text);
    free(reader);
}

/* --- rows --- */

static void refuse_row(const tc_reader *reader, tc_row *row, tc_status status)
{
    row->status = status;
    row->error.status = status;
    row->error.row = row->number;
    row->error.line = reader->line;
}

static void begin_row(const tc_reader *reader, tc_row *row)
{
    row->number = reader->number;
    row->line = reader->line;
    row->cells = reader->cells;
    row->cell_count = reader->cell_count;
    row->order_unknown = row->charges_only = false;
    row->status = TC_OK;
    row->error.status = TC_OK;
    memset(&row->request, 0, sizeof row->request);
    memset(row->charge, 0, sizeof row->charge);
    memset(row->charge_covers, 0, sizeof row->charge_covers);
}

/* Short rows of exports end in cells that a spreadsheet left away; long ones in
 * empty cells. The caller sees as many cells as there are columns. */
static void fit_cells(tc_reader *reader, tc_row *row)
{
    if (row->cell_count < reader->column_count) {
        memcpy(reader->padded, row->cells, row->cell_count * sizeof *row->cells);
        memset(reader->padded + row->cell_count, 0, (reader->column_count - row->cell_count) * sizeof *row->cells);
        row->cells = reader->padded;
    }
    row->cell_count = reader->column_count;
}

/* A canonical row has exactly the header's cells: one that is cut short, or
 * shifted by a stray comma, must not be priced. */
static bool is_misshapen(const tc_reader *reader, tc_row *row)
{
    size_t count = row->cell_count;
    while (count > reader->column_count && !tc_trim(row->cells[count - 1]).size) count--;
    if (count <= reader->column_count && (count >= reader->named_count || reader->xlsx)) return false;
    tc_fail(&row->error, TC_BAD_ROW, "", "%zu cells, but the header has %zu", count, reader->named_count);
    refuse_row(reader, row, TC_BAD_ROW);
    return true;
}

static void map_verbatim(tc_reader *reader, tc_row *row)
{
    for (size_t i = 0; i < reader->column_count; i++)
        if (reader->field_of[i] >= 0) row->request.field[reader->field_of[i]] = tc_trim(row->cells[i]);
    reader->mapping.scratch = (tc_scratch){reader->mapping.room, sizeof reader->mapping.room};
    tc_symbol_fill(&row->request, &reader->mapping.scratch);
}

/* False: nothing for the caller in this line. */
static bool take_line(tc_reader *reader, tc_row *row)
{
    begin_row(reader, row);
    bool misshapen = reader->format->canonical && is_misshapen(reader, row);
    tc_row_kind kind = TC_ROW_FILL;
    if (misshapen) {
        ;
    } else if (reader->verbatim) {
        map_verbatim(reader, row);
    } else {
        kind = tc_mapping_row(&reader->mapping, row, row->cells, row->cell_count);
        if (row->status != TC_OK) refuse_row(reader, row, row->status);
    }
    fit_cells(reader, row);
    row->charges_only = kind == TC_ROW_CHARGES;
    reader->number += kind != TC_ROW_NOTHING;
    row->number = row->error.row = reader->number;
    if (kind == TC_ROW_FILL || (kind == TC_ROW_CHARGES && reader->options.charges)) return true;
    reader->skipped += kind != TC_ROW_NOTHING;
    return false;
}

tc_status tc_reader_next(tc_reader *reader, tc_row *row, bool *end, tc_error *error)
{
    if (reader->mapping.second) {
        *end = false;
        begin_row(reader, row);
        fit_cells(reader, row);
        tc_mapping_second(&reader->mapping, row);
        if (row->status != TC_OK) refuse_row(reader, row, row->status);
        return TC_OK;
    }
    for (;;) {
        tc_error why;
        tc_status status = next_line(reader, end, &why);
        if (status == TC_BAD_ROW) {
            reader->number++;
            begin_row(reader, row);
            row->error = why;
            fit_cells(reader, row);
            refuse_row(reader, row, status);
            return TC_OK;
        }
        if (status != TC_OK && error) *error = why;
        if (status != TC_OK || *end) return status;
        if (!is_blank_line(reader) && take_line(reader, row)) return TC_OK;
    }
}

const char *tc_reader_format(const tc_reader *reader)
{
    return reader->xlsx ? reader->format->xlsx_name : reader->format->csv_name;
}

const char *tc_reader_broker(const tc_reader *reader) { return reader->format->broker; }

const tc_text *tc_reader_columns(const tc_reader *reader, size_t *count)
{
    *count = reader->column_count;
    return reader->columns;
}

bool tc_reader_has(const tc_reader *reader, tc_field field) { return reader->mapping.has[field]; }
uint64_t tc_reader_skipped(const tc_reader *reader) { return reader->skipped; }

uint64_t tc_reader_bytes(const tc_reader *reader)
{
    return reader->xlsx ? tc_xlsx_bytes(reader->xlsx) : reader->input.bytes;
}

uint64_t tc_reader_bytes_total(const tc_reader *reader)
{
    return reader->xlsx ? tc_xlsx_bytes_total(reader->xlsx) : reader->input.bytes_total;
}
