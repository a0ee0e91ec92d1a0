/* The store in PostgreSQL: the module tradecost-postgres.so.
 *
 * One writer at a time, as in a file: a transaction that may write first takes a lock that belongs to the schema, and
 * waits for it no longer than WAIT. A connection that was lost is never opened again behind the caller's back. */
#include <libpq-fe.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "market/store/db.h"
#include "text/buffer.h"

#define WAIT "5s"
enum { COLUMNS_MAX = 32, OID_INT8 = 20, OID_INT2 = 21, OID_INT4 = 23, OID_FLOAT4 = 700, OID_FLOAT8 = 701, OID_NUMERIC = 1700 };

struct tc_db {
    PGconn *connection;
    bool read_only;
    unsigned statements; /* prepared so far: each has its number for a name */
};

struct tc_query {
    tc_db *db;
    unsigned number;
    int parameters;            /* as the server counts them */
    tc_buffer texts;           /* of the parameters, each behind the other, ended by NUL */
    size_t text_at[COLUMNS_MAX];
    bool is_null[COLUMNS_MAX];
    PGresult *result;          /* NULL: bound, and not yet run */
    int next;                  /* the row to come */
    tc_db_value row[COLUMNS_MAX];
};

/* --- what went wrong --- */

/* The first line of what the server or the library says. */
static void first_line(char *line, size_t size, const char *text)
{
    snprintf(line, size, "%.*s", (int)strcspn(text, "\n"), text);
}

static tc_status status_of(const char *state)
{
    static const struct {
        const char *state;
        tc_status status;
    } known[] = {{"55P03", TC_LOCKED}, {"40P01", TC_LOCKED}, {"40001", TC_LOCKED}, {"53200", TC_NO_MEMORY}, {"22P02", TC_BAD_NUMBER}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (!strcmp(state, known[i].state)) return known[i].status;
    return TC_IO;
}

/* `result` may be NULL; it is cleared. */
static tc_status failed(tc_db *db, tc_error *error, PGresult *result)
{
    char why[200];
    const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    const char *said = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    first_line(why, sizeof why, said ? said : PQerrorMessage(db->connection));
    tc_status status = state ? status_of(state) : TC_IO;
    bool full = state && !strcmp(state, "53100");
    /* An error without a state is the library's own: it could not send or read. 57P0x: the server ends the connection. */
    bool gone = PQstatus(db->connection) != CONNECTION_OK || !state || !strncmp(state, "57P0", 4);
    PQclear(result);
    if (gone) return tc_fail(error, TC_IO, "", "the server is gone: %s", why);
    if (status == TC_LOCKED) return tc_fail(error, status, "", "the store is in use by another process");
    return tc_fail(error, status, "", "%s%s", full ? "no room left for the store: " : "", why);
}

/* OK, and `result` cleared; or why not. */
static tc_status settle(tc_db *db, tc_error *error, PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY) return failed(db, error, result);
    PQclear(result);
    return TC_OK;
}

/* --- connection --- */

static void close_server(tc_db *db)
{
    if (!db) return;
    PQfinish(db->connection);
    free(db);
}

static void ignore_notice(void *context, const PGresult *notice)
{
    (void)context;
    (void)notice;
}

/* What the library says of a URL that it cannot read repeats it, password and all: hence our own words. */
static bool is_readable(const char *where)
{
    PQconninfoOption *options = PQconninfoParse(where, NULL);
    PQconninfoFree(options);
    return options;
}

static tc_status open_server(tc_db **opened, tc_error *error, const char *where, bool read_only)
{
    /* What `where` says itself comes later and counts. */
    static const char *const keywords[] = {"connect_timeout", "application_name", "tcp_user_timeout", "dbname", NULL};
    const char *const values[] = {"10", "tradecost", "30000", where, NULL};
    if (!is_readable(where)) return tc_fail(error, TC_IO, "", "cannot reach the store: that is no URL as postgresql://USER@HOST/DATABASE");
    tc_db *db = calloc(1, sizeof *db);
    if (!db) return tc_fail(error, TC_NO_MEMORY, "", "%s", "");
    db->read_only = read_only;
    db->connection = PQconnectdbParams(keywords, values, 1);
    tc_status status = TC_OK;
    if (PQstatus(db->connection) != CONNECTION_OK) {
        char why[200];
        first_line(why, sizeof why, PQerrorMessage(db->connection));
        status = tc_fail(error, TC_IO, "", "cannot reach the store: %s", why);
    }
    if (!status) {
        PQsetNoticeReceiver(db->connection, ignore_notice, NULL);
        status = settle(db, error, PQexec(db->connection, read_only ? "SET lock_timeout = '" WAIT "'; SET default_transaction_read_only = on"
                                                                    : "SET lock_timeout = '" WAIT "'"));
    }
    if (status) close_server(db);
    else *opened = db;
    return status;
}

