#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#include "db.h"

enum { COLUMNS_MAX = 32, WAIT_MS = 5000 };

struct tc_db {
    sqlite3 *connection;
};

struct tc_query {
    tc_db *db;
    sqlite3_stmt *statement;
    int columns;
    int place[COLUMNS_MAX]; /* SQLite numbers $1, $2... as they appear, not as they are called */
    tc_db_value row[COLUMNS_MAX];
};

static tc_status failed(tc_error *error, sqlite3 *connection, int code)
{
    const char *why = connection ? sqlite3_errmsg(connection) : sqlite3_errstr(code);
    switch (code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return tc_fail(error, TC_LOCKED, "", "the store is in use by another process");
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
    case SQLITE_FORMAT:
        return tc_fail(error, TC_BAD_FORMAT, "", "not a store, or a damaged one: %s", why);
    case SQLITE_FULL:
        return tc_fail(error, TC_IO, "", "no room left for the store");
    case SQLITE_NOMEM:
        return tc_fail(error, TC_NO_MEMORY, "", "%s", "");
    default:
        return tc_fail(error, TC_IO, "", "%s", why);
    }
}

static void close_file(tc_db *db)
{
    if (!db) return;
    sqlite3_close(db->connection);
    free(db);
}

static tc_status run(tc_db *db, tc_error *error, const char *sql)
{
    int code = sqlite3_exec(db->connection, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? TC_OK : failed(error, db->connection, code);
}

static tc_status open_file(tc_db **opened, tc_error *error, const char *where, bool read_only)
{
    int flags = read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    tc_db *db = calloc(1, sizeof *db);
    if (!db) return tc_fail(error, TC_NO_MEMORY, "", "%s", "");
    int code = sqlite3_open_v2(where, &db->connection, flags | SQLITE_OPEN_NOMUTEX, NULL);
    tc_status status = code == SQLITE_OK ? TC_OK : failed(error, db->connection, code);
    if (!status) {
        sqlite3_extended_result_codes(db->connection, 1);
        sqlite3_busy_timeout(db->connection, WAIT_MS);
        /* Readers and one writer at a time do not wait for each other; a loss of power loses no more than the last files. */
        status = run(db, error, read_only ? "PRAGMA query_only = 1" : "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
    }
    if (!status) status = run(db, error, "PRAGMA cache_size = -65536; SELECT count(*) FROM sqlite_schema");
    if (!status) *opened = db;
    else close_file(db);
    return status;
}

static tc_status prepare(tc_query **prepared, tc_error *error, tc_db *db, const char *sql)
{
    tc_query *query = calloc(1, sizeof *query);
    if (!query) return tc_fail(error, TC_NO_MEMORY, "", "%s", "");
    int code = sqlite3_prepare_v3(db->connection, sql, -1, SQLITE_PREPARE_PERSISTENT, &query->statement, NULL);
    if (code != SQLITE_OK) {
        free(query);
        return failed(error, db->connection, code);
    }
    query->db = db;
    query->columns = sqlite3_column_count(query->statement);
    if (query->columns > COLUMNS_MAX) query->columns = COLUMNS_MAX;
    for (int i = 0; i < COLUMNS_MAX; i++) {
        char name[16];
        snprintf(name, sizeof name, "$%d", i + 1);
        query->place[i] = sqlite3_bind_parameter_index(query->statement, name);
    }
    *prepared = query;
    return TC_OK;
}

static int bind_one(sqlite3_stmt *statement, int place, const tc_db_value *value, sqlite3_destructor_type keep)
{
    switch (value->type) {
    case TC_DB_INTEGER: return sqlite3_bind_int64(statement, place, value->integer);
    case TC_DB_REAL: return sqlite3_bind_double(statement, place, value->real);
    case TC_DB_TEXT: return sqlite3_bind_text(statement, place, value->text.data ? value->text.data : "", (int)value->text.size, keep);
    case TC_DB_NULL: break;
    }
    return sqlite3_bind_null(statement, place);
}

static tc_status bind_all(tc_query *query, tc_error *error, const tc_db_value *value, size_t count, sqlite3_destructor_type keep)
{
    int code = SQLITE_OK;
    sqlite3_reset(query->statement);
    for (size_t i = 0; i < count && i < COLUMNS_MAX && code == SQLITE_OK; i++) code = bind_one(query->statement, query->place[i], &value[i], keep);
    return code == SQLITE_OK ? TC_OK : failed(error, query->db->connection, code);
}

static tc_status bind(tc_query *query, tc_error *error, const tc_db_value *value, size_t count)
{
    return bind_all(query, error, value, count, SQLITE_TRANSIENT);
}

static tc_db_value column(sqlite3_stmt *statement, int i)
{
    switch (sqlite3_column_type(statement, i)) {
    case SQLITE_INTEGER: return (tc_db_value){TC_DB_INTEGER, .integer = sqlite3_column_int64(statement, i)};
    case SQLITE_FLOAT: return (tc_db_value){TC_DB_REAL, .real = sqlite3_column_double(statement, i)};
    case SQLITE_NULL: return (tc_db_value){.type = TC_DB_NULL};
    }
    const char *text = (const char *)sqlite3_column_text(statement, i);
    return (tc_db_value){TC_DB_TEXT, .text = {text, (size_t)sqlite3_column_bytes(statement, i)}};
}

static tc_status step(tc_query *query, tc_error *error, const tc_db_value **row)
{
    int code = sqlite3_step(query->statement);
    *row = NULL;
    if (code == SQLITE_ROW) {
        for (int i = 0; i < query->columns; i++) query->row[i] = column(query->statement, i);
        *row = query->row;
        return TC_OK;
    }
    tc_status status = code == SQLITE_DONE ? TC_OK : failed(error, query->db->connection, code);
    sqlite3_reset(query->statement); /* so that it holds no lock */
    return status;
}

static void finish(tc_query *query)
{
    if (!query) return;
    sqlite3_finalize(query->statement);
    free(query);
}

static tc_status load(tc_db *db, tc_error *error, const char *upsert, const tc_db_value *values, size_t columns, size_t rows)
{
    tc_query *query;
    const tc_db_value *none;
    tc_status status = prepare(&query, error, db, upsert);
    if (status) return status;
    for (size_t i = 0; i < rows && !status; i++) {
        status = bind_all(query, error, values + i * columns, columns, SQLITE_STATIC);
        if (!status) status = step(query, error, &none);
    }
    finish(query);
    return status;
}

const tc_db_kind tc_db_sqlite = {"sqlite", open_file, close_file, run, prepare, bind, step, finish, load};
