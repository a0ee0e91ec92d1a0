#include "csv.h"

#include <stdlib.h>

#include "input.h"

enum {
    FIRST_ROOM = 1 << 18,
    SLACK = 8 /* split_plain() loads whole words, up to this far behind a row */
};

struct tc_csv {
    tc_read_fn *read;
    void *context;
    char *buffer;
    size_t room;       /* without SLACK */
    char *row, *limit; /* unread bytes */
    char *quote, *nul; /* the first of each at or after `row`, else `limit` */
    bool ended, started;
    uint32_t line;
    tc_error fatal; /* status not TC_OK: what every further call answers */
    bool escaped[TC_CSV_CELLS_MAX + 1];
    tc_text cells[TC_CSV_CELLS_MAX + 1];
};

tc_status tc_csv_new(tc_csv **csv, tc_read_fn *read, void *context)
{
    tc_csv *made = malloc(sizeof *made);
    char *buffer = malloc(FIRST_ROOM + SLACK);
    if (!made || !buffer) {
        free(made);
        free(buffer);
        return TC_NO_MEMORY;
    }
    memset(made, 0, sizeof *made);
    made->read = read;
    made->context = context;
    made->buffer = made->row = made->limit = made->quote = made->nul = buffer;
    made->room = FIRST_ROOM;
    made->line = 1;
    *csv = made;
    return TC_OK;
}

void tc_csv_free(tc_csv *csv)
{
    if (!csv) return;
    free(csv->buffer);
    free(csv);
}

static tc_status fatal(tc_csv *csv, tc_status status, const char *message)
{
    tc_status answer = tc_fail(&csv->fatal, status, "", "%s", message);
    csv->fatal.line = csv->line;
    return answer;
}

static char *find(char *from, const char *limit, char byte)
{
    char *found = memchr(from, byte, (size_t)(limit - from));
    return found ? found : from + (limit - from);
}

/* Moves the unread bytes to the front, and doubles the buffer if they fill it. */
static tc_status make_room(tc_csv *csv)
{
    size_t unread = (size_t)(csv->limit - csv->row);
    if (unread > TC_CSV_ROW_MAX) return fatal(csv, TC_LIMIT, "a row is longer than 1 MiB (is a quote never closed?)");
    if (unread == csv->room) {
        char *grown = malloc(csv->room * 2 + SLACK);
        if (!grown) return fatal(csv, TC_NO_MEMORY, "");
        memcpy(grown, csv->row, unread);
        free(csv->buffer);
        csv->buffer = grown;
        csv->room *= 2;
    } else if (csv->row != csv->buffer) {
        memmove(csv->buffer, csv->row, unread);
    }
    csv->row = csv->buffer;
    csv->limit = csv->row + unread;
    return TC_OK;
}

static tc_status skip_mark(tc_csv *csv)
{
    size_t size = (size_t)(csv->limit - csv->row);
    csv->started = true;
    if (size >= 3 && memcmp(csv->row, "\xEF\xBB\xBF", 3) == 0) csv->row += 3;
    else if (size >= 2 && (memcmp(csv->row, "\xFF\xFE", 2) == 0 || memcmp(csv->row, "\xFE\xFF", 2) == 0))
        return fatal(csv, TC_BAD_FORMAT, "the file is UTF-16; save it as UTF-8");
    return TC_OK;
}

/* Reads more behind what is unread. */
static tc_status fill(tc_csv *csv)
{
    tc_status status = make_room(csv);
    if (status != TC_OK) return status;
    ptrdiff_t got = csv->read(csv->context, csv->limit, csv->room - (size_t)(csv->limit - csv->row));
    if (got < 0) {
        status = tc_read_failed(&csv->fatal);
        csv->fatal.line = csv->line;
        return status;
    }
    csv->ended = got == 0;
    csv->limit += got;
    memset(csv->limit, 0, SLACK);
    if (!csv->started && (csv->ended || csv->limit - csv->row >= 3)) status = skip_mark(csv);
    csv->quote = find(csv->row, csv->limit, '"');
    csv->nul = find(csv->row, csv->limit, '\0');
    return status;
}

/* Cells of a row without quotes: finds commas eight bytes at a time. The sum
 * sets the top bit of every byte that is not zero, hence not a comma. */