static tc_status run(tc_db *db, tc_error *error, const char *sql)
{
    /* Whatever kind of beginning is asked for, here it is this one. */
    static const char begin[] = "BEGIN; SELECT pg_advisory_xact_lock(hashtext('tradecost'), hashtext(current_schema()))";
    bool begins = !strncmp(sql, "BEGIN", 5);
    return settle(db, error, PQexec(db->connection, !begins ? sql : db->read_only ? "BEGIN" : begin));
}

/* --- queries --- */

static void finish(tc_query *query)
{
    if (!query) return;
    char sql[48];
    PQclear(query->result);
    snprintf(sql, sizeof sql, "DEALLOCATE s%u", query->number);
    if (query->number) PQclear(PQexec(query->db->connection, sql));
    tc_buffer_free(&query->texts);
    free(query);
}

/* SQLite takes fewer values than there are parameters for NULL, and more for nothing: here the server's count decides. */
static tc_status describe(tc_query *query, tc_error *error, const char *name)
{
    PGresult *result = PQdescribePrepared(query->db->connection, name);
    if (PQresultStatus(result) != PGRES_COMMAND_OK) return failed(query->db, error, result);
    query->parameters = PQnparams(result);
    bool fits = query->parameters <= COLUMNS_MAX && PQnfields(result) <= COLUMNS_MAX;
    PQclear(result);
    return fits ? TC_OK : tc_fail(error, TC_LIMIT, "", "a query of more than %d columns", COLUMNS_MAX);
}

static tc_status prepare(tc_query **prepared, tc_error *error, tc_db *db, const char *sql)
{
    char name[24];
    tc_query *query = calloc(1, sizeof *query);
    if (!query) return tc_fail(error, TC_NO_MEMORY, "", "%s", "");
    query->db = db;
    snprintf(name, sizeof name, "s%u", ++db->statements);
    tc_status status = settle(db, error, PQprepare(db->connection, name, sql, 0, NULL));
    if (!status) {
        query->number = db->statements;
        status = describe(query, error, name);
    }
    if (status) finish(query);
    else *prepared = query;
    return status;
}

static void put_text(tc_buffer *to, const tc_db_value *value)
{
    char text[40];
    int size = 0;
    if (value->type == TC_DB_INTEGER) size = snprintf(text, sizeof text, "%lld", (long long)value->integer);
    if (value->type == TC_DB_REAL) size = snprintf(text, sizeof text, "%.17g", value->real);
    if (value->type == TC_DB_TEXT) tc_buffer_put(to, value->text.data, value->text.size);
    tc_buffer_put(to, text, (size_t)size);
    tc_buffer_put_byte(to, '\0');
}

static tc_status bind(tc_query *query, tc_error *error, const tc_db_value *value, size_t count)
{
    PQclear(query->result);
    query->result = NULL;
    query->texts.size = 0;
    for (size_t i = 0; i < COLUMNS_MAX; i++) {
        query->is_null[i] = i >= count || value[i].type == TC_DB_NULL;
        query->text_at[i] = query->texts.size;
        if (query->is_null[i]) continue;
        bool text = value[i].type == TC_DB_TEXT && value[i].text.size;
        if (text && memchr(value[i].text.data, 0, value[i].text.size)) return tc_fail(error, TC_BAD_VALUE, "", "a text with a NUL in it");
        put_text(&query->texts, &value[i]);
    }
    return query->texts.failed ? tc_fail(error, TC_NO_MEMORY, "", "%s", "") : TC_OK;
}

static tc_status execute(tc_query *query, tc_error *error)
{
    const char *values[COLUMNS_MAX];
    char name[24];
    for (size_t i = 0; i < COLUMNS_MAX; i++) values[i] = query->is_null[i] ? NULL : query->texts.data + query->text_at[i];
    snprintf(name, sizeof name, "s%u", query->number);
    PGresult *result = PQexecPrepared(query->db->connection, name, query->parameters, values, NULL, NULL, 0);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) return failed(query->db, error, result);
    query->result = result;
    query->next = 0;
    return TC_OK;
}

static tc_db_value value_of(PGresult *result, int row, int column)
{
    if (PQgetisnull(result, row, column)) return (tc_db_value){.type = TC_DB_NULL};
    const char *text = PQgetvalue(result, row, column);
    switch (PQftype(result, column)) {
    case OID_INT2:
    case OID_INT4:
    case OID_INT8: return (tc_db_value){TC_DB_INTEGER, .integer = strtoll(text, NULL, 10)};
    case OID_NUMERIC:
    case OID_FLOAT4:
    case OID_FLOAT8: return (tc_db_value){TC_DB_REAL, .real = strtod(text, NULL)};
    default: return (tc_db_value){TC_DB_TEXT, .text = {text, (size_t)PQgetlength(result, row, column)}};
    }
}

