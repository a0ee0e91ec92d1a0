#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "inside.h"
#include "module/module.h"
#include "text/buffer.h"
#include "text/values.h"

enum { PATH_SIZE = 4096 };

tc_status tc_store_ask(tc_store *store, tc_error *error, query_id id, const tc_db_value *value, size_t count)
{
#define AS_SQL(id, sql) sql,
    static const char *const questions[] = {QUERIES(AS_SQL)};
#undef AS_SQL
    tc_status status = TC_OK;
    if (!store->query[id]) status = store->kind->prepare(&store->query[id], error, store->db, questions[id]);
    return status ? status : store->kind->bind(store->query[id], error, value, count);
}

tc_status tc_store_next(tc_store *store, tc_error *error, query_id id, const tc_db_value **row)
{
    return store->kind->step(store->query[id], error, row);
}

tc_status tc_store_first(tc_store *store, tc_error *error, query_id id, const tc_db_value **row, const tc_db_value *value, size_t count)
{
    tc_status status = tc_store_ask(store, error, id, value, count);
    return status ? status : tc_store_next(store, error, id, row);
}

/* --- migrations --- */

/* The two numbers of the only row that a question has. */
static tc_status ask_pair(tc_store *store, tc_error *error, const char *question, int64_t pair[2])
{
    tc_query *query;
    const tc_db_value *row;
    tc_status status = store->kind->prepare(&query, error, store->db, question);
    if (status) return status;
    status = store->kind->bind(query, error, NULL, 0);
    if (!status) status = store->kind->step(query, error, &row);
    for (int i = 0; i < 2; i++) pair[i] = !status && row ? as_integer(row[i], 0) : 0;
    store->kind->finish(query);
    return status;
}

/* How many of the migrations the store has seen. A file belongs to the store alone; a schema may have other tables. */
static tc_status version_of(tc_store *store, tc_error *error, int64_t *version)
{
    static const char *const tables[] = {"SELECT count(*), sum(CASE WHEN name = 'tradecost_store' THEN 1 ELSE 0 END) FROM sqlite_schema WHERE type = 'table'",
                                         "SELECT count(*), count(*) FROM information_schema.tables"
                                         " WHERE table_schema = current_schema() AND table_name = 'tradecost_store'"};
    int64_t pair[2];
    *version = 0;
    tc_status status = ask_pair(store, error, tables[strcmp(store->kind->scheme, "sqlite") != 0], pair);
    if (status || !pair[0]) return status;
    if (!pair[1]) return tc_fail(error, TC_BAD_FORMAT, "", "a database, but not a store of market data");
    status = ask_pair(store, error, "SELECT max(version), max(version) FROM tradecost_store", pair);
    *version = pair[0];
    return status;
}

static tc_status migrate_one(tc_store *store, tc_error *error, size_t index)
{
    const char *clustered = strcmp(store->kind->scheme, "sqlite") ? "" : " WITHOUT ROWID";
    char record[96];
    tc_buffer sql = {0};
    for (const char *at = tc_migrations[index]; *at; at++)
        if (*at == '@') tc_buffer_put(&sql, clustered, strlen(clustered));
        else tc_buffer_put_byte(&sql, *at);
    if (!index) tc_buffer_put(&sql, "CREATE TABLE tradecost_store (version bigint);", 46);
    snprintf(record, sizeof record, "INSERT INTO tradecost_store VALUES (%zu);", index + 1);
    tc_buffer_put(&sql, record, strlen(record) + 1);
    tc_status status = sql.failed ? tc_fail(error, TC_NO_MEMORY, "", "%s", "") : store->kind->run(store->db, error, sql.data);
    tc_buffer_free(&sql);
    return status;
}

static tc_status migrate(tc_store *store, tc_error *error)
{
    int64_t version;
    tc_status status = version_of(store, error, &version);
    if (status) return status;
    if ((size_t)version > tc_migration_count)
        return tc_fail(error, TC_BAD_FORMAT, "", "the store is of a later version (%lld) than this program (%zu)", (long long)version, tc_migration_count);
    if ((size_t)version == tc_migration_count) return TC_OK;
    if (store->read_only) return tc_fail(error, TC_BAD_FORMAT, "", version ? "the store is of an earlier version: write to it once" : "the store is empty");
    status = store->kind->run(store->db, error, strcmp(store->kind->scheme, "sqlite") ? "BEGIN" : "BEGIN IMMEDIATE");
    if (!status) status = version_of(store, error, &version); /* somebody else may have been first */
    for (size_t i = (size_t)version; !status && i < tc_migration_count; i++) status = migrate_one(store, error, i);
    if (!status) status = store->kind->run(store->db, error, "COMMIT");
    if (status) store->kind->run(store->db, NULL, "ROLLBACK");
    return status;
}

/* --- opening --- */

static bool is_url(const char *where)
{
    return !strncmp(where, "postgresql://", 13) || !strncmp(where, "postgres://", 11);
}

static void make_folders(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0777); /* whether it helped, opening the file will tell */
        *slash = '/';
    }
}

static tc_status default_path(char *path, size_t size, tc_error *error)
{
    const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
    bool absolute = data && *data == '/'; /* the specification tells to ignore others */
    if (!absolute && (!home || !*home)) return tc_fail(error, TC_IO, "", "where is the store? neither XDG_DATA_HOME nor HOME is set; use --store");
    int length = snprintf(path, size, "%s%s/tradecost/market.db", absolute ? data : home, absolute ? "" : "/.local/share");
    return length > 0 && (size_t)length < size ? TC_OK : tc_fail(error, TC_LIMIT, "", "the path of the store is too long");
}

static tc_status choose_kind(tc_store *store, tc_error *error, const char *where)
{
    store->kind = is_url(where) ? tc_module_symbol("postgres", "tc_db_postgres", error) : &tc_db_sqlite;
    return store->kind ? TC_OK : error->status;
}

tc_status tc_store_open(tc_store **opened, tc_error *error, const char *where, bool read_only)
{
    char path[PATH_SIZE];
    tc_error unheard;
    if (!error) error = &unheard;
    tc_status status = where ? TC_OK : default_path(path, sizeof path, error);
    if (status) return status;
    if (!where && !read_only) make_folders(path);
    if (!where) where = path;
    tc_store *store = calloc(1, sizeof *store);
    if (!store) return tc_fail(error, TC_NO_MEMORY, "", "%s", "");
    store->read_only = read_only;
    status = choose_kind(store, error, where);
    if (!status) status = store->kind->open(&store->db, error, where, read_only);
    if (!status) status = migrate(store, error);
    if (!status) {
        *opened = store;
        return TC_OK;
    }
    if (!is_url(where)) {
        tc_error why = *error;
        tc_fail(error, status, "", "%.150s: %.80s", where, why.message);
    }
    tc_store_close(store);
    return status;
}

void tc_store_close(tc_store *store)
{
    if (!store) return;
    for (size_t i = 0; i < QUERY_COUNT; i++)
        if (store->query[i]) store->kind->finish(store->query[i]);
    if (store->db) store->kind->close(store->db);
    tc_array_free(&store->days);
    tc_array_free(&store->bars);
    tc_array_free(&store->quotes);
    tc_array_free(&store->trades);
    free(store);
}