static size_t split_plain(tc_text *cells, const char *cell, const char *end)
{
    const uint64_t commas = UINT64_C(0x2C2C2C2C2C2C2C2C), low = UINT64_C(0x7F7F7F7F7F7F7F7F);
    size_t count = 0;
    for (const char *at = cell; at < end; at += 8) {
        uint64_t word;
        memcpy(&word, at, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
        word = __builtin_bswap64(word);
#endif
        word ^= commas;
        uint64_t hits = ~(((word & low) + low) | word | low);
        for (; hits; hits &= hits - 1) {
            const char *comma = at + (__builtin_ctzll(hits) >> 3);
            if (comma >= end || count == TC_CSV_CELLS_MAX) break;
            cells[count++] = (tc_text){cell, (size_t)(comma - cell)};
            cell = comma + 1;
        }
    }
    cells[count++] = (tc_text){cell, (size_t)(end - cell)};
    return count;
}

typedef enum { SCAN_DONE, SCAN_NEEDS_MORE, SCAN_OPEN_QUOTE, SCAN_BAD_QUOTE } scan_result;

/* The end of the quoted cell that begins behind `at`, or NULL. */
static const char *closing_quote(const char *at, const char *limit, bool *escaped, uint32_t *lines)
{
    *escaped = false;
    for (const char *end = at;; end += 2) {
        end = memchr(end, '"', (size_t)(limit - end));
        if (!end) return NULL;
        if (end + 1 < limit && end[1] == '"') {
            *escaped = true;
            continue;
        }
        while ((at = memchr(at, '\n', (size_t)(end - at)))) {
            ++*lines;
            at++;
        }
        return end;
    }
}

static bool at_row_end(const char *at, const char *limit)
{
    return at == limit || *at == '\n' || (*at == '\r' && at + 1 < limit && at[1] == '\n');
}

/* Splits a row that holds quotes, without changing it: when the buffer ends
 * first it is scanned again with more behind it. `*end` is behind the line end. */
static scan_result split_quoted(tc_csv *csv, size_t *count, const char **end, uint32_t *lines)
{
    const char *at = csv->row, *limit = csv->limit;
    for (*count = 0, *lines = 1;; at++) {
        tc_text *cell = &csv->cells[*count];
        bool *escaped = &csv->escaped[*count];
        *escaped = false;
        if (at < limit && *at == '"') {
            const char *close = closing_quote(at + 1, limit, escaped, lines);
            if (!close || (close + 2 >= limit && !csv->ended)) return csv->ended ? SCAN_OPEN_QUOTE : SCAN_NEEDS_MORE;
            *cell = (tc_text){at + 1, (size_t)(close - at - 1)};
            at = close + 1;
            if (!at_row_end(at, limit) && *at != ',') {
                at = memchr(at, '\n', (size_t)(limit - at));
                if (!at && !csv->ended) return SCAN_NEEDS_MORE;
                *end = at ? at + 1 : limit;
                return SCAN_BAD_QUOTE;
            }
        } else {
            const char *from = at;
            while (at < limit && *at != ',' && *at != '\n') at++;
            if (at == limit && !csv->ended) return SCAN_NEEDS_MORE;
            bool returned = at > from && at[-1] == '\r' && (at == limit || *at == '\n');
            *cell = (tc_text){from, (size_t)(at - from) - returned};
        }
        ++*count;
        if (at == limit || *at != ',') break;
        if (*count > TC_CSV_CELLS_MAX) break;
    }
    while (at < limit && *at != '\n') at++; /* over the CR, or what is too many */
    *end = at < limit ? at + 1 : limit;
    return SCAN_DONE;
}

/* "" to " within the buffer. */
static void unescape(tc_text *cell)
{
    char *to = (char *)cell->data, *start = to;
    for (const char *from = cell->data, *end = from + cell->size; from < end; from++) {
        *to++ = *from;
        if (*from == '"') from++;
    }
    cell->size = (size_t)(to - start);
}

static tc_status bad_row(tc_csv *csv, tc_csv_row *row, const char *end, uint32_t lines,
                         tc_error *error, const char *message)
{
    tc_status status = tc_fail(error, TC_BAD_ROW, "", "%s", message);
    if (error) error->line = csv->line;
    *row = (tc_csv_row){csv->cells, 0, csv->line};
    csv->row += end - csv->row;
    csv->line += lines;
    if (csv->nul < csv->row) csv->nul = find(csv->row, csv->limit, '\0');
    return status;
}

static tc_status finish(tc_csv *csv, tc_csv_row *row, const char *end, size_t count, uint32_t lines,
                        tc_error *error)
{
    if (count > TC_CSV_CELLS_MAX) return fatal(csv, TC_LIMIT, "a row has more than 512 cells");
    if ((size_t)(end - csv->row) > TC_CSV_ROW_MAX) return fatal(csv, TC_LIMIT, "a row is longer than 1 MiB");
    if (csv->nul < end) return bad_row(csv, row, end, lines, error, "a NUL byte");
    *row = (tc_csv_row){csv->cells, count, csv->line};
    csv->row += end - csv->row;
    csv->line += lines;
    return TC_OK;
}

static tc_status next_quoted(tc_csv *csv, tc_csv_row *row, tc_error *error)
{
    size_t count;
    const char *end = csv->limit;
    uint32_t lines;
    scan_result result;
    while ((result = split_quoted(csv, &count, &end, &lines)) == SCAN_NEEDS_MORE) {
        tc_status status = fill(csv);
        if (status != TC_OK) return status;
    }
    tc_status status;
    if (result == SCAN_OPEN_QUOTE) {
        status = bad_row(csv, row, csv->limit, lines, error, "a quote is never closed");
    } else if (result == SCAN_BAD_QUOTE) {
        status = bad_row(csv, row, end, lines, error, "text behind a closing quote");
    } else {
        status = finish(csv, row, end, count, lines, error);
        for (size_t i = 0; status == TC_OK && i < count; i++)
            if (csv->escaped[i]) unescape(&csv->cells[i]);
    }
    csv->quote = find(csv->row, csv->limit, '"');
    return status;
}

static tc_status next_row(tc_csv *csv, tc_csv_row *row, bool *end, tc_error *error)
{
    size_t seen = 0; /* of the row, without a line end */
    for (;;) {
        const char *line_end = memchr(csv->row + seen, '\n', (size_t)(csv->limit - csv->row) - seen);
        const char *stop = line_end ? line_end : csv->limit;
        if (csv->quote < stop) return next_quoted(csv, row, error);
        if (line_end || (csv->ended && csv->row < csv->limit)) {
            const char *last = stop > csv->row && stop[-1] == '\r' ? stop - 1 : stop;
            size_t count = split_plain(csv->cells, csv->row, last);
            return finish(csv, row, stop + (line_end != NULL), count, 1, error);
        }
        if (csv->ended) {
            *end = true;
            return TC_OK;
        }
        seen = (size_t)(csv->limit - csv->row);
        tc_status status = fill(csv);
        if (status != TC_OK) return status;
        if (seen > (size_t)(csv->limit - csv->row)) seen = 0; /* a byte-order mark went */
    }
}

tc_status tc_csv_next(tc_csv *csv, tc_csv_row *row, bool *end, tc_error *error)
{
    *end = false;
    tc_status status = csv->fatal.status;
    if (status == TC_OK) status = next_row(csv, row, end, error);
    if (csv->fatal.status != TC_OK && error) *error = csv->fatal;
    return status;
}

static bool must_quote(tc_text cell)
{
    for (size_t i = 0; i < cell.size; i++) {
        char byte = cell.data[i];
        if (byte == ',' || byte == '"' || byte == '\n' || byte == '\r') return true;
    }
    return false;
}

/* The separator goes behind each cell; the last one becomes the line end. */
void tc_csv_put(tc_buffer *out, tc_text cell)
{
    if (!must_quote(cell)) {
        if (!tc_buffer_reserve(out, cell.size + 1)) return;
        if (cell.size) memcpy(out->data + out->size, cell.data, cell.size);
        out->size += cell.size;
        out->data[out->size++] = ',';
        return;
    }
    tc_buffer_put_byte(out, '"');
    for (size_t i = 0; i < cell.size; i++) {
        if (cell.data[i] == '"') tc_buffer_put_byte(out, '"');
        tc_buffer_put_byte(out, cell.data[i]);
    }
    tc_buffer_put(out, "\",", 2);
}

void tc_csv_end_row(tc_buffer *out)
{
    if (out->size && out->data[out->size - 1] == ',' && !out->failed) out->data[out->size - 1] = '\n';
    else tc_buffer_put_byte(out, '\n');
}