static tc_status step(tc_query *query, tc_error *error, const tc_db_value **row)
{
    *row = NULL;
    tc_status status = query->result ? TC_OK : execute(query, error);
    if (status || query->next >= PQntuples(query->result)) return status;
    for (int i = 0; i < PQnfields(query->result); i++) query->row[i] = value_of(query->result, query->next, i);
    query->next++;
    *row = query->row;
    return TC_OK;
}

/* --- many rows --- */

/* The parts of INSERT INTO table (columns) VALUES (...) ON CONFLICT (key) DO ...; the store writes no other. */
typedef struct {
    tc_text table, columns, key;
    const char *conflict; /* from ON CONFLICT on */
} upsert_parts;

static bool part_behind(tc_text *part, const char **sql, const char *word, char end)
{
    size_t size = strlen(word);
    const char *from = !strncmp(*sql, word, size) ? *sql + size : NULL, *to = from ? strchr(from, end) : NULL;
    if (!to) return false;
    *part = (tc_text){from, (size_t)(to - from)};
    *sql = to + 1;
    return true;
}

static bool split_upsert(upsert_parts *parts, const char *sql)
{
    if (!part_behind(&parts->table, &sql, "INSERT INTO ", ' ') || !part_behind(&parts->columns, &sql, "(", ')')) return false;
    parts->conflict = strstr(sql, "ON CONFLICT (");
    const char *at = parts->conflict;
    return at && part_behind(&parts->key, &at, "ON CONFLICT (", ')');
}

static void print(tc_buffer *to, const char *text)
{
    tc_buffer_put(to, text, strlen(text));
}

static void print_text(tc_buffer *to, tc_text text)
{
    tc_buffer_put(to, text.data, text.size);
}

/* Runs and empties what `sql` holds. */
static tc_status run_buffer(tc_db *db, tc_error *error, tc_buffer *sql)
{
    tc_buffer_put_byte(sql, '\0');
    tc_status status = sql->failed ? tc_fail(error, TC_NO_MEMORY, "", "%s", "") : settle(db, error, PQexec(db->connection, sql->data));
    sql->size = 0;
    return status;
}

static void put_16(tc_buffer *to, unsigned value)
{
    tc_buffer_put_byte(to, (char)(value >> 8 & 0xFF));
    tc_buffer_put_byte(to, (char)(value & 0xFF));
}

static void put_32(tc_buffer *to, uint32_t value)
{
    put_16(to, value >> 16);
    put_16(to, value & 0xFFFF);
}

static void put_64(tc_buffer *to, uint64_t value)
{
    put_32(to, 8);
    put_32(to, (uint32_t)(value >> 32));
    put_32(to, (uint32_t)(value & 0xFFFFFFFF));
}

/* One value as COPY's binary format wants it for a column of that type: its size, then its bytes. */
static void put_binary(tc_buffer *to, const tc_db_value *value, Oid type)
{
    double real = value->type == TC_DB_INTEGER ? (double)value->integer : value->real;
    uint64_t bits;
    switch (value->type) {
    case TC_DB_NULL: put_32(to, UINT32_MAX); return;
    case TC_DB_TEXT:
        put_32(to, (uint32_t)value->text.size);
        tc_buffer_put(to, value->text.data, value->text.size);
        return;
    case TC_DB_INTEGER:
    case TC_DB_REAL: break;
    }
    if (type == OID_INT8) bits = (uint64_t)(value->type == TC_DB_INTEGER ? value->integer : (int64_t)real);
    else memcpy(&bits, &real, sizeof bits);
    put_64(to, bits);
}

/* The types of the columns: bigint, double precision and text is all there is. */
static tc_status column_types(Oid *type, tc_db *db, tc_error *error, const upsert_parts *parts, size_t columns)
{
    tc_buffer sql = {0};
    print(&sql, "SELECT ");
    print_text(&sql, parts->columns);
    print(&sql, " FROM ");
    print_text(&sql, parts->table);
    tc_buffer_put(&sql, " LIMIT 0", 9);
    PGresult *result = sql.failed ? NULL : PQexec(db->connection, sql.data);
    tc_buffer_free(&sql);
    if (PQresultStatus(result) != PGRES_TUPLES_OK) return failed(db, error, result);
    for (size_t i = 0; i < columns && i < COLUMNS_MAX; i++) type[i] = PQftype(result, (int)i);
    bool fits = columns <= COLUMNS_MAX && PQnfields(result) == (int)columns;
    PQclear(result);
    return fits ? TC_OK : tc_fail(error, TC_LIMIT, "", "rows of %zu columns for a table of another width", columns);
}

