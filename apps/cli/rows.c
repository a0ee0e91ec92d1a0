#define _POSIX_C_SOURCE 200809L
#include "rows.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dateorder.h"
#include "progress.h"
#include "rowstore.h"
#include "sorter.h"

enum { SORT_MEMORY = 32 << 20, PROGRESS_ROWS = 1 << 14 };

struct book_file {
    const char *name;            /* as the user calls it */
    char path[32];               /* of the copy, where the file itself cannot be read twice */
    int copy;                    /* -1: none */
    const char *format, *broker; /* of the export, or "" */
    bool has_broker;
    tc_text *columns;
    size_t column_count;
    uint64_t bytes_before;       /* of the files before it */
};

struct row_stream {
    cli *c;
    struct book_file *files;
    size_t file_count;
    uint64_t bytes_total;

    /* Where reading stands, and what was read last. */
    tc_reader *reader;
    size_t file;
    uint64_t number;
    placed_row in_hand;

    /* Rows that had to be put in order, and one of them unpacked. */
    sorter *sorted;
    tc_buffer record;
    tc_text *cells;
    size_t cells_room;

    /* The date of the row before: most rows repeat it. */
    tc_text last_text;
    char last_room[64];
    tc_date last_date;
};

/* Files. */

static void copy_stream(int from, int to, const char *name)
{
    char bytes[1 << 16];
    ssize_t count;
    while ((count = read(from, bytes, sizeof bytes)) != 0) {
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) die(EXIT_FAILED, "%s: %s", name, strerror(errno));
        temporary_write(to, bytes, (size_t)count);
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

static bool open_reader(row_stream *r, size_t index)
{
    struct book_file *file = &r->files[index];
    tc_error error = {0};
    const tc_reader_options given = {.given = &r->c->context.defaults};
    tc_status status = tc_reader_open_with(&r->reader, &error, readable_path(file), &given);
    r->file = index;
    if (status != TC_OK) complain_file(r->c, file->name, status, &error);
    return status == TC_OK;
}

static void close_reader(row_stream *r)
{
    tc_reader_close(r->reader);
    r->reader = NULL;
}

/* What is told of a file once its reader is gone. */
static void remember_file(row_stream *r, struct book_file *file)
{
    const tc_text *columns = tc_reader_columns(r->reader, &file->column_count);
    file->columns = need_memory(NULL, file->column_count, sizeof *file->columns);
    for (size_t i = 0; i < file->column_count; i++) {
        char *copy = need_memory(NULL, columns[i].size, 1);
        if (columns[i].size) memcpy(copy, columns[i].data, columns[i].size);
        file->columns[i] = (tc_text){copy, columns[i].size};
    }
    file->format = tc_reader_format(r->reader);
    file->broker = tc_reader_broker(r->reader);
    file->has_broker = tc_reader_has(r->reader, TC_F_BROKER);
    file->bytes_before = r->bytes_total;
    r->bytes_total += tc_reader_bytes_total(r->reader);
}

static bool broker_known(const row_stream *r, const struct book_file *file)
{
    if (r->c->context.defaults.field[TC_F_BROKER].size || file->has_broker || *file->broker) return true;
    complain(r->c, EXIT_USAGE, "%s names no broker: give --broker, or set TRADECOST_BROKER", file->name);
    return false;
}

/* Rows. */

static void show_progress(const row_stream *r)
{
    if (r->number % PROGRESS_ROWS || !r->reader) return;
    progress_show(r->files[r->file].bytes_before + tc_reader_bytes(r->reader), r->bytes_total,
                  r->number);
}

/* The next row of the files, in their own order; false after the last. */
static bool read_row(row_stream *r)
{
    for (;;) {
        if (r->file == r->file_count) return false;
        if (!r->reader && !open_reader(r, r->file)) quit(r->c->status);
        bool end = false;
        tc_error error = {0};
        tc_status status = tc_reader_next(r->reader, &r->in_hand.row, &end, &error);
        if (status != TC_OK) {
            complain_file(r->c, r->files[r->file].name, status, &error);
            quit(r->c->status);
        }
        if (!end) break;
        close_reader(r);
        r->file++;
    }
    r->in_hand.number = ++r->number;
    r->in_hand.file = r->file;
    show_progress(r);
    return true;
}

struct stored_place {
    uint64_t number;
    size_t file;
};

static bool take_sorted_row(row_stream *r)
{
    struct stored_place place;
    tc_text record;
    if (!sorter_next(r->sorted, &record)) return false;
    memcpy(&place, record.data, sizeof place);
    r->in_hand.number = place.number;
    r->in_hand.file = place.file;
    row_load(&r->in_hand.row, &r->cells, &r->cells_room,
             (tc_text){record.data + sizeof place, record.size - sizeof place});
    return true;
}

placed_row *rows_next(row_stream *r)
{
    bool more = r->sorted ? take_sorted_row(r) : read_row(r);
    return more ? &r->in_hand : NULL;
}

/* Dates. */

static tc_text say(const row_stream *r, const tc_row *row, tc_field field)
{
    tc_text text = row->request.field[field];
    return text.size ? text : r->c->context.defaults.field[field];
}

tc_date rows_date(row_stream *r, const tc_row *row)
{
    tc_text date = say(r, row, TC_F_DATE);
    tc_date found = NO_DATE;
    int64_t micros;
    if (!date.size) {
        tc_text time = row->request.field[TC_F_TIME];
        if (!time.size || tc_time_read(&found, &micros, time.data, time.size) != TC_OK) return NO_DATE;
        return found;
    }
    if (text_equal(date, r->last_text)) return r->last_date;
    if (tc_date_read(&found, date.data, date.size) != TC_OK || date.size > sizeof r->last_room) return found;
    memcpy(r->last_room, date.data, date.size);
    r->last_text = (tc_text){r->last_room, date.size};
    r->last_date = found;
    return found;
}

static void rewind_files(row_stream *r)
{
    close_reader(r);
    r->file = 0;
    r->number = 0;
}

/* The quick look at all files; DATES_UNSEEN if one of them needs the careful one. */
static date_order quick_order(const row_stream *r)
{
    tc_date last = NO_DATE;
    date_order found = DATES_ASCEND;
    for (size_t i = 0; i < r->file_count && found == DATES_ASCEND; i++) {
        if (strcmp(r->files[i].format, "canonical")) return DATES_UNSEEN;
        found = dates_of_plain_csv(readable_path(&r->files[i]), &last);
    }
    return found;
}

/* Whether dates never go back; a row without one stays with the row before. */
static bool in_order(row_stream *r)
{
    date_order quick = quick_order(r);
    if (quick != DATES_UNSEEN) return quick == DATES_ASCEND;
    tc_date last = NO_DATE;
    bool ascending = true;
    while (ascending && read_row(r)) {
        tc_date date = rows_date(r, &r->in_hand.row);
        if (date.day < TC_DATE_MIN) continue;
        ascending = date.day >= last.day;
        last = date;
    }
    rewind_files(r);
    return ascending;
}

static void sort_rows(row_stream *r)
{
    tc_date last = NO_DATE;
    sorter *s = sorter_new(SORT_MEMORY);
    while (read_row(r)) {
        tc_date date = rows_date(r, &r->in_hand.row);
        if (date.day >= TC_DATE_MIN) last = date;
        struct stored_place place = {r->in_hand.number, r->in_hand.file};
        r->record.size = 0;
        buffer_add(&r->record, (const char *)&place, sizeof place);
        row_store(&r->record, &r->in_hand.row);
        sorter_add(s, (sort_key){last.day, r->in_hand.number}, (tc_text){r->record.data, r->record.size});
    }
    close_reader(r);
    r->sorted = s;
}

row_stream *rows_open(cli *c, const char *const *paths, size_t count, bool broker_needed)
{
    row_stream *r = need_memory(NULL, 1, sizeof *r);
    *r = (row_stream){.c = c, .file_count = count, .last_date = NO_DATE};
    r->files = need_memory(NULL, count, sizeof *r->files);
    for (size_t i = 0; i < count; i++) r->files[i] = (struct book_file){.name = paths[i], .copy = -1};
    for (size_t i = 0; i < count; i++) {
        copy_if_stream(&r->files[i]);
        if (!open_reader(r, i)) goto failed;
        remember_file(r, &r->files[i]);
        close_reader(r);
        if (broker_needed && !broker_known(r, &r->files[i])) goto failed;
    }
    r->file = 0;
    if (!in_order(r)) sort_rows(r);
    return r;

failed:
    rows_close(r);
    return NULL;
}

void rows_close(row_stream *r)
{
    if (!r) return;
    close_reader(r);
    for (size_t i = 0; i < r->file_count; i++) {
        struct book_file *file = &r->files[i];
        for (size_t column = 0; column < file->column_count; column++) free((char *)file->columns[column].data);
        free(file->columns);
        if (file->copy >= 0 && strcmp(file->name, "-")) close(file->copy);
    }
    free(r->files);
    sorter_free(r->sorted);
    tc_buffer_free(&r->record);
    free(r->cells);
    free(r);
}

bool rows_sorted(const row_stream *r)
{
    return r->sorted != NULL;
}

size_t rows_file_count(const row_stream *r)
{
    return r->file_count;
}

const char *rows_file_name(const row_stream *r, size_t file)
{
    return r->files[file].name;
}

const char *rows_file_broker(const row_stream *r, size_t file)
{
    return r->files[file].broker;
}

const tc_text *rows_file_columns(const row_stream *r, size_t file, size_t *count)
{
    *count = r->files[file].column_count;
    return r->files[file].columns;
}
