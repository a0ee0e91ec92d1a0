/* db.h - the few things that the store asks of a database, so that SQLite and
 * PostgreSQL serve it alike. SQL is the common subset; parameters are $1, $2...
 * in order. One connection, one thread. */
#ifndef TC_MARKET_STORE_DB_H
#define TC_MARKET_STORE_DB_H

#include <stdbool.h>

#include "tradecost/trade.h"

typedef struct tc_db tc_db;
typedef struct tc_query tc_query;

/* What a column of a row or a parameter of a query can be. */
typedef enum { TC_DB_NULL, TC_DB_INTEGER, TC_DB_REAL, TC_DB_TEXT } tc_db_type;
typedef struct {
    tc_db_type type;
    union {
        int64_t integer;
        double real;
        tc_text text; /* of a row: until the next step */
    };
} tc_db_value;

/* A kind of database. Every failure is a typed error: TC_LOCKED, TC_IO (disk full, server
 * gone: the message says which), TC_BAD_FORMAT (not a store), TC_NO_MEMORY. After a
 * failure inside a transaction nothing of it is kept. */
typedef struct {
    const char *scheme; /* "sqlite", "postgresql" */
    tc_status (*open)(tc_db **db, tc_error *error, const char *where, bool read_only);
    void (*close)(tc_db *db);
    /* One or more statements without parameters or rows. */
    tc_status (*run)(tc_db *db, tc_error *error, const char *sql);
    tc_status (*prepare)(tc_query **query, tc_error *error, tc_db *db, const char *sql);
    /* Binds all parameters and starts over; rows come from step(). */
    tc_status (*bind)(tc_query *query, tc_error *error, const tc_db_value *value, size_t count);
    /* The next row: `*row` has one value a column, until the next call; NULL after the last. */
    tc_status (*step)(tc_query *query, tc_error *error, const tc_db_value **row);
    void (*finish)(tc_query *query); /* NULL is a no-op */
    /* Many rows of one statement (an upsert) at once, in column order; PostgreSQL may
     * do this in any way that has the same effect. */
    tc_status (*load)(tc_db *db, tc_error *error, const char *upsert, const tc_db_value *values, size_t columns, size_t rows);
} tc_db_kind;

extern const tc_db_kind tc_db_sqlite;
/* In the module tradecost-postgres.so, as the symbol `tc_db_postgres`. */

#endif
