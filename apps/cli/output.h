/* output.h - where results go, and rows in four formats. */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <stdbool.h>

#include "memory.h"
#include "number.h"

/* Any command that prints rows knows the plain ones; pages and pictures are for those whose row in the table says so. */
#define FORMATS(X)                                                                                       \
    X(FORMAT_TABLE, "table") X(FORMAT_CSV, "csv") X(FORMAT_JSON, "json") X(FORMAT_NDJSON, "ndjson") \
    X(FORMAT_HTML, "html") X(FORMAT_SVG, "svg")
#define PLAIN_FORMATS "table csv json ndjson"
#define AS_ENUM(name, word) name,
typedef enum { FORMATS(AS_ENUM) FORMAT_COUNT } sheet_format;
#undef AS_ENUM

/* Standard output, or a file that takes its name only when it is whole. A
 * standard output that its reader has closed ends the program with status 0. */
typedef struct {
    tc_buffer text; /* not yet written */
    int fd;
    const char *path; /* NULL: standard output */
    bool color;
} output;

void output_open(output *out, const char *path);
bool output_is_terminal(const output *out);
void output_flush(output *out);
void output_close(output *out);
/* Removes an unfinished --output; safe in a signal handler. */
void output_abandon(void);

static inline void output_some(output *out)
{
    enum { WRITE_SIZE = 1 << 20 };
    if (out->text.size >= WRITE_SIZE) output_flush(out);
}

/* Rows of named columns. Cells are given from left to right and go straight
 * into a buffer in the format's own encoding, so that a cell encoded earlier
 * can be put in as it is. */
typedef struct {
    const char *name;
    bool right; /* aligned to the right in tables */
} sheet_column;

typedef struct {
    output *out;
    tc_buffer *to;            /* where cells go: out->text, or the row's own */
    sheet_format format;
    size_t columns, next;  /* next: the cell to come */
    const sheet_column *column;
    tc_text *keys;         /* JSON: `"name":` with what stands before it */
    tc_buffer row;            /* table: cells of a row, each ended by NUL */
    tc_buffer key_text;
    void *table;
    size_t table_rows;
    uint64_t rows;
} sheet;

void sheet_open(sheet *s, output *out, sheet_format f, const sheet_column *column, size_t columns);
void sheet_close(sheet *s);

/* Encodes one cell of column `column` at the end of `to`. */
void sheet_encode(const sheet *s, tc_buffer *to, size_t column, tc_text text);

void sheet_text(sheet *s, tc_text text);
void sheet_string(sheet *s, const char *string);
void sheet_count(sheet *s, uint64_t count);
void sheet_real(sheet *s, double value); /* empty for NAN; in JSON a number, or null */
/* Digits, words, dates: text known to need no quoting. */
void sheet_plain(sheet *s, const char *text, size_t size);
/* The same, written in place: `room` bytes, of which `size` are then used. */
char *sheet_begin_plain(sheet *s, size_t room);
void sheet_end_plain(sheet *s, size_t size);
/* `cells` cells that sheet_encode() made. */
void sheet_encoded(sheet *s, tc_text cells, size_t count);
void sheet_end_row(sheet *s);

/* Rows that wait elsewhere before they are written: between these two, rows go
 * to `to`; sheet_add_row() puts one in its place. */
void sheet_divert(sheet *s, tc_buffer *to);
void sheet_add_row(sheet *s, tc_text row);

/* Nested JSON. */
typedef struct {
    tc_buffer *to;
    bool indent, empty;
    unsigned depth;
} json;

void json_text_value(tc_buffer *to, tc_text text);
void json_open(json *j, const char *key, char bracket);
void json_close(json *j, char bracket);
void json_text(json *j, const char *key, tc_text text);
void json_string(json *j, const char *key, const char *string);
/* A number; null for NAN and what JSON has no digits for. */
void json_real(json *j, const char *key, double value);
void json_count(json *j, const char *key, uint64_t count);
void json_bool(json *j, const char *key, bool value);
void json_null(json *j, const char *key);

#endif
