/* What db.h promises, of SQLite and of PostgreSQL alike. TRADECOST_TEST_POSTGRES is the URL of an empty schema (see
 * tests/providers/run.py, which starts a server); without it that half is skipped. */
#define _POSIX_C_SOURCE 200809L
#include "io_test.h"

#include <math.h>
#include <signal.h>

#include "market/store/db.h"
#include "module/module.h"
#include "text/values.h"

typedef struct {
    const tc_db_kind *kind;
    char where[512];
    tc_db *db;
} place;

static const char table_sql[] = "CREATE TABLE thing (listing bigint, time bigint, price double precision, name text, PRIMARY KEY (listing, time))";
static const char upsert[] = "INSERT INTO thing (listing, time, price, name) VALUES ($1, $2, $3, $4)"
                             " ON CONFLICT (listing, time) DO UPDATE SET price = excluded.price, name = excluded.name";

static tc_db_value integer(int64_t value) { return (tc_db_value){TC_DB_INTEGER, .integer = value}; }
static tc_db_value real(double value) { return (tc_db_value){TC_DB_REAL, .real = value}; }
static tc_db_value text(const char *value) { return (tc_db_value){TC_DB_TEXT, .text = tc_text_of(value)}; }
static const tc_db_value null = {.type = TC_DB_NULL};

static void ok(const place *p, const char *sql)
{
    tc_error error = {0};
    if (p->kind->run(p->db, &error, sql)) fail_msg("%s: %s", sql, error.message);
}

static int64_t count_of(const place *p, const char *sql)
{
    tc_query *query;
    const tc_db_value *row;
    assert_int_equal(p->kind->prepare(&query, NULL, p->db, sql), TC_OK);
    assert_int_equal(p->kind->bind(query, NULL, NULL, 0), TC_OK);
    assert_int_equal(p->kind->step(query, NULL, &row), TC_OK);
    assert_non_null(row);
    assert_int_equal(row->type, TC_DB_INTEGER);
    int64_t count = row->integer;
    p->kind->finish(query);
    return count;
}

static void open_place(place *p)
{
    tc_error error = {0};
    if (p->kind->open(&p->db, &error, p->where, false)) fail_msg("%s: %s", p->where, error.message);
}

static int set_up_sqlite(void **state)
{
    static place p;
    p = (place){.kind = &tc_db_sqlite};
    snprintf(p.where, sizeof p.where, "/tmp/tc-db-test-XXXXXX");
    int fd = mkstemp(p.where);
    assert_true(fd >= 0);
    close(fd);
    open_place(&p);
    ok(&p, table_sql);
    *state = &p;
    return 0;
}

static int tear_down_sqlite(void **state)
{
    place *p = *state;
    char path[600];
    p->kind->close(p->db);
    static const char *const endings[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < COUNT(endings); i++) {
        snprintf(path, sizeof path, "%s%s", p->where, endings[i]);
        unlink(path);
    }
    return 0;
}

static int set_up_postgres(void **state)
{
    static place p;
    const char *url = getenv("TRADECOST_TEST_POSTGRES");
    *state = NULL;
    if (!url) return 0;
    p = (place){.kind = tc_module_symbol("postgres", "tc_db_postgres", NULL)};
    assert_non_null(p.kind);
    snprintf(p.where, sizeof p.where, "%s", url);
    open_place(&p);
    ok(&p, "DROP TABLE IF EXISTS thing");
    ok(&p, table_sql);
    *state = &p;
    return 0;
}

static int tear_down_postgres(void **state)
{
    place *p = *state;
    if (p) p->kind->close(p->db);
    return 0;
}

static place *place_of(void **state)
{
    if (!*state) {
        print_message("no TRADECOST_TEST_POSTGRES: skipped\n");
        skip();
    }
    return *state;
}

