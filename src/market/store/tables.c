#include "tables.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define AS_NAME(id, name) name,
static const char *const daily_columns[] = {TC_DAILY_COLUMNS(AS_NAME)};
static const char *const bar_columns[] = {TC_BAR_COLUMNS(AS_NAME)};
static const char *const quote_columns[] = {TC_QUOTE_COLUMNS(AS_NAME)};
static const char *const trade_columns[] = {TC_TRADE_COLUMNS(AS_NAME)};
static const char *const volatility_columns[] = {TC_VOLATILITY_COLUMNS(AS_NAME)};
static const char *const instrument_columns[] = {TC_INSTRUMENT_COLUMNS(AS_NAME)};
static const char *const action_columns[] = {TC_ACTION_COLUMNS(AS_NAME)};

const tc_table tc_tables[TABLE_COUNT] = {
    {"daily", true, NULL, daily_columns, DAILY_COUNT},
    {"bar", false, "seconds", bar_columns, BAR_COUNT},
    {"quote", false, "number", quote_columns, QUOTE_COUNT},
    {"trade", false, "number", trade_columns, TRADE_COUNT},
    {"volatility", true, NULL, volatility_columns, VOLATILITY_COUNT},
    {"instrument", true, NULL, instrument_columns, INSTRUMENT_COUNT},
    {"corporate_action", true, NULL, action_columns, ACTION_COUNT},
};

/* Never changed once published: a store says how many of them it has seen, and gets the rest. PostgreSQL's integer has 32 bits
 * and its real 24; SQLite takes any name that contains INT or DOUB for its own. */
#define NUMBER(id, name) name " double precision, "
const char *const tc_migrations[] = {
    /* 1 */
    "CREATE TABLE listing (id bigint PRIMARY KEY, exchange text NOT NULL, symbol text NOT NULL, series text NOT NULL,"
    " code text NOT NULL, first bigint NOT NULL, UNIQUE (symbol, exchange, series));"
    "CREATE INDEX listing_code ON listing (code, exchange);"
    "CREATE TABLE identity (isin text, listing bigint, first bigint NOT NULL, PRIMARY KEY (isin, listing));"
    "CREATE INDEX identity_listing ON identity (listing, first);"
    "CREATE TABLE session (exchange text, day bigint, covered bigint, PRIMARY KEY (exchange, day));"
    "CREATE TABLE daily (day bigint, listing bigint, " TC_DAILY_COLUMNS(NUMBER) "PRIMARY KEY (day, listing))@;"
    "CREATE TABLE bar (listing bigint, time bigint, seconds bigint, " TC_BAR_COLUMNS(NUMBER) "PRIMARY KEY (listing, time, seconds))@;"
    "CREATE TABLE quote (listing bigint, time bigint, number bigint, " TC_QUOTE_COLUMNS(NUMBER) "PRIMARY KEY (listing, time, number))@;"
    "CREATE TABLE trade (listing bigint, time bigint, number bigint, " TC_TRADE_COLUMNS(NUMBER) "PRIMARY KEY (listing, time, number))@;"
    "CREATE TABLE volatility (day bigint, listing bigint, " TC_VOLATILITY_COLUMNS(NUMBER) "PRIMARY KEY (day, listing))@;"
    "CREATE INDEX volatility_listing ON volatility (listing, day);"
    "CREATE TABLE instrument (day bigint, listing bigint, " TC_INSTRUMENT_COLUMNS(NUMBER) "PRIMARY KEY (day, listing))@;"
    "CREATE INDEX instrument_listing ON instrument (listing, day);"
    "CREATE TABLE corporate_action (day bigint, listing bigint, " TC_ACTION_COLUMNS(NUMBER) "PRIMARY KEY (day, listing))@;"
    "CREATE INDEX corporate_action_listing ON corporate_action (listing, day);",
};
const size_t tc_migration_count = sizeof tc_migrations / sizeof *tc_migrations;

/* Appends; the texts are all ours and fit. */
static TC_PRINTF(2, 3) void add(char sql[TC_SQL_SIZE], const char *format, ...)
{
    size_t size = strlen(sql);
    va_list list;
    va_start(list, format);
    vsnprintf(sql + size, TC_SQL_SIZE - size, format, list);
    va_end(list);
}

static void add_key(char *sql, const tc_table *table)
{
    add(sql, "%s", table->daily ? "day, listing" : "listing, time");
    if (table->third) add(sql, ", %s", table->third);
}

void tc_table_upsert(char sql[TC_SQL_SIZE], const tc_table *table)
{
    size_t key = table->third ? 3 : 2;
    *sql = '\0';
    add(sql, "INSERT INTO %s (", table->name);
    add_key(sql, table);
    for (size_t i = 0; i < table->columns; i++) add(sql, ", %s", table->column[i]);
    add(sql, ") VALUES (");
    for (size_t i = 0; i < key + table->columns; i++) add(sql, "%s$%zu", i ? ", " : "", i + 1);
    add(sql, ") ON CONFLICT (");
    add_key(sql, table);
    add(sql, ") DO UPDATE SET ");
    for (size_t i = 0; i < table->columns; i++) add(sql, "%s%s = excluded.%s", i ? ", " : "", table->column[i], table->column[i]);
}

void tc_table_select(char sql[TC_SQL_SIZE], const tc_table *table)
{
    const char *lead = table->daily ? "day" : "listing", *second = table->daily ? "listing" : "time";
    *sql = '\0';
    add(sql, "SELECT %s, %s", second, table->third ? table->third : "0");
    for (size_t i = 0; i < table->columns; i++) add(sql, ", %s", table->column[i]);
    add(sql, " FROM %s WHERE %s = $1 AND %s BETWEEN $2 AND $3 ORDER BY %s", table->name, lead, second, second);
    if (table->third) add(sql, ", %s", table->third);
}