static tc_status send_rows(tc_db *db, tc_error *error, const Oid *type, const tc_db_value *values, size_t columns, size_t rows)
{
    enum { PIECE = 1 << 16 };
    static const char header[19] = "PGCOPY\n\377\r\n"; /* its signature with a NUL, no flags, no extension */
    tc_buffer piece = {0};
    int sent = 1;
    tc_buffer_put(&piece, header, sizeof header);
    for (size_t row = 0; row < rows && sent == 1; row++) {
        const tc_db_value number = {TC_DB_INTEGER, .integer = (int64_t)row};
        put_16(&piece, (unsigned)columns + 1);
        for (size_t i = 0; i < columns; i++) put_binary(&piece, &values[row * columns + i], type[i]);
        put_binary(&piece, &number, OID_INT8);
        if (piece.size < PIECE && row + 1 < rows) continue;
        if (row + 1 == rows) put_16(&piece, 0xFFFF);
        sent = piece.failed ? 0 : PQputCopyData(db->connection, piece.data, (int)piece.size);
        piece.size = 0;
    }
    bool poor = piece.failed;
    tc_buffer_free(&piece);
    if (PQputCopyEnd(db->connection, poor ? "no memory" : NULL) != 1 || sent < 0) return failed(db, error, NULL);
    tc_status status = settle(db, error, PQgetResult(db->connection));
    PGresult *more;
    while ((more = PQgetResult(db->connection))) PQclear(more);
    return status;
}

/* A table of this session alone, empty, as wide as the other and one wider: the number of the row. */
static tc_status open_copy(tc_db *db, tc_error *error, const upsert_parts *parts)
{
    tc_buffer sql = {0};
    print(&sql, "CREATE TEMP TABLE IF NOT EXISTS load_");
    print_text(&sql, parts->table);
    print(&sql, " AS SELECT ");
    print_text(&sql, parts->columns);
    print(&sql, ", 0::bigint AS load_row FROM ");
    print_text(&sql, parts->table);
    print(&sql, " LIMIT 0; TRUNCATE load_");
    print_text(&sql, parts->table);
    tc_status status = run_buffer(db, error, &sql);
    print(&sql, "COPY load_");
    print_text(&sql, parts->table);
    tc_buffer_put(&sql, " FROM STDIN (FORMAT binary)", 28);
    if (!status && sql.failed) status = tc_fail(error, TC_NO_MEMORY, "", "%s", "");
    if (!status) {
        PGresult *result = PQexec(db->connection, sql.data);
        if (PQresultStatus(result) == PGRES_COPY_IN) PQclear(result);
        else status = failed(db, error, result);
    }
    tc_buffer_free(&sql);
    return status;
}

/* Of rows with the same key the last one counts, as if each had been written by itself. */
static tc_status move_rows(tc_db *db, tc_error *error, const upsert_parts *parts)
{
    tc_buffer sql = {0};
    print(&sql, "INSERT INTO ");
    print_text(&sql, parts->table);
    print(&sql, " (");
    print_text(&sql, parts->columns);
    print(&sql, ") SELECT DISTINCT ON (");
    print_text(&sql, parts->key);
    print(&sql, ") ");
    print_text(&sql, parts->columns);
    print(&sql, " FROM load_");
    print_text(&sql, parts->table);
    print(&sql, " ORDER BY ");
    print_text(&sql, parts->key);
    print(&sql, ", load_row DESC ");
    print(&sql, parts->conflict);
    tc_status status = run_buffer(db, error, &sql);
    tc_buffer_free(&sql);
    return status;
}

static tc_status load(tc_db *db, tc_error *error, const char *upsert, const tc_db_value *values, size_t columns, size_t rows)
{
    upsert_parts parts;
    Oid type[COLUMNS_MAX];
    if (!rows) return TC_OK;
    if (!split_upsert(&parts, upsert)) return tc_fail(error, TC_BAD_VALUE, "", "not an upsert: %.60s", upsert);
    tc_status status = column_types(type, db, error, &parts, columns);
    if (!status) status = open_copy(db, error, &parts);
    if (!status) status = send_rows(db, error, type, values, columns, rows);
    return status ? status : move_rows(db, error, &parts);
}

const tc_db_kind tc_db_postgres = {"postgresql", open_server, close_server, run, prepare, bind, step, finish, load};