/* Every value comes back as it went: doubles to the last bit, texts with what quoting could spoil. */
static void test_values(void **state)
{
    place *p = place_of(state);
    static const double reals[] = {0.1, -0.0, 1e308, 5e-324, 2.2250738585072014e-308, 1.0 / 3, 123456789.123456789};
    static const char *const texts[] = {"", "it's", "a\\b\"c", "\xE0\xA4\x85\n\t", "NULL", "\\N"};
    tc_query *put, *get;
    const tc_db_value *row;
    assert_int_equal(p->kind->prepare(&put, NULL, p->db, upsert), TC_OK);
    assert_int_equal(p->kind->prepare(&get, NULL, p->db, "SELECT price, name, time FROM thing WHERE listing = $1 AND time <= $2 ORDER BY time"), TC_OK);
    for (int64_t i = 0; i < 7; i++) {
        const tc_db_value values[] = {integer(INT64_MAX), integer(INT64_MIN + i), real(reals[i]), i < 6 ? text(texts[i]) : null};
        assert_int_equal(p->kind->bind(put, NULL, values, 4), TC_OK);
        assert_int_equal(p->kind->step(put, NULL, &row), TC_OK);
        assert_null(row);
    }
    for (int again = 0; again < 2; again++) { /* a bound query starts over */
        const tc_db_value key[] = {integer(INT64_MAX), integer(0)};
        assert_int_equal(p->kind->bind(get, NULL, key, 2), TC_OK);
        for (int64_t i = 0; i < 7; i++) {
            assert_int_equal(p->kind->step(get, NULL, &row), TC_OK);
            assert_non_null(row);
            assert_int_equal(row[0].type, TC_DB_REAL);
            assert_true(row[0].real == reals[i]);
            assert_int_equal(row[1].type, i < 6 ? TC_DB_TEXT : TC_DB_NULL);
            if (i < 6) assert_true(tc_text_is(row[1].text, texts[i]));
            assert_true(row[2].integer == INT64_MIN + i);
        }
        assert_int_equal(p->kind->step(get, NULL, &row), TC_OK);
        assert_null(row);
    }
    p->kind->finish(put);
    p->kind->finish(get);
    p->kind->finish(NULL);
}

/* Two queries, a row of each in turn. */
static void test_two_at_once(void **state)
{
    place *p = place_of(state);
    tc_query *query[2];
    const tc_db_value *row;
    for (int64_t i = 0; i < 5; i++) {
        const tc_db_value values[] = {integer(1), integer(i), real(1), null};
        assert_int_equal(p->kind->load(p->db, NULL, upsert, values, 4, 1), TC_OK);
    }
    for (int i = 0; i < 2; i++) {
        assert_int_equal(p->kind->prepare(&query[i], NULL, p->db, "SELECT time FROM thing ORDER BY time"), TC_OK);
        assert_int_equal(p->kind->bind(query[i], NULL, NULL, 0), TC_OK);
    }
    for (int64_t t = 0; t < 5; t++)
        for (int i = 0; i < 2; i++) {
            assert_int_equal(p->kind->step(query[i], NULL, &row), TC_OK);
            assert_true(row[0].integer == t);
        }
    for (int i = 0; i < 2; i++) p->kind->finish(query[i]);
}

/* Many at once: written, written over, and of one key the last. */
static void test_load(void **state)
{
    enum { ROWS = 20000 };
    place *p = place_of(state);
    static tc_db_value values[ROWS][4];
    for (int64_t i = 0; i < ROWS; i++) {
        values[i][0] = integer(i % 7), values[i][1] = integer(i / 14), values[i][2] = i % 5 ? real((double)i) : null, values[i][3] = text("x\ty");
    }
    ok(p, "BEGIN");
    assert_int_equal(p->kind->load(p->db, NULL, upsert, values[0], 4, ROWS), TC_OK);
    assert_int_equal(p->kind->load(p->db, NULL, upsert, values[0], 4, ROWS), TC_OK);
    assert_int_equal(p->kind->load(p->db, NULL, upsert, values[0], 4, 0), TC_OK);
    ok(p, "COMMIT");
    assert_int_equal(count_of(p, "SELECT count(*) FROM thing"), 10003);
    /* Row 13 has the key of row 6, 12 of 5 and so on: the later one stays, and 10 has no price. */
    assert_int_equal(count_of(p, "SELECT count(*) FROM thing WHERE time = 0 AND price >= 7"), 6);
    assert_int_equal(count_of(p, "SELECT count(*) FROM thing WHERE time = 0 AND listing = 3 AND price IS NULL"), 1);
    ok(p, "BEGIN");
    values[0][2] = real(-5);
    assert_int_equal(p->kind->load(p->db, NULL, upsert, values[0], 4, 1), TC_OK);
    ok(p, "ROLLBACK");
    assert_int_equal(count_of(p, "SELECT count(*) FROM thing WHERE price < 0"), 0);
}

