/* Market data into columns and into the store, from a bhavcopy in memory; beside what finding its line ends takes, and
 * a bare INSERT of as many rows by the same database. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"
#include "bytes.h"
#include "market/store/import.h"
#include "text/buffer.h"

enum { SHARES = 2500, DAYS = 40, ALL_ROWS = SHARES * DAYS, RUNS = 7 };

/* As wide as NSE's own, a file a day put one behind the other; symbols in another order every day. */
static void write_bhavcopy(tc_buffer *file)
{
    static const char header[] = "SYMBOL, SERIES, DATE1, PREV_CLOSE, OPEN_PRICE, HIGH_PRICE, LOW_PRICE, LAST_PRICE, CLOSE_PRICE, AVG_PRICE, "
                                 "TTL_TRD_QNTY, TURNOVER_LACS, NO_OF_TRADES, DELIV_QTY, DELIV_PER\n";
    tc_buffer_put(file, header, sizeof header - 1);
    for (int day = 0; day < DAYS; day++)
        for (int i = 0; i < SHARES; i++) {
            char row[200];
            int share = (i * 7 + day) % SHARES, price = 20 + share;
            int size = snprintf(row, sizeof row, "SHARE%d, EQ, %02d-%s-2024, %d.05, %d.10, %d.95, %d.00, %d.40, %d.45, %d.37, %d, %d.%02d, %d, %d, 52.48\n", share,
                                1 + day % 28, day < 28 ? "Jul" : "Aug", price, price, price, price, price, price, price, 1000 * share + day, share * 7, day,
                                share * 3, share * 500);
            tc_buffer_put(file, row, (size_t)size);
        }
    if (file->failed) exit(1);
}

static tc_status take(void *context, const tc_parse_batch *batch, tc_error *error)
{
    (void)error;
    *(double *)context += batch->row[batch->count - 1].value[DAILY_VOLUME];
    return TC_OK;
}

static void refuse(void *context, uint32_t line, const char *message)
{
    (void)context;
    fprintf(stderr, "bench: line %u: %s\n", line, message);
    exit(1);
}

static double scan_ns(const tc_buffer *file)
{
    size_t lines = 0;
    double start = now_ns();
    for (const char *at = file->data, *end = at + file->size; (at = memchr(at, '\n', (size_t)(end - at))); at++) lines++;
    double took = now_ns() - start;
    if (lines != ALL_ROWS + 1) exit(1);
    return took;
}

static double parse_ns(const tc_buffer *file)
{
    static const tc_parse_options options = {0};
    double seen = 0, start = now_ns();
    const tc_parse_sink sink = {take, refuse, &seen};
    byte_source from = {file->data, file->size, 0};
    uint64_t rows, refused;
    if (tc_parse(source_read, &from, &options, &sink, &rows, &refused, NULL) || rows != ALL_ROWS || !(seen > 0)) exit(1);
    return now_ns() - start;
}

static void remove_store(const char *path)
{
    char other[80];
    unlink(path);
    snprintf(other, sizeof other, "%s-wal", path);
    unlink(other);
    snprintf(other, sizeof other, "%s-shm", path);
    unlink(other);
}

/* Into an empty store, and the same once more: `again`. */
static double import_ns(const tc_buffer *file, double *again)
{
    static const tc_parse_options options = {0};
    char path[64];
    double took[2];
    tc_store *store;
    tc_error error;
    snprintf(path, sizeof path, "/tmp/tc-bench-%d.db", (int)getpid());
    remove_store(path);
    if (tc_store_open(&store, &error, path, false)) exit(1);
    for (int i = 0; i < 2; i++) {
        byte_source from = {file->data, file->size, 0};
        tc_import_report report;
        double start = now_ns();
        if (tc_store_import(store, &report, &error, source_read, &from, &options, refuse, NULL) || report.added != (i ? 0 : ALL_ROWS)) exit(1);
        took[i] = now_ns() - start;
    }
    tc_store_close(store);
    remove_store(path);
    *again = took[1];
    return took[0];
}

/* What the database itself takes for as many rows of as many numbers, in their order, with nothing to compare. */
static double insert_ns(void)
{
    char path[64];
    sqlite3 *db;
    sqlite3_stmt *statement;
    snprintf(path, sizeof path, "/tmp/tc-bench-%d.db", (int)getpid());
    remove_store(path);
    if (sqlite3_open(path, &db) || sqlite3_exec(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE TABLE t (day, listing, a, b, c, d, e, f, g, h, i, j,"
                                                    " k, l, m, PRIMARY KEY (day, listing)) WITHOUT ROWID; BEGIN", NULL, NULL, NULL) ||
        sqlite3_prepare_v2(db, "INSERT INTO t VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", -1, &statement, NULL)) exit(1);
    double start = now_ns();
    for (int row = 0; row < ALL_ROWS; row++) {
        sqlite3_bind_int64(statement, 1, row / SHARES);
        sqlite3_bind_int64(statement, 2, row % SHARES);
        for (int i = 3; i <= 15; i++) sqlite3_bind_double(statement, i, 20.05 + row % SHARES + i);
        if (sqlite3_step(statement) != SQLITE_DONE) exit(1);
        sqlite3_reset(statement);
    }
    if (sqlite3_exec(db, "COMMIT", NULL, NULL, NULL)) exit(1);
    double took = now_ns() - start;
    sqlite3_finalize(statement);
    sqlite3_close(db);
    remove_store(path);
    return took;
}

void bench_store(void)
{
    double scan[RUNS], parse[RUNS], import[RUNS], again[RUNS], insert[RUNS];
    tc_buffer file = {0};
    write_bhavcopy(&file);
    for (int i = 0; i < RUNS; i++) {
        scan[i] = scan_ns(&file);
        parse[i] = parse_ns(&file);
        insert[i] = insert_ns();
        import[i] = import_ns(&file, &again[i]);
    }
    tc_buffer_free(&file);
    double columns = median(parse, RUNS), stored = median(import, RUNS);
    printf("bhavcopy into columns     %8.2f M rows a second    %.0f ns each, %.1f scans for line ends\n", ALL_ROWS / columns * 1e3, columns / ALL_ROWS,
           columns / median(scan, RUNS));
    printf("bhavcopy into SQLite      %8.2f M rows a second    %.0f ns each, %.1f bare INSERTs; the same again %.2f M a second\n", ALL_ROWS / stored * 1e3,
           stored / ALL_ROWS, stored / median(insert, RUNS), ALL_ROWS / median(again, RUNS) * 1e3);
}