/* What fails inside a transaction leaves nothing of it. */
static void test_failures(void **state)
{
    place *p = place_of(state);
    tc_error error = {0};
    tc_query *query;
    ok(p, "BEGIN");
    const tc_db_value values[] = {integer(1), integer(2), real(3), null};
    assert_int_equal(p->kind->load(p->db, NULL, upsert, values, 4, 1), TC_OK);
    assert_int_not_equal(p->kind->run(p->db, &error, "INSERT INTO nothing VALUES (1)"), TC_OK);
    assert_true(*error.message);
    p->kind->run(p->db, NULL, "ROLLBACK");
    assert_int_equal(count_of(p, "SELECT count(*) FROM thing"), 0);
    assert_int_equal(p->kind->prepare(&query, &error, p->db, "SELECT * FROM nothing"), TC_IO);
    assert_int_equal(p->kind->run(p->db, &error, "this is not SQL"), TC_IO);
    assert_int_equal(count_of(p, "SELECT count(*) FROM thing"), 0); /* and the connection is of use */
}

/* A second writer waits, and is told so. */
static void test_locked(void **state)
{
    place *p = place_of(state), other = *p;
    tc_error error = {0};
    open_place(&other);
    ok(p, "BEGIN");
    const tc_db_value values[] = {integer(1), integer(2), real(3), null};
    assert_int_equal(p->kind->load(p->db, NULL, upsert, values, 4, 1), TC_OK);
    tc_status status = p->kind->run(other.db, &error, "BEGIN");
    if (!status) status = p->kind->load(other.db, &error, upsert, values, 4, 1);
    assert_int_equal(status, TC_LOCKED);
    p->kind->run(other.db, NULL, "ROLLBACK");
    assert_int_equal(count_of(&other, "SELECT count(*) FROM thing"), 0); /* a reader waits for nobody */
    ok(p, "COMMIT");
    assert_int_equal(count_of(&other, "SELECT count(*) FROM thing"), 1);
    p->kind->close(other.db);
}

static void test_read_only(void **state)
{
    place *p = place_of(state), other = *p;
    assert_int_equal(p->kind->open(&other.db, NULL, p->where, true), TC_OK);
    assert_int_not_equal(p->kind->run(other.db, NULL, "INSERT INTO thing VALUES (1, 2, 3, 'x')"), TC_OK);
    assert_int_equal(count_of(&other, "SELECT count(*) FROM thing"), 0);
    p->kind->close(other.db);
}

/* The server ends the connection: every call says so, none hangs, none opens another. */
static void test_server_gone(void **state)
{
    place *p = place_of(state), other = *p;
    tc_query *query;
    const tc_db_value *row, values[] = {integer(1), integer(2), real(3), null};
    char sql[80];
    tc_error error = {0};
    open_place(&other);
    snprintf(sql, sizeof sql, "SELECT pg_terminate_backend(%lld)", (long long)count_of(&other, "SELECT pg_backend_pid()"));
    assert_int_equal(p->kind->prepare(&query, NULL, other.db, "SELECT 1"), TC_OK);
    ok(&other, "BEGIN");
    assert_int_equal(p->kind->load(other.db, NULL, upsert, values, 4, 1), TC_OK);
    ok(p, sql);
    assert_int_equal(p->kind->bind(query, NULL, NULL, 0), TC_OK);
    assert_int_equal(p->kind->step(query, &error, &row), TC_IO);
    assert_non_null(strstr(error.message, "the server is gone"));
    assert_int_equal(p->kind->load(other.db, &error, upsert, values, 4, 1), TC_IO);
    assert_int_equal(p->kind->run(other.db, &error, "COMMIT"), TC_IO);
    p->kind->finish(query);
    p->kind->close(other.db);
    assert_int_equal(count_of(p, "SELECT count(*) FROM thing"), 0);
}

static void test_nobody_there(void **state)
{
    place *p = place_of(state);
    tc_db *db;
    tc_error error = {0};
    assert_int_equal(p->kind->open(&db, &error, "postgresql://tester:hush@127.0.0.1:1/nothing", false), TC_IO);
    assert_null(strstr(error.message, "hush"));
    assert_int_equal(p->kind->open(&db, &error, "postgresql://tester:hush@[bad", false), TC_IO);
    assert_null(strstr(error.message, "hush"));
}

int main(void)
{
    signal(SIGPIPE, SIG_IGN); /* as the program does */
#define BOTH(test)                                                                    \
    cmocka_unit_test_setup_teardown(test, set_up_sqlite, tear_down_sqlite),           \
        cmocka_unit_test_setup_teardown(test, set_up_postgres, tear_down_postgres)
#define POSTGRES(test) cmocka_unit_test_setup_teardown(test, set_up_postgres, tear_down_postgres)
    const struct CMUnitTest tests[] = {BOTH(test_values), BOTH(test_two_at_once), BOTH(test_load), BOTH(test_failures),
                                       BOTH(test_locked), BOTH(test_read_only), POSTGRES(test_server_gone), POSTGRES(test_nobody_there)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
